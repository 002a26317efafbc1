package time_test

import (
	"strconv"
	"testing"

	"github.com/simplex-lua/simplex-lua/luaapi/modules/modtest"
)

// Whatever the text and the pattern, there is a time, none, or an error with a
// type; what is formatted in full is read as the same time.
func FuzzParse(f *testing.F) {
	for _, s := range []string{"2026-11-20T08:02:17Z", "2026-11-20 08:02", "2026-02-30", "Fri, 20 Nov 2026 08:02:17 +0100", "20.11.2026", "", "9999999-01-01", "0000-00-00", "12:60"} {
		f.Add(s, "%d.%m.%Y", 1.5)
	}
	f.Add("x", "%Q", 253402300799.0)
	f.Add("x", "%", -1e12)
	f.Fuzz(func(t *testing.T, text, pattern string, at float64) {
		if len(text)+len(pattern) > 1<<12 || at != at || at > 250e9 || at < -60e9 {
			return
		}
		_, err := modtest.Eval(t, modtest.Options{}, `
			local time, text, pattern, at = require "time", `+modtest.Quote(text)+`, `+modtest.Quote(pattern)+`, math.floor(tonumber(`+modtest.Quote(number(at))+`))
			local function typed(ok, v) assert(ok or v.type == "data" or v.type == "argument", tostring(v)) return ok and v end
			assert(time.parse(time.format(at)) == at)
			local found = typed(pcall(time.parse, text))
			assert(not found or type(found) == "number")
			typed(pcall(time.parse, text, pattern))
			typed(pcall(time.format, at, pattern))`)
		if err != nil {
			t.Errorf("%q, %q, %v: %v", text, pattern, at, err)
		}
	})
}

// A pattern is bounded, for each of its signs can stand for a long text.
func TestPatternBounds(t *testing.T) {
	t.Parallel()
	_, err := modtest.Eval(t, modtest.Options{}, `
		local time = require "time"
		for _, f in ipairs { function(p) time.format(0, p) end, function(p) time.parse("x", p) end } do
			local ok, e = pcall(f, ("%c"):rep(3000))
			assert(not ok and e.type == "limit", tostring(e))
		end`)
	if err != nil {
		t.Error(err)
	}
}

func number(n float64) string { return strconv.FormatFloat(n, 'g', -1, 64) }
