package re_test

import (
	"errors"
	"testing"
	"time"

	"github.com/simplex-lua/simplex-lua/luaapi/lua51"
	"github.com/simplex-lua/simplex-lua/luaapi/modules/modtest"
)

func TestScripts(t *testing.T) {
	t.Parallel()
	modtest.Run(t, modtest.Options{})
}

// An expression that reads far for each short match cannot hold the bot: one
// match takes one search, and the CPU limit is asked between searches.
func TestFarForShort(t *testing.T) {
	t.Parallel()
	const far = `local re, far = require "re", [[(?:\w+\s+eggs)|\w]] `
	for name, script := range map[string]string{
		"first": `local text = ("x"):rep(100000)
			assert(re.match(far, text) == "x" and re.find(far, text, 5) == 5 and re.captures(far, text, -1)[0] == "x")
			assert(re.gmatch(far, text)() == "x")
			local ok, e = pcall(re.replace, far, text, function() error("seen", 0) end)
			assert(not ok and tostring(e):find("seen"), tostring(e))`,
		"gmatch":  `for _ in re.gmatch(far, ("x"):rep(2 ^ 20)) do end`,
		"replace": `re.replace(far, ("x"):rep(2 ^ 20), "y")`,
		"split":   `re.split(far, ("x"):rep(2 ^ 20))`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := modtest.Options{}
			if name != "first" {
				o.CPULimit = 300 * time.Millisecond
			}
			_, err := modtest.Eval(t, o, far+script)
			if cut := errors.As(err, new(*lua51.LimitError)); cut != (o.CPULimit > 0) || !cut && err != nil {
				t.Errorf("got the error %v", err)
			}
		})
	}
}
