package config

import (
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
)

func TestStore(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{"a.lua": "", "pw": planted + "\n", FileName: `
store = "postgres://bot@db.example.org/bots"
store_password_file = "pw"
[[bot]]
name = "one"
script = "a.lua"
[[bot]]
name = "two"
script = "a.lua"
store = "postgres://two@localhost:5433/two?sslmode=require"
store_password_env = "TWO"
[[bot]]
name = "three"
script = "a.lua"
store = ""
`})
	getenv := environment("TWO", "p@ss/w#rd%:")
	c, err := Resolve(Input{Args: []string{dir}, Getenv: getenv})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{
		"postgres://bot:" + planted + "@db.example.org/bots",
		"postgres://two:p%40ss%2Fw%23rd%25%3A@localhost:5433/two?sslmode=require",
		"",
	} {
		b := c.Bots[i]
		if err := b.ReadSecrets(getenv); err != nil {
			t.Fatal(err)
		}
		if got := b.Store.Connection(); got != want {
			t.Errorf("%s: got %q, want %q", b.Name, got, want)
		}
	}
}

// TestStoreInTheEnvironment: there the URL may have its password, which is shown nowhere.
func TestStoreInTheEnvironment(t *testing.T) {
	t.Parallel()
	const url = "postgres://bot:" + planted + "@db.example.org/bots"
	c, _, err := resolve(t, "store = \"postgres://bot@other.example.org/bots\"\n[[bot]]\nscript = \"a.lua\"", nil, "SIMPLEX_LUA_STORE", url)
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := c.Show(&out); err != nil {
		t.Fatal(err)
	}
	if s := c.Bots[0].Store; s.Connection() != url || s.Shown() != "postgres://bot@db.example.org/bots" {
		t.Errorf("got %q, shown as %q", s.Connection(), s.Shown())
	}
	if text := out.String(); strings.Contains(text, planted) || !strings.Contains(text, `store = "postgres://bot@db.example.org/bots"`) {
		t.Errorf("shown:\n%s", text)
	}
}

func TestStoreMistakes(t *testing.T) {
	t.Parallel()
	const bot = "[[bot]]\nscript = \"a.lua\"\n"
	for _, tt := range []struct {
		name, file string
		flags      map[string][]string
		env        []string
		want       string
	}{
		{"no URL", bot + `store = "db.example.org"`, nil, nil, "FILE:3: store: want a URL as postgres://"},
		{"no user", bot + `store = "postgres://db.example.org/bots"`, nil, nil, "FILE:3: store: the URL names no user"},
		{"no such parameter", bot + `store = "postgres://u@h/d?sslkey=/x"`, nil, nil, "FILE:3: store: the URL may not have the parameter"},
		{"a password in the file", bot + `store = "postgres://u:hunter2@h/d"`, nil, nil, "FILE:3: store: a password does not stand here"},
		{"a password in the arguments", bot, map[string][]string{"store": {"postgres://u:hunter2@h/d"}}, nil, "--store (hidden): a password does not stand here"},
		{"nor one that cannot be told", bot, nil, []string{"SIMPLEX_LUA_STORE", "postgres://u:12#hunter2@h/d"}, "$SIMPLEX_LUA_STORE=(hidden): the URL can be read in two ways"},
		{"its own key", bot + `store_password = "hunter2"`, nil, nil, "FILE:3: store_password: a secret does not stand in this file; write store_password_file"},
		{"two places", bot + "store_password_file = \"a\"\nstore_password_env = \"B\"", nil, nil, "FILE:4: store_password_env: there is store_password_file from FILE:3 too"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, dir, err := resolve(t, tt.file, tt.flags, tt.env...)
			if err == nil {
				t.Fatalf("got no error, want %s", tt.want)
			}
			got := strings.ReplaceAll(err.Error(), filepath.Join(dir, FileName), "FILE")
			if !strings.HasPrefix(got, tt.want) || strings.Contains(got, "hunter2") {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

// TestServersOfABundle: its author does not name servers that need no permission,
// nor where the secrets are that those would get.
func TestServersOfABundle(t *testing.T) {
	t.Parallel()
	for _, line := range []string{`store = "postgres://u@evil.example/d"`, `store_password_file = "/etc/passwd"`, `store_password_env = "HOME"`,
		`core = "wss://evil.example"`, `insecure_core = true`, `core_token_file = "/etc/passwd"`, `core_token_env = "HOME"`} {
		author := fstest.MapFS{"main.lua": {}, FileName: {Data: []byte(line)}}
		_, err := Resolve(Input{Bundle: author, Name: "b", Getenv: environment()})
		if err == nil || !strings.Contains(err.Error(), "it does not stand in the file of a bundle") {
			t.Errorf("%s: got %v", line, err)
		}
	}
}
