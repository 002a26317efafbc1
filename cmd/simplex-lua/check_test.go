package main

import (
	"os"
	"path/filepath"
	"testing"
)

func TestCheck(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	reaches := write("reaches.lua", "local http = require 'http'\nhttp.get('https://a.org/x')\nos.getenv('A B')\nhttp.get(u)")
	good, bad := write("good.lua", "bot.send('@4', 'x')"), write("bad.lua", "bot.snd('@4')\nx()")
	bots := filepath.Join(dir, "bots")
	if err := os.Mkdir(bots, 0o755); err != nil {
		t.Fatal(err)
	}
	write("bots/bad.lua", "x()")
	write("bots/simplex-lua.toml", "[[bot]]\nscript = \"bad.lua\"\n")
	tests := []struct {
		args        []string
		out, errOut string
		code        int
	}{
		{[]string{"check", good}, "", "", 0},
		{[]string{"check", good, bad}, bad + ":1:5: bot has no snd; did you mean send?\n" + bad + ":2:1: unknown global x\n", "simplex-lua: check: 2 mistakes\n", 1},
		{[]string{"check", bad, "--json"}, `{"file":"` + bad + `","line":1,"column":5,"message":"bot has no snd; did you mean send?"}` + "\n" +
			`{"file":"` + bad + `","line":2,"column":1,"message":"unknown global x"}` + "\n", "simplex-lua: check: 2 mistakes\n", 1},
		{[]string{"check", "--permissions", good}, "No permissions needed.\n", "", 0},
		{[]string{"check", "--permissions", reaches}, "net=a.org (" + reaches + ":2) http.get\nenv=A B (" + reaches + ":3) os.getenv\nnet=? (" + reaches + ":4) http.get\n" +
			"\n--allow 'env=A B,net=a.org'\n", "", 0},
		{[]string{"check", "--permissions", "--json", reaches},
			`{"permission":"net","value":"a.org","function":"http.get","file":"` + reaches + `","line":2,"column":6}` + "\n" +
				`{"permission":"env","value":"A B","function":"os.getenv","file":"` + reaches + `","line":3,"column":4}` + "\n" +
				`{"permission":"net","function":"http.get","file":"` + reaches + `","line":4,"column":6}` + "\n" +
				`{"allow":["env=A B","net=a.org"]}` + "\n", "", 0},
		{[]string{"check", "--permissions", "none.lua"}, "", "simplex-lua: check: none.lua: no such file\n", 2},
		{[]string{"check", dir}, "", "simplex-lua: check: " + dir + " is a folder without simplex-lua.toml; give the paths of .lua files\n", 2},
		{[]string{"check", bots}, filepath.Join(bots, "bad.lua") + ":1:1: unknown global x\n", "simplex-lua: check: 1 mistake\n", 1},
		{[]string{"check"}, "", "simplex-lua: check: which script? As in: simplex-lua check bot.lua\n", 2},
		{[]string{"check", "none.lua"}, "", "simplex-lua: check: none.lua: no such file\n", 2},
	}
	for _, tt := range tests {
		out, errOut, code := program(t, "", tt.args...)
		if out != tt.out || errOut != tt.errOut || code != tt.code {
			t.Errorf("%q: code %d, %q, %q", tt.args, code, out, errOut)
		}
	}
}
