package re_test

import (
	"testing"

	"github.com/simplex-lua/simplex-lua/luaapi/modules/modtest"
)

// Whatever the expression, the text and what to replace by, the result is
// bounded, or there is an error with a type.
func FuzzReplace(f *testing.F) {
	for _, s := range []string{"$0", "$1-${2}", "${name}", "$", "$$", "${", "$0$0$0$0", "${1", "\\1", "$99999999999999999999"} {
		f.Add("(a)(?P<name>b)?", "xaby", s)
	}
	f.Add("(", "", "")
	f.Add("a{1000}{1000}", "a", "b")
	f.Add("", "\xff\x00é", "|")
	f.Fuzz(func(t *testing.T, pattern, text, by string) {
		if len(pattern)+len(text)+len(by) > 1<<12 {
			return
		}
		_, err := modtest.Eval(t, modtest.Options{}, `
			local re, pattern, text, by = require "re", `+modtest.Quote(pattern)+`, `+modtest.Quote(text)+`, `+modtest.Quote(by)+`
			local function typed(ok, e) assert(ok or e.type == "data" or e.type == "argument" or e.type == "limit", tostring(e)) return ok end
			if not typed(pcall(re.compile, pattern)) then return end
			local r = re.compile(pattern)
			local same, n = r:replace(text, function() end)
			assert(same == text)
			typed(pcall(r.replace, r, text, by))
			assert(r:test(text) == (n > 0))
			typed(pcall(r.split, r, text))`)
		if err != nil {
			t.Errorf("%q, %q, %q: %v", pattern, text, by, err)
		}
	})
}

// A text to replace by that names the match again and again is no way to more
// memory than a result may have.
func TestReplaceBounds(t *testing.T) {
	t.Parallel()
	_, err := modtest.Eval(t, modtest.Options{}, `
		local re = require "re"
		local ok, e = pcall(re.replace, ".+", ("a"):rep(1000000), ("$0"):rep(400000))
		assert(not ok and e.type == "limit", tostring(e))
		assert(re.replace(".+", ("a"):rep(1000000), "$0$0") == ("a"):rep(2000000))`)
	if err != nil {
		t.Error(err)
	}
}
