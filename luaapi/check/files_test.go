package check

import (
	"fmt"
	"slices"
	"testing"
	"testing/fstest"
)

func TestFilesOfAScript(t *testing.T) {
	t.Parallel()
	folder := fstest.MapFS{
		"bot.lua":      {Data: []byte("local a = require 'a'\nbot.on_start(function() require('lib.b') end)\nrequire 'json'\nrequire(bot.x)\nfor _, n in ipairs {} do require('x' .. n) end")},
		"a.lua":        {Data: []byte("require 'lib' require 'bot' x:require(y)")},
		"lib/init.lua": {}, "lib/b.lua": {}, "other.lua": {Data: []byte("=")},
		"bad.lua": {Data: []byte("require 'other'\nrequire 'none'")},
	}
	o := Options{Stdlib: fstest.MapFS{}, Modules: []string{"json"}}
	n, err := Files(folder, "bot.lua", o)
	if want := []string{"bot.lua", "a.lua", "lib/init.lua", "lib/b.lua"}; !slices.Equal(n.Files, want) || len(n.Mistakes) > 0 || err != nil {
		t.Errorf("got %v, %v, want %v", n, err, want)
	}
	if got, want := fmt.Sprint(n.Computed), "[bot.lua:4:1: the name of the module is computed bot.lua:5:26: the name of the module is computed]"; got != want {
		t.Errorf("computed: got %s, want %s", got, want)
	}
	if n, err := Files(folder, "bad.lua", o); len(n.Mistakes) != 2 || err != nil {
		t.Errorf("got %v, %v, want 2 mistakes", n, err)
	}
	if _, err := Files(folder, "nothing.lua", o); err == nil {
		t.Error("a script that is not there: no error")
	}
}
