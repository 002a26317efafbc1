package permission

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	t.Parallel()
	p, err := Parse([]string{"net=example.org", "env=A", "env=B", "core=/_network", "read=/tmp/x"})
	if err != nil || !p.Env("A") || !p.Env("B") || p.Env("C") || len(p.Net) != 1 || len(p.Read) != 1 || len(p.Core) != 1 {
		t.Errorf("got %+v, %v", p, err)
	}
	for _, bad := range []string{"", "net", "net=", "everything=x", "core=_network"} {
		if _, err := Parse([]string{bad}); err == nil || !strings.Contains(err.Error(), "--allow "+bad) {
			t.Errorf("%q: got %v", bad, err)
		}
	}
}

func TestCommand(t *testing.T) {
	t.Parallel()
	granted := Set{Core: []string{"/_network"}}
	if _, err := granted.Command("/_network {}", Files{}); err != nil {
		t.Errorf("with core=/_network: %v", err)
	}
	if _, err := granted.Command("/_networks {}", Files{}); err == nil {
		t.Error("core=/_network allows /_networks")
	}
	if _, err := (Set{Core: []string{"/"}}).Command("/_db delete", Files{}); err == nil {
		t.Error("core=/ allows /_db")
	}
	for _, cmd := range []string{
		`/_send  @1 json [{"fileSource":{"filePath":"/etc/passwd"}}]`, `/_send @1 json {"fileSource":{"filePath":"/etc/passwd"}}`,
	} {
		if _, err := (Set{Core: []string{"/_send"}}).Command(cmd, Files{}); err == nil {
			t.Errorf("core=/_send lets %s pass unread", cmd)
		}
	}
	onServer := Set{Net: []string{"example.org", "other.org:99"}}
	for address, ok := range map[string]bool{
		"smp://abcd@example.org": true, "smp://abcd@example.org:5223": true, "smp://k:pw@other.org:99": true,
		"smp://abcd@other.org": false, "smp://abcd@example.org,evil.org": false, "smp://example.org@evil.org": false,
	} {
		if _, err := onServer.Command("/_server test 1 "+address, Files{}); (err == nil) != ok {
			t.Errorf("%s: got %v", address, err)
		}
	}
	dir := t.TempDir()
	if err := os.Symlink("/", filepath.Join(dir, "link")); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"link/etc/passwd", "link/../etc/passwd", "../x", "/etc/passwd"} {
		cmd := `/_send @4 json [{"msgContent":{"type":"file","text":""},"mentions":{},"fileSource":{"filePath":"` + path + `"}}]`
		if _, err := (Set{}).Command(cmd, Files{Dir: dir}); err == nil {
			t.Errorf("the path %s passes", path)
		}
	}
}

// Development may do everything but what is the host's alone.
func TestAll(t *testing.T) {
	t.Parallel()
	all := Set{All: true}
	for cmd, ok := range map[string]bool{
		"/_network {}": true, "/freceive 1 /etc/x": true, "/_db delete": false, "/_stop": false, "/sql chat select 1": false,
	} {
		if _, err := all.Command(cmd, Files{Dir: t.TempDir()}); (err == nil) != ok {
			t.Errorf("%s: got %v", cmd, err)
		}
	}
}
