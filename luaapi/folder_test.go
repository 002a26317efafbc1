package luaapi

import (
	"strings"
	"testing"
	"testing/fstest"
)

// TestFolder: modules come from the folder given, and from nowhere on disk.
func TestFolder(t *testing.T) {
	t.Parallel()
	folder := fstest.MapFS{
		"mod.lua":      {Data: []byte("local M = {}\nfunction M.f() error('in module') end\nreturn M")},
		"sub/init.lua": {Data: []byte("return { name = 'sub' }")},
		"dir.lua/x":    {},
	}
	for _, tt := range []struct{ name, script, want string }{
		{"modules", "assert(require('sub').name == 'sub' and require 'mod' == require 'mod')", ""},
		{"error in a module", "require('mod').f()", "mod.lua:2: in module\n  2 | function M.f() error('in module') end"},
		{"not there", "require 'source'", `no module "source"`},
		{"a folder", "require 'dir'", "it is a folder"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			rt, err := Load(t.Context(), Options{Name: "bot", Path: "source.go", Source: []byte(tt.script), Folder: folder})
			if err == nil {
				defer rt.Close()
				if tt.want != "" || len(rt.Files()) > 0 {
					t.Errorf("got no error, and the files %v", rt.Files())
				}
				return
			}
			if tt.want == "" || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}
