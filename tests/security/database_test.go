package security

import (
	"log/slog"
	"strings"
	"testing"

	"github.com/simplex-lua/simplex-lua/luaapi"
	"github.com/simplex-lua/simplex-lua/luaapi/permission"
)

// TestDatabaseServers: a script names a server for its chat database only where
// it may connect, for the library connects without asking.
func TestDatabaseServers(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		connection string
		allow      permission.Set
		want       string
	}{
		{"postgres://u@db.example.org/x", permission.Set{}, "--allow net=db.example.org:5432"},
		{"postgres://u@127.0.0.1:6000/x", permission.Set{Net: []string{"*"}}, "--allow net=127.0.0.1:6000"},
		{"postgres://u@/x?host=/run/postgresql", permission.Set{Net: []string{"*"}}, "--allow write=/run/postgresql"},
		{"postgres://u@127.0.0.1,x@db.example.org/x", permission.Set{Net: []string{"*"}}, "two ways"},
		{"postgres://u@db.example.org/x?hostaddr=127.0.0.1", permission.Set{Net: []string{"*"}}, "may not have the parameter"},
		{"postgres://u@db.example.org/x?passfile=/etc/passwd", permission.Set{Net: []string{"*"}}, "may not have the parameter"},
		{"host=127.0.0.1 user=u", permission.Set{Net: []string{"*"}}, "--allow net=127.0.0.1:5432"},
		{"service=operators", permission.Set{}, "want a URL"},
		{"host=db.example.org password='x' host=127.0.0.1", permission.Set{Net: []string{"*"}}, "want a URL"},
		{"postgres://u:p@db.example.org/x", permission.Set{Net: []string{"db.example.org"}}, ""},
		{"host=127.0.0.1 user=u", permission.Set{All: true}, ""},
	} {
		err := configured(t, tc.allow, "postgres = { connection_string = "+luaString(tc.connection)+" }")
		if (err == nil) != (tc.want == "") || err != nil && !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%q: got %v, want %q", tc.connection, err, tc.want)
		}
	}
}

// configured is the error of loading a script with a chat database.
func configured(t *testing.T, allow permission.Set, database string) error {
	t.Helper()
	rt, err := luaapi.Load(t.Context(), luaapi.Options{
		Name: "test", Path: "bot.lua", Grants: allow, Log: slog.New(slog.DiscardHandler),
		Source: []byte("bot.configure { db = { " + database + " } }"),
	})
	if err == nil {
		rt.Close()
	}
	return err
}

// TestDatabasePlaces: a script says where its chat database is, but not on top
// of another bot's, nor where it could read its own as a file.
func TestDatabasePlaces(t *testing.T) {
	t.Parallel()
	granted := permission.Set{Write: []string{t.TempDir()}}
	for _, tc := range []struct {
		prefix string
		allow  permission.Set
		want   string
	}{
		{"own", permission.Set{}, ""},
		{"sub/own", permission.Set{}, ""},
		{granted.Write[0] + "/own", granted, ""},
		{"../other.data/chat", permission.Set{}, "--allow write="},
		{"/opt/other.data/chat", permission.Set{}, "--allow write="},
		{"sub/../../x", permission.Set{}, "--allow write="},
		{granted.Write[0] + "/../x", granted, "--allow write="},
		{"files/own", permission.Set{}, "may not be in the folder files"},
		{"./files/own", permission.Set{}, "may not be in the folder files"},
		{"sub/../files/own", permission.Set{}, "may not be in the folder files"},
		{"/opt/a\x00b", permission.Set{}, "--allow write="},
	} {
		err := configured(t, tc.allow, "sqlite = { file_prefix = "+luaString(tc.prefix)+" }")
		if (err == nil) != (tc.want == "") || err != nil && !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%q: got %v, want %q", tc.prefix, err, tc.want)
		}
	}
}
