package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestMistakes(t *testing.T) {
	t.Parallel()
	const bot = "[[bot]]\nscript = \"a.lua\"\n"
	tests := []struct {
		name, file string
		want       string // lines of the error, without the file's folder
	}{
		{"syntax", "grace = \n", "FILE:1: "},
		{"twice", "grace = \"1s\"\ngrace = \"2s\"\n" + bot, "FILE:2: key grace is already defined"},
		{"unknown", bot + "grece = \"1s\"", `FILE:3: unknown key "grece"; did you mean "grace"?`},
		{"unknown and far", "zzzzzz = 1\n" + bot, `FILE:1: unknown key "zzzzzz"; docs/configuration.md lists them`},
		{"unknown in a table", bot + "[bot.database]\nkey_fil = \"x\"", `FILE:4: unknown key "database.key_fil"; did you mean "database.key_file"?`},
		{"unknown in an inline table", bot + "database = { prefixx = \"x\" }", `FILE:3: unknown key "database.prefixx"; did you mean "database.prefix"?`},
		{"unknown table", bot + "[bot.databse]", `FILE:3: unknown table "databse"; did you mean "database"?`},
		{"number", bot + "grace = 10", "FILE:3: grace: want a duration in quotes, as \"10s\" or \"1m30s\"; got a number"},
		{"string", bot + "watch = \"yes\"", "FILE:3: watch: want true or false; got a string"},
		{"boolean", bot + "name = true", "FILE:3: name: want a string, in quotes; got true or false"},
		{"list", bot + "allow = \"net=x\"", "FILE:3: allow: want a list of strings, as [\"a\", \"b\"]; got a string"},
		{"in a list", bot + "allow = [\n  \"net=x\",\n  1,\n]", "FILE:3: allow: want strings in the list; got a number"},
		{"table", bot + "limits = 1", "FILE:3: limits: want a table, as [limits]; got a number"},
		{"database", bot + "database = \"sqlite\"", "FILE:3: database: want a table, as [database]"},
		{"date", bot + "name = 2026-01-01", "FILE:3: name: want a string, in quotes; got a date or time"},
		{"duration", bot + "grace = \"ten\"", "FILE:3: grace: want a duration, as 10s or 1m30s"},
		{"choice", bot + "restart = \"sometimes\"", "FILE:3: restart: want never, on-failure or always"},
		{"grant", bot + "allow = [\"everything\"]", "FILE:3: allow: everything: want net=HOST"},
		{"limit", bot + "limits.string_limit = \"many\"", "FILE:3: limits.string_limit: want NAME=VALUE"},
		{"unknown limit", bot + "limits.string_limi = 1", "FILE:3: limits.string_limi: unknown limit string_limi"},
		{"name", bot + "name = \"../x\"", "FILE:3: name: want letters, digits"},
		{"global in a bot", bot + "log_level = \"info\"", "FILE:3: log_level belongs to the whole process: write it at the top of the file, before the first [[bot]]"},
		{"one bot's at the top", "script = \"a.lua\"\n" + bot, "FILE:1: script belongs to one bot: write it below a [[bot]]"},
		{"[bot]", "[bot]\nscript = \"a.lua\"", "FILE:1: each bot stands below a [[bot]] of its own"},
		{"[bot.database]", "[bot.database]\nprefix = \"x\"", "FILE:1: each bot stands below a [[bot]] of its own"},
		{"bot = []", "bot = [{ script = \"a.lua\" }]", "FILE:1: each bot stands below a [[bot]] of its own"},
		{"[[bot.env]]", bot + "[[bot.env]]\nA = \"x\"", "FILE:3: [[env]]: there is one such table; write it with single brackets"},
		{"no script", "[[bot]]\nname = \"x\"", "FILE:1: the bot has no script: write script = \"bot.lua\""},
		{"two of a name", bot + bot, `FILE:3: there is a bot "a" in line 1 already; give each a name of its own`},
		{"a key in the file", bot + "database.key = \"hunter2\"", "FILE:3: database.key: a secret does not stand in this file; write key_file, key_env or key_credential with where it is"},
		{"allow_all", bot + "allow_all = true", "FILE:3: allow_all does not stand in the file; give --allow-all or $SIMPLEX_LUA_ALLOW_ALL"},
		{"two keys", bot + "database.key_file = \"a\"\ndatabase.key_env = \"B\"", "FILE:4: database.key_env: there is database.key_file from FILE:3 too; only one of them can be"},
		{"key and connection", bot + "database.key_file = \"a\"\ndatabase.connection_env = \"B\"", "FILE:4: a: database.key_file (FILE:3) is for SQLite and database.connection_env (FILE:4) for Postgres"},
		{"key with postgres", bot + "database.key_file = \"a\"\ndatabase.backend = \"postgres\"", "FILE:3: a: database.key_file (FILE:3) is for SQLite, but the backend is postgres (FILE:4)"},
		{"core and a database", bot + "core = \"ws://127.0.0.1:5225\"\ndatabase.prefix = \"x\"", "FILE:4: a: database.prefix (FILE:4) is for a database of the bot's own, but core (FILE:3) is a program that has one"},
		{"a token in the file", bot + "core_token = \"hunter2\"", "FILE:3: core_token: a secret does not stand in this file; write "},
		{"number", bot + "catch_up.max_items = \"many\"", "FILE:3: catch_up.max_items: want a whole number; got a string"},
		{"negative number", bot + "catch_up.max_items = -1", "FILE:3: catch_up.max_items: want a whole number from 0"},
		{"no address", "metrics = \"notaport\"\n" + bot, "FILE:1: metrics: \"notaport\" is no address: want PORT or HOST:PORT"},
		{"no time", bot + "cpu_limit = \"0s\"", "FILE:3: cpu_limit: want a duration above 0"},
		{"delays", bot + "restart_delay = \"1h\"", "FILE:3: restart_delay is longer than restart_max_delay (5m0s)"},
		{"all at once", "log_leve = 1\n" + bot + "grece = 1\nwatch = 1", "FILE:1: unknown key \"log_leve\"; did you mean \"log_level\"?\n" +
			"FILE:4: unknown key \"grece\"; did you mean \"grace\"?\nFILE:5: watch: want true or false; got a number"},
		{"at the top, for two bots", "grace = \"x\"\n[[bot]]\nscript = \"a.lua\"\n[[bot]]\nscript = \"b.lua\"", "FILE:1: grace: want a duration, as 10s or 1m30s"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, dir, err := resolve(t, tt.file, nil)
			if err == nil {
				t.Fatalf("got no error, want %s", tt.want)
			}
			got := strings.ReplaceAll(err.Error(), filepath.Join(dir, FileName), "FILE")
			if !strings.HasPrefix(got, tt.want) || strings.Count(got, "\n") > 1+strings.Count(tt.want, "\n") || strings.Contains(got, "hunter2") {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

func TestMistakesOutsideOfTheFile(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		flags map[string][]string
		env   []string
		want  string
	}{
		{"flag", map[string][]string{"grace": {"ten"}}, nil, "--grace ten: want a duration, as 10s or 1m30s"},
		{"choice", map[string][]string{"log-level": {"loud"}}, nil, "--log-level loud: want debug, info, warn or error"},
		{"grant", map[string][]string{"allow": {"everything"}}, nil, "--allow everything: want net=HOST"},
		{"limit", map[string][]string{"limit": {"x=1"}}, nil, "--limit x=1: unknown limit x"},
		{"variable", nil, []string{"SIMPLEX_LUA_WATCH", "maybe"}, "$SIMPLEX_LUA_WATCH=maybe: want true or false"},
		{"granted by the environment", nil, []string{"SIMPLEX_LUA_ALLOW", "x"}, "$SIMPLEX_LUA_ALLOW: x: want net=HOST"},
		{"one folder for two bots", map[string][]string{"data": {"d"}}, nil, "--data is one bot's folder"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, _, err := resolve(t, "[[bot]]\nscript = \"a.lua\"\n[[bot]]\nscript = \"b.lua\"", tt.flags, tt.env...)
			if err == nil || !strings.HasPrefix(err.Error(), tt.want) {
				t.Errorf("got %v, want %s", err, tt.want)
			}
		})
	}
}

func TestALargeFile(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{FileName: strings.Repeat("# x\n", maxFile/4+1)})
	if _, err := Resolve(Input{Args: []string{dir}, Getenv: environment()}); err == nil || !strings.Contains(err.Error(), "at most 64 KiB") {
		t.Errorf("got %v", err)
	}
}

func TestAFileThatIsAFolder(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, FileName), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := Resolve(Input{Args: []string{dir}, Getenv: environment()}); err == nil || !strings.Contains(err.Error(), "cannot be read: is a directory") {
		t.Errorf("got %v", err)
	}
}
