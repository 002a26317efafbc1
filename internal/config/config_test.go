package config

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

// folder makes a folder with these files and returns its path.
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

func environment(pairs ...string) func(string) (string, bool) {
	return func(name string) (string, bool) {
		for i := 0; i+1 < len(pairs); i += 2 {
			if pairs[i] == name {
				return pairs[i+1], true
			}
		}
		return "", false
	}
}

// resolve resolves a folder with one configuration file.
func resolve(t *testing.T, text string, flags map[string][]string, env ...string) (*Config, string, error) {
	t.Helper()
	dir := folder(t, map[string]string{FileName: text, "a.lua": "", "b.lua": ""})
	c, err := Resolve(Input{Args: []string{dir}, Flags: flags, Getenv: environment(env...)})
	return c, dir, err
}

func TestLayers(t *testing.T) {
	t.Parallel()
	file := "grace = \"1s\"\n[[bot]]\nscript = \"a.lua\"\n[[bot]]\nscript = \"b.lua\"\ngrace = \"2s\"\n"
	tests := []struct {
		name  string
		file  string
		env   []string
		flags map[string][]string
		want  string // grace of a and b with their sources
	}{
		{"default", "[[bot]]\nscript=\"a.lua\"\n[[bot]]\nscript=\"b.lua\"", nil, nil, "10s default, 10s default"},
		{"file", file, nil, nil, "1s FILE:1, 2s FILE:6"},
		{"environment", file, []string{"SIMPLEX_LUA_GRACE", "3s"}, nil, "3s $SIMPLEX_LUA_GRACE, 3s $SIMPLEX_LUA_GRACE"},
		{"flag", file, []string{"SIMPLEX_LUA_GRACE", "3s"}, map[string][]string{"grace": {"4s"}}, "4s --grace, 4s --grace"},
		{"empty variable", file, []string{"SIMPLEX_LUA_GRACE", ""}, nil, "1s FILE:1, 2s FILE:6"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c, dir, err := resolve(t, tt.file, tt.flags, tt.env...)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, b := range c.Bots {
				g, _ := b.given.find("grace")
				got = append(got, fmt.Sprint(b.Grace, " ", g.source))
			}
			if joined := strings.ReplaceAll(strings.Join(got, ", "), filepath.Join(dir, FileName), "FILE"); joined != tt.want {
				t.Errorf("got %s, want %s", joined, tt.want)
			}
		})
	}
}

func TestAllowJoinsAndTablesMerge(t *testing.T) {
	t.Parallel()
	c, dir, err := resolve(t, `
allow = ["net=top.example"]
limits = { string_limit = "1MiB", call_limit = 100 }
env.A = "top"
env.B = "top"
[[bot]]
script = "a.lua"
allow = [
  "read=shared",
  "env=HOME",
]
[bot.limits]
string_limit = "2MiB"
[bot.env]
A = "bot"
`, map[string][]string{"allow": {"net=flag.example"}, "limit": {"nesting_limit=7"}}, "SIMPLEX_LUA_ALLOW", "env=X,env=Y")
	if err != nil {
		t.Fatal(err)
	}
	b := c.Bots[0]
	want := "[net=top.example read=" + filepath.Join(dir, "shared") + " env=HOME env=X env=Y net=flag.example]"
	if got := fmt.Sprint(b.Allow); got != want {
		t.Errorf("allow: got %s, want %s", got, want)
	}
	if got := fmt.Sprint(b.Limits); got != "map[call_limit:100 nesting_limit:7 string_limit:2MiB]" {
		t.Errorf("limits: got %s", got)
	}
	if got := fmt.Sprint(b.Env); got != "map[A:bot B:top]" {
		t.Errorf("env: got %s", got)
	}
	if b.Restart != "on-failure" || b.Name != "a" || b.Script != filepath.Join(dir, "a.lua") || !b.Watch {
		t.Errorf("got %+v", b)
	}
}

func TestDatabase(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{"a.lua": "", "key": "k3y\n", "creds/db": "postgres://bot\r\n", FileName: `
[[bot]]
name = "one"
script = "a.lua"
database.key_file = "key"
env_credentials.TOKEN = "db"
[[bot]]
name = "two"
script = "a.lua"
[bot.database]
connection_credential = "db"
prefix = "bot"
`})
	getenv := environment("CREDENTIALS_DIRECTORY", filepath.Join(dir, "creds"))
	c, err := Resolve(Input{Args: []string{dir}, Getenv: getenv})
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range c.Bots {
		if err := b.ReadSecrets(getenv); err != nil {
			t.Error(err)
		}
	}
	one, two := c.Bots[0], c.Bots[1]
	if postgres, set := one.Database.Postgres(); postgres || !set || one.Database.Key != "k3y" || one.Env["TOKEN"] != "postgres://bot" {
		t.Errorf("one: got %+v", one)
	}
	if postgres, set := two.Database.Postgres(); !postgres || !set || two.Database.Connection != "postgres://bot" || two.Database.Prefix != "bot" {
		t.Errorf("two: got %+v", two)
	}
	// A key for all bots does not go with a Postgres one.
	_, err = Resolve(Input{Args: []string{dir}, Getenv: environment("SIMPLEX_LUA_DATABASE_KEY", "other")})
	if err == nil || !strings.Contains(err.Error(), "two: database.key ($SIMPLEX_LUA_DATABASE_KEY) is for SQLite") || strings.Contains(err.Error(), "other") {
		t.Errorf("got %v, want: one bot has one database", err)
	}
}

func TestTheStrongestOfAGroupCounts(t *testing.T) {
	t.Parallel()
	c, _, err := resolve(t, "database.key_file = \"key\"\n[[bot]]\nscript = \"a.lua\"\ndatabase.key_env = \"K\"", nil, "K", "from env")
	if err != nil {
		t.Fatal(err)
	}
	if d := c.Bots[0].Database; d.KeyFile != "" || d.KeyEnv != "K" {
		t.Errorf("got %+v, want the bot's own place only", d)
	}
}

func TestSecretsThatCannotBeRead(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, setting, want string }{
		{"no file", `database.key_file = "none"`, ":3: database.key_file: FOLDER/none cannot be read: no such file"},
		{"empty", `database.key_file = "empty"`, "FOLDER/empty is empty"},
		{"folder", `database.key_file = "."`, "is no file"},
		{"lines", `database.key_file = "lines"`, "FOLDER/lines has more than one line"},
		{"variable", `database.key_env = "NONE"`, ":3: database.key_env: $NONE is not set"},
		{"credential", `database.key_credential = "key"`, "$CREDENTIALS_DIRECTORY is not set; in the unit, write LoadCredential=key:FILE"},
		{"value", `env_files.TOKEN = "none"`, ":3: env_files.TOKEN: FOLDER/none cannot be read"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir := folder(t, map[string]string{"empty": "\n", "lines": "secret1\nsecret2\n", "a.lua": "",
				FileName: "[[bot]]\nscript = \"a.lua\"\n" + tt.setting})
			getenv := environment()
			c, err := Resolve(Input{Args: []string{dir}, Getenv: getenv})
			if err != nil {
				t.Fatal(err)
			}
			err = c.Bots[0].ReadSecrets(getenv)
			want := strings.ReplaceAll(tt.want, "FOLDER", dir)
			if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "secret") {
				t.Errorf("got %v, want %s", err, want)
			}
		})
	}
}

func TestWhatRuns(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{
		"main/main.lua": "", "main/other.lua": "",
		"single/bot.lua": "", "single/bot_test.lua": "",
		"several/a.lua": "", "several/b.lua": "",
		"empty/readme": "",
		"config/c.lua": "", "config/" + FileName: "[[bot]]\nname = \"x\"\nscript = \"c.lua\"\ngrace = \"3s\"",
		"global/g.lua": "", "global/" + FileName: "grace = \"4s\"",
		"s1/bot.lua": "", "s2/bot.lua": "",
		"config/other.lua": "",
		"twice/t.lua":      "", "twice/" + FileName: "[[bot]]\nname = \"x\"\nscript = \"t.lua\"\n[[bot]]\nname = \"y\"\nscript = \"t.lua\"",
		"wrong/w.lua": "", "wrong/" + FileName: "grce = \"4s\"",
	})
	in := func(name string) string { return filepath.Join(dir, filepath.FromSlash(name)) }
	tests := []struct {
		name string
		args []string
		file string
		want string // name, script, grace and restart of each
	}{
		{"main.lua", []string{"main"}, "", "main main/main.lua 10s never"},
		{"a single script", []string{"single"}, "", "bot single/bot.lua 10s never"},
		{"several", []string{"several"}, "", "has several scripts (a.lua, b.lua): name one"},
		{"none", []string{"empty"}, "", "has no script"},
		{"configured", []string{"config"}, "", "x config/c.lua 3s on-failure"},
		{"a file without bots", []string{"global"}, "", "g global/g.lua 4s never"},
		{"--config", nil, "config/" + FileName, "x config/c.lua 3s on-failure"},
		{"--config without bots", nil, "global/" + FileName, "g global/g.lua 4s never"},
		{"no such file", nil, "none.toml", "none.toml: the configuration file cannot be read: no such file"},
		{"scripts", []string{"s1/bot.lua", "s2/bot.lua"}, "", "bot s1/bot.lua 10s never, bot-2 s2/bot.lua 10s never"},
		{"a script of the file", []string{"config/c.lua"}, "config/" + FileName, "x config/c.lua 3s never"},
		{"a script and a folder", []string{"s1/bot.lua", "s2"}, "", "is a folder; give one folder, or scripts"},
		{"a script of the file beside it", []string{"config/c.lua"}, "", "x config/c.lua 3s never"},
		{"one of another beside it", []string{"config/other.lua"}, "", "other config/other.lua 10s never"},
		{"both", []string{"config/other.lua", "config/c.lua"}, "", "other config/other.lua 10s never, x config/c.lua 3s never"},
		{"a script of a file without bots beside it", []string{"global/g.lua"}, "", "g global/g.lua 4s never"},
		{"in two folders", []string{"config/c.lua", "s1/bot.lua"}, "", "bot.lua is in another folder; name one configuration for all with --config"},
		{"of two bots", []string{"twice/t.lua"}, "", "t.lua is the script of several [[bot]]; leave it out and name one with --bot"},
		{"a mistake in the file beside it", []string{"wrong/w.lua"}, "", `unknown key "grce"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			input := Input{Getenv: environment()}
			for _, a := range tt.args {
				input.Args = append(input.Args, in(a))
			}
			if tt.file != "" {
				input.File = in(tt.file)
			}
			var got []string
			c, err := Resolve(input)
			if err != nil {
				if !strings.Contains(err.Error(), tt.want) {
					t.Errorf("got %v, want %s", err, tt.want)
				}
				return
			}
			for _, b := range c.Bots {
				script, _ := filepath.Rel(dir, b.Script)
				got = append(got, fmt.Sprint(b.Name, " ", filepath.ToSlash(script), " ", b.Grace, " ", b.Restart))
			}
			if joined := strings.Join(got, ", "); joined != tt.want {
				t.Errorf("got %s, want %s", joined, tt.want)
			}
		})
	}
}

func TestNothingToRun(t *testing.T) {
	t.Chdir(t.TempDir())
	if _, err := Resolve(Input{Getenv: environment()}); !errors.Is(err, ErrNoBots) {
		t.Errorf("got %v, want ErrNoBots", err)
	}
}

func TestBundle(t *testing.T) {
	t.Parallel()
	bundle := fstest.MapFS{
		"bot.lua": {}, "other.lua": {},
		FileName: {Data: []byte("[[bot]]\nname = \"one\"\nscript = \"bot.lua\"\ngrace = \"1s\"\n[[bot]]\nname=\"two\"\nscript=\"other.lua\"")},
	}
	dir := folder(t, map[string]string{"op.toml": "[[bot]]\nname = \"one\"\ngrace = \"2s\"\ndata = \"d\"\n[[bot]]\nscript = \"own.lua\""})
	c, err := Resolve(Input{Bundle: bundle, File: filepath.Join(dir, "op.toml"), Getenv: environment(), Name: "x"})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, b := range c.Bots {
		got = append(got, fmt.Sprint(b.Name, " ", b.Script, " ", b.Files != nil, " ", b.Grace, " ", b.Watch, " ", b.Data))
	}
	want := fmt.Sprintf("one bot.lua true 2s false %s, two other.lua true 10s false , own %s false 10s true ", filepath.Join(dir, "d"), filepath.Join(dir, "own.lua"))
	if joined := strings.Join(got, ", "); joined != want {
		t.Errorf("got  %s\nwant %s", joined, want)
	}

	c, err = Resolve(Input{Bundle: fstest.MapFS{"main.lua": {}}, Getenv: environment(), Name: "squaring"})
	if err != nil || c.Bots[0].Name != "squaring" || c.Bots[0].Script != "main.lua" {
		t.Errorf("main.lua: got %+v, %v", c, err)
	}
}

func TestGraceZero(t *testing.T) {
	t.Parallel()
	c, _, err := resolve(t, "[[bot]]\nscript = \"a.lua\"\ngrace = \"0s\"\nrestart_max_delay = \"500ms\"", nil)
	if err != nil || c.Bots[0].Grace != 0 || c.Bots[0].RestartDelay != 500*time.Millisecond {
		t.Errorf("got %+v, %v", c, err)
	}
}
