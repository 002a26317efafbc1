package check

import (
	"slices"
	"testing"
	"testing/fstest"
)

func TestFilesOfAScript(t *testing.T) {
	t.Parallel()
	folder := fstest.MapFS{
		"bot.lua":      {Data: []byte("local a = require 'a'\nbot.on_start(function() require('lib.b') end)\nrequire 'json'\nrequire(bot.x)")},
		"a.lua":        {Data: []byte("require 'lib' require 'bot'")},
		"lib/init.lua": {}, "lib/b.lua": {}, "other.lua": {Data: []byte("=")},
		"bad.lua": {Data: []byte("require 'other'\nrequire 'none'")},
	}
	o := Options{Stdlib: fstest.MapFS{}, Modules: []string{"json"}}
	files, found, err := Files(folder, "bot.lua", o)
	if want := []string{"bot.lua", "a.lua", "lib/init.lua", "lib/b.lua"}; !slices.Equal(files, want) || len(found) > 0 || err != nil {
		t.Errorf("got %v, %v, %v, want %v", files, found, err, want)
	}
	if _, found, err := Files(folder, "bad.lua", o); len(found) != 2 || err != nil {
		t.Errorf("got %v, %v, want 2 findings", found, err)
	}
	if _, _, err := Files(folder, "nothing.lua", o); err == nil {
		t.Error("a script that is not there: no error")
	}
}
