package fs_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/simplex-lua/simplex-lua/luaapi/modules/modtest"
)

func TestScripts(t *testing.T) {
	t.Parallel()
	modtest.Run(t, modtest.Options{})
}

// What the operator allows may be reached, the rest not, also not through links.
func TestWalls(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, text := range map[string]string{"read/a": "a", "write/b": "b", "no/c": "c"} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(filepath.Join(dir, "no"), filepath.Join(dir, "read", "link")); err != nil {
		t.Fatal(err)
	}
	o := modtest.Options{
		Grants:  []string{"read=" + filepath.Join(dir, "read"), "write=" + filepath.Join(dir, "write")},
		Globals: map[string]string{"DIR": dir},
	}
	for call, want := range map[string]string{
		`read(DIR .. "/read/a")`:                 "",
		`write(DIR .. "/write/x", "x")`:          "",
		`copy(DIR .. "/read/a", "mine")`:         "",
		`write(DIR .. "/read/a", "x")`:           "--allow write=",
		`remove(DIR .. "/read/a")`:               "--allow write=",
		`read(DIR .. "/no/c")`:                   "--allow read=",
		`read(DIR .. "/read/link/c")`:            "--allow read=",
		`read(DIR .. "/read/../no/c")`:           "--allow read=",
		`list(DIR)`:                              "--allow read=",
		`stat(DIR .. "/no/c")`:                   "--allow read=",
		`exists(DIR .. "/no/c")`:                 "--allow read=",
		`copy(DIR .. "/no/c", "mine")`:           "--allow read=",
		`copy(DIR .. "/read/a", DIR .. "/no/c")`: "--allow write=",
		`rename(DIR .. "/read/a", "mine")`:       "--allow write=",
		`rename("mine", DIR .. "/no/c")`:         "--allow write=",
		`mkdir(DIR .. "/no/d")`:                  "--allow write=",
		`append(DIR .. "/read/a", "x")`:          "--allow write=",
		`read("../store.db")`:                    "--allow read=",
		`read("/etc/passwd\0")`:                  "--allow read=",
		`read("")`:                               "--allow read=",
	} {
		t.Run(call, func(t *testing.T) {
			t.Parallel()
			_, err := modtest.Eval(t, o, `local fs = require "fs" local ok, e = pcall(function() return fs.`+call+` end)
				if not ok then error(e.type .. " " .. e.message) end`)
			switch {
			case want == "" && err != nil:
				t.Errorf("got %v", err)
			case want != "" && (err == nil || !strings.Contains(err.Error(), "permission") || !strings.Contains(err.Error(), want)):
				t.Errorf("got %v, want %q", err, want)
			}
		})
	}
}
