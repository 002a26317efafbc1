package template_test

import (
	"encoding/hex"
	"testing"

	"github.com/simplex-lua/simplex-lua/luaapi/modules/modtest"
)

func TestScripts(t *testing.T) {
	t.Parallel()
	modtest.Run(t, modtest.Options{})
}

// Whatever the template, it is refused or makes a text.
func FuzzRender(f *testing.F) {
	for _, s := range []string{"{{.a}}", "{{range .list}}{{.}},{{end}}", "{{", "{{template \"template\" .}}", "{{printf \"%9999999d\" 1}}", "{{define \"x\"}}{{end}}"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 1<<12 {
			return
		}
		_, err := modtest.Eval(t, modtest.Options{Globals: map[string]string{"TEXT": hex.EncodeToString([]byte(text))}}, `
			local template, crypto = require "template", require "crypto"
			local ok, e = pcall(template.render, crypto.hex_decode(TEXT), { a = 1, list = { 1, 2 } })
			assert(ok or e.type == "argument" or e.type == "data" or e.type == "limit", e)`)
		if err != nil {
			t.Errorf("%q: %v", text, err)
		}
	})
}
