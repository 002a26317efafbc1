package postgres

import (
	"bytes"
	"encoding/binary"
	"io"
	"net"
	"os"
	"path/filepath"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/simplex-lua/simplex-lua/luaapi/permission"
)

// TestEnvironment: the operator's settings for PostgreSQL are not for servers
// that a script names, which may ask for a password.
func TestEnvironment(t *testing.T) {
	home := t.TempDir()
	t.Setenv("HOME", home)
	if err := os.WriteFile(filepath.Join(home, ".pgpass"), []byte("*:*:*:*:operators\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, value := range map[string]string{
		"PGPASSWORD": "operators", "PGOPTIONS": "-c operators=1", "PGAPPNAME": "operators", "PGDATABASE": "operators", "PGUSER": "operators",
		"PGTZ": "operators", "PGSSLMODE": "verify-full", "PGSSLPASSWORD": "operators", "PGSSLCERT": "/operators", "PGSSLKEY": "/operators",
		"PGSSLROOTCERT": "/operators", "PGPASSFILE": filepath.Join(home, ".pgpass"), "PGHOST": "operators", "PGCONNECT_TIMEOUT": "operators",
		"PGTARGETSESSIONATTRS": "primary", "PGSSLNEGOTIATION": "direct", "PGREQUIREAUTH": "scram-sha-256", "PGCHANNELBINDING": "require",
	} {
		t.Setenv(name, value)
	}
	for user, want := range map[string]string{"u": "\x00", "u:mine": "mine\x00"} {
		address, got := asking(t)
		config, err := Config("x", "postgres://"+user+"@"+address+"?sslmode=disable", permission.Set{Net: []string{"127.0.0.1"}})
		if err != nil {
			t.Fatal(err)
		}
		if conn, err := pgx.ConnectConfig(t.Context(), config.ConnConfig); err == nil {
			conn.Close(t.Context())
			t.Error("it connected")
		}
		if heard := <-got; bytes.Contains(heard, []byte("operators")) || !bytes.HasSuffix(heard, []byte(want)) {
			t.Errorf("%s: the server heard %q", user, heard)
		}
	}
}

// asking is a server that asks for a password in the clear, and then gives out
// all that it heard.
func asking(t *testing.T) (address string, heard <-chan []byte) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	all := make(chan []byte, 1)
	go func() { // ends with the listener or the client
		conn, err := l.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		var text []byte
		defer func() { all <- text }()
		read := func(head int) bool { // a message whose head ends with its size
			size := make([]byte, head)
			if _, err := io.ReadFull(conn, size); err != nil {
				return false
			}
			rest := make([]byte, binary.BigEndian.Uint32(size[head-4:])-4)
			_, err := io.ReadFull(conn, rest)
			text = append(append(text, size...), rest...)
			return err == nil
		}
		if !read(4) {
			return
		}
		_, _ = conn.Write([]byte{'R', 0, 0, 0, 8, 0, 0, 0, 3})
		read(5)
	}()
	return l.Addr().String(), all
}
