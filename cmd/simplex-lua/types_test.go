package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestTypes(t *testing.T) {
	t.Chdir(t.TempDir())
	out, errs, code := program(t, "", "types")
	if code != 0 || !strings.Contains(out, "type files to .simplex-lua/types") {
		t.Fatalf("code %d, %q, %q", code, out, errs)
	}
	for _, name := range []string{"bot.lua", "api.gen.lua"} {
		if _, err := os.Stat(filepath.Join(typesDir, "meta", name)); err != nil {
			t.Error(err)
		}
	}
	want := `{
  "runtime.version": "Lua 5.1",
  "workspace.library": [
    ".simplex-lua/types"
  ]
}
`
	for range 2 { // the second time changes nothing
		if got, err := os.ReadFile(".luarc.json"); err != nil || string(got) != want {
			t.Errorf("got %s, %v, want %s", got, err, want)
		}
		program(t, "", "types")
	}
}

func TestPointEditors(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, before, after, err string }{
		{"merged", `{"z":1,"workspace.library":["lib"],"a":{"b":[]},"runtime.version":"LuaJIT"}`,
			"{\n  \"z\": 1,\n  \"workspace.library\": [\n    \"lib\",\n    \"types\"\n  ],\n  \"a\": {\n    \"b\": []\n  },\n  \"runtime.version\": \"LuaJIT\"\n}\n", ""},
		{"comments", "{\n  // ours\n}", "{\n  // ours\n}", `add "types" to its workspace.library yourself`},
		{"other form", `{"workspace.library":{"lib":true}}`, `{"workspace.library":{"lib":true}}`, "workspace.library is no list"},
		{"null", "null", "null", "it is null"},
	}
	for _, tt := range tests {
		file := filepath.Join(t.TempDir(), ".luarc.json")
		if err := os.WriteFile(file, []byte(tt.before), 0o644); err != nil {
			t.Fatal(err)
		}
		err := pointEditors(file, "types")
		if (err == nil) != (tt.err == "") || err != nil && !strings.Contains(err.Error(), tt.err) {
			t.Errorf("%s: got %v, want %q", tt.name, err, tt.err)
		}
		if got, _ := os.ReadFile(file); string(got) != tt.after {
			t.Errorf("%s: got %s, want %s", tt.name, got, tt.after)
		}
	}
}
