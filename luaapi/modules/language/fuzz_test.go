package language_test

import (
	"strconv"
	"testing"

	"github.com/simplex-lua/simplex-lua/luaapi/modules/modtest"
)

// Whatever the tag, it has a plural and is matched by a known one, or there is
// an error with a type.
func FuzzTag(f *testing.F) {
	for _, s := range []string{"de", "pt-BR", "", "x-private", "zh-Hant-TW-u-co-pinyin", "i-klingon", "en_GB", "de-", "*", "\x00", "und"} {
		f.Add(s, 1.5)
	}
	f.Fuzz(func(t *testing.T, tag string, n float64) {
		if len(tag) > 1<<10 {
			return
		}
		_, err := modtest.Eval(t, modtest.Options{}, `
			local language, tag, n = require "language", `+modtest.Quote(tag)+`, tonumber(`+modtest.Quote(number(n))+`) or 0
			local ok, form = pcall(language.plural, tag, n)
			assert(ok and type(form) == "string" or form.type == "argument", tostring(form))
			local ok, best = pcall(language.match, { tag }, { "en", "de" })
			assert(ok and (best == "en" or best == "de") or best.type == "argument", tostring(best))`)
		if err != nil {
			t.Errorf("%q, %v: %v", tag, n, err)
		}
	})
}

func number(n float64) string { return strconv.FormatFloat(n, 'g', -1, 64) }
