package template_test

import (
	"encoding/hex"
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

// What a template does without writing anything is counted, too: a number to
// loop over may come from anybody.
func TestCut(t *testing.T) {
	t.Parallel()
	for name, script := range map[string]string{
		"a number":        `template.render("{{range .n}}{{end}}", { n = 1e12 })`,
		"going on":        `template.render("{{range .n}}{{continue}}{{end}}", { n = 1e12 })`,
		"below others":    `template.render("{{if .n}}{{with .n}}{{range .}}{{end}}{{end}}{{end}}", { n = 1e12 })`,
		"where not":       `template.render("{{if .none}}{{else}}{{range .empty}}{{else}}{{range .n}}{{end}}{{end}}{{end}}", { none = false, empty = {}, n = 1e12 })`,
		"calling oneself": `template.render('{{define "x"}}{{with .}}{{template "x" .a}}{{template "x" .a}}{{end}}{{end}}{{template "x" .}}', deep)`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := modtest.Eval(t, modtest.Options{CPULimit: 100 * time.Millisecond}, `
				local template, deep = require "template", {}
				for _ = 1, 45 do deep = { a = deep } end
				`+script)
			if !errors.As(err, new(*lua51.LimitError)) {
				t.Errorf("got the error %v", err)
			}
		})
	}
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
