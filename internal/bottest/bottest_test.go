package bottest

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/simplex-lua/simplex-lua/stdlib"
)

// folder writes files and returns their folder.
func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// runAll runs the cases below a folder.
func runAll(t *testing.T, dir string, o Options) ([]Result, Summary) {
	t.Helper()
	files, err := Find([]string{dir})
	if err != nil {
		t.Fatal(err)
	}
	var results []Result
	o.Files, o.Stdlib = files, stdlib.FS
	o.Done = func(r Result) { results = append(results, r) }
	if o.Timeout == 0 {
		o.Timeout = time.Minute
	}
	s, err := Run(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return results, s
}

// pass runs the cases of one test file on a bot, which must all pass.
func pass(t *testing.T, bot, test string) {
	t.Helper()
	dir := folder(t, map[string]string{"bot.lua": bot, "bot_test.lua": `local sim = require "simplex.sim"` + test, "note.txt": "a note"})
	results, s := runAll(t, dir, Options{Parallel: 2})
	for _, r := range results {
		if r.Err != nil {
			t.Errorf("%s: %s\n%s", r.Name, Failure(r.Err), strings.Join(r.Log, "\n"))
		}
	}
	if s.Passed != len(results) || s.Passed == 0 {
		t.Errorf("%d of %d cases passed", s.Passed, len(results))
	}
}

// TestOrder wants results in the order of the cases, however they ran.
func TestOrder(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{
		"bot.lua": `bot.on_message(function(msg) msg:reply(msg.text) end) bot.on_command("never", function() end)`,
		"a_test.lua": `local sim = require "simplex.sim"
			for i = 1, 9 do
				sim.case("case " .. i, { bot = "bot.lua" }, function(net)
					local alice = net:user("alice"):connect()
					for n = 1, 10 - i do alice:send("x" .. n) alice:expect("x" .. n) end
				end)
			end`,
		"b/bot.lua":      `bot.on_message(function() end)`,
		"b/bot_test.lua": `require("simplex.sim").case("last", function() end)`,
	})
	names := func(rs []Result) (names []string) {
		for _, r := range rs {
			names = append(names, r.Name)
		}
		return names
	}
	results, s := runAll(t, dir, Options{Parallel: 5})
	if got := strings.Join(names(results), ","); got != "case 1,case 2,case 3,case 4,case 5,case 6,case 7,case 8,case 9,last" {
		t.Errorf("order: %s", got)
	}
	if s.Passed != 10 || s.Failed != 0 || len(s.Coverage) != 2 {
		t.Errorf("summary: %+v", s)
	}
	if c := s.Coverage[0]; len(c.Ran) != 1 || len(c.Never) != 1 || c.Never[0] != "on_command at bot.lua:1" {
		t.Errorf("coverage: %+v", c)
	}
	results, _ = runAll(t, dir, Options{Match: regexp.MustCompile(`^a_test.lua/case [2-4]$`)})
	if got := strings.Join(names(results), ","); got != "case 2,case 3,case 4" {
		t.Errorf("selected: %s", got)
	}
}

func TestFind(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{
		"b_test.lua": "", "a_test.lua": "", "bot.lua": "", "sub/c_test.lua": "", ".git/d_test.lua": "", "bot.data/e_test.lua": "", "a_test.txt": "",
	})
	files, err := Find([]string{dir, filepath.Join(dir, "a_test.lua")})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range files {
		rel, _ := filepath.Rel(dir, f)
		got = append(got, filepath.ToSlash(rel))
	}
	if want := []string{"a_test.lua", "b_test.lua", "sub/c_test.lua"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	for _, bad := range []string{"bot.lua", "none_test.lua"} {
		if _, err := Find([]string{filepath.Join(dir, bad)}); err == nil || !strings.Contains(err.Error(), bad) {
			t.Errorf("%s: got %v, want an error that names it", bad, err)
		}
	}
}

func TestFingerprint(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{"bot.lua": "", "bot_test.lua": "", "note.txt": ""})
	look := func() string {
		s, err := Fingerprint([]string{filepath.Join(dir, "bot_test.lua")})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	before := look()
	if look() != before {
		t.Error("it changes by itself")
	}
	write := func(name string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("changed"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if write("note.txt"); look() != before {
		t.Error("another file counts")
	}
	if write("bot.lua"); look() == before {
		t.Error("a change of the script is not seen")
	}
}
