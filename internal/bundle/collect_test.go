package bundle

import (
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// folder writes files into a new folder.
func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(text), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestCollect(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{
		"main.lua": "1", "lib/a.lua": "2", "img/logo.png": "3", ".git/config": "4", ".luarc.json": "5", "out": "6", "notes/x.txt": "7", ".env": "TOKEN=x",
	})
	for _, tt := range []struct {
		name string
		sel  Selection
		want string
	}{
		{"all but hidden ones", Selection{Exclude: []string{".env"}}, "img/logo.png lib/a.lua main.lua notes/x.txt out"},
		{"only these", Selection{Only: []string{"main.lua", "lib/a.lua"}}, "lib/a.lua main.lua"},
		{"without", Selection{Exclude: []string{".env", "notes/", "*.png"}, Without: []string{filepath.Join(dir, "out")}}, "lib/a.lua main.lua"},
		{"replaced", Selection{Only: []string{"main.lua"}, Replace: map[string][]byte{"main.lua": nil, "added": nil}}, "added main.lua"},
		{"forced", Selection{Force: []string{".env"}, Exclude: []string{"img", "notes", "lib", "out"}}, ".env main.lua"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			files, err := Collect(dir, tt.sel)
			if got := strings.Join(slices.Sorted(maps.Keys(files)), " "); err != nil || got != tt.want {
				t.Errorf("got %q, %v, want %q", got, err, tt.want)
			}
		})
	}
	if _, err := Collect(dir, Selection{Exclude: []string{".env", "nothing"}}); err == nil || !strings.Contains(err.Error(), "no file is called nothing") {
		t.Errorf("got %v", err)
	}
	if _, err := Collect(filepath.Join(dir, "none"), Selection{}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("got %v", err)
	}
	if _, err := Collect(dir, Selection{Only: []string{"../x"}}); err == nil {
		t.Error("a file outside the folder is taken")
	}
}

func TestCollectLinks(t *testing.T) {
	t.Parallel()
	outside := folder(t, map[string]string{"passwd": "x"})
	for name, tt := range map[string]struct{ to, want string }{
		"inside":      {"main.lua", ""},
		"outside":     {filepath.Join(outside, "passwd"), "link: path escapes"},
		"to a folder": {"lib", "link to a folder"},
		"to nothing":  {"none", "link: no such file"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := folder(t, map[string]string{"main.lua": "1", "lib/a.lua": "2"})
			if err := os.Symlink(tt.to, filepath.Join(dir, "link")); err != nil {
				t.Skip("no symbolic links here: ", err)
			}
			files, err := Collect(dir, Selection{})
			switch {
			case tt.want == "" && (err != nil || string(files["link"]) != "1"):
				t.Errorf("got %v, %v", files, err)
			case tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)):
				t.Errorf("got %v, want %s", err, tt.want)
			}
		})
	}
}

func TestSecrets(t *testing.T) {
	t.Parallel()
	// In parts, so that nobody takes this file for one with secrets.
	dir := folder(t, map[string]string{
		"main.lua": "", "bot.data/chat_chat.db": "x", ".env": "A=1", "tls/server.KEY": "x", "a.pem": "x", "b.sqlite3": "x",
		"note.txt": "one\n-----BEGIN RSA " + "PRIVATE KEY-----\nx", "dump": "SQLite format 3\x00...",
		"age.txt": "AGE-SECRET-" + "KEY-1QQQ", "gh.lua": `local t = "gh` + `p_0123456789abcdefghijABCDEFGHIJ012345"`,
		"db.lua": `bot.configure { db = { sqlite = { encryption_` + `key = "correct-horse" } } }`, "url.lua": `x = "postgres://bot:s3cr` + `et@db/x"`,
		"fine.lua": `local token = os.getenv("TOKEN"); local password = "short"; key = "a"; local monkey = "bananas and more"; u = "https://example.org:8080/a@b"`,
	})
	_, err := Collect(dir, Selection{})
	var found *SecretsError
	if !errors.As(err, &found) {
		t.Fatalf("got %v", err)
	}
	var got []string
	for _, s := range found.Secrets {
		got = append(got, s.Name+": "+s.Why)
	}
	want := []string{
		".env: a file of secrets", "a.pem: a key", "age.txt: line 1 has a private key", "b.sqlite3: a database",
		"bot.data: a bot's data folder, with its chat database", "db.lua: line 1 has a password or key", "dump: a database",
		"gh.lua: line 1 has a token of GitHub or GitLab", "note.txt: line 2 has a private key", "tls/server.KEY: a key", "url.lua: line 1 has a password in an address",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	if text := found.Error() + found.Hint(); strings.Contains(text, "s3cr"+"et") || !strings.Contains(text, "--force-include") {
		t.Errorf("the message is %s", text)
	}
	leak := map[string][]byte{"simplex-lua.toml": []byte("env.API_" + `KEY = "0123456789"`)}
	if _, err := Collect(dir, Selection{Only: []string{"fine.lua"}, Replace: leak}); !errors.As(err, new(*SecretsError)) {
		t.Errorf("a secret in what replaces a file: got %v", err)
	}
	var force []string
	for _, s := range found.Secrets {
		force = append(force, s.Name)
	}
	files, err := Collect(dir, Selection{Force: append(force, "chat_chat.db")})
	if err != nil || len(files) != 13 {
		t.Errorf("forced: %d files, %v", len(files), err)
	}
}
