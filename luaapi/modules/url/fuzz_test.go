package url_test

import (
	"testing"

	"github.com/simplex-lua/simplex-lua/luaapi/modules/modtest"
)

// Whatever the text, it is an address that can be built again, or an error with
// a type.
func FuzzURL(f *testing.F) {
	for _, s := range []string{
		"", "https://u:p@example.org:8080/a%20b?c=d&e#f", "//x", "mailto:a@b", "http://[::1]:80/", "http://[fe80::1%25en0]/", "a?b;c", "%zz", "http://a b/",
		"/a//b/../c", "http://x/%2F?%00=%ff", "?=&=", "javascript:alert(1)", "http://é.example/", "http://x:99999/",
	} {
		f.Add(s, "../x?y=1#z")
	}
	f.Fuzz(func(t *testing.T, text, reference string) {
		if len(text)+len(reference) > 1<<12 {
			return
		}
		_, err := modtest.Eval(t, modtest.Options{}, `
			local url, text, reference = require "url", `+modtest.Quote(text)+`, `+modtest.Quote(reference)+`
			local function typed(ok, e) assert(ok or e.type == "data" or e.type == "argument", tostring(e)) end
			assert(url.unescape(url.escape(text)) == text)
			typed(pcall(url.join, text, reference))
			typed(pcall(url.parse_query, text))
			local ok, parts = pcall(url.parse, text)
			typed(ok, parts)
			local built, again = pcall(url.build, ok and parts or {})
			typed(built, again)
			if ok and built then
				assert(url.parse(again).host == parts.host)
			end`)
		if err != nil {
			t.Errorf("%q, %q: %v", text, reference, err)
		}
	})
}
