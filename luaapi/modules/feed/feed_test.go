package feed_test

import (
	"encoding/hex"
	"strings"
	"testing"

	"github.com/simplex-lua/simplex-lua/luaapi/modules/modtest"
)

func TestScripts(t *testing.T) {
	t.Parallel()
	modtest.Run(t, modtest.Options{})
}

const bad = `
	local feed, crypto = require "feed", require "crypto"
	local text = crypto.hex_decode(TEXT)
	local ok, e = pcall(feed.parse, text)
	assert(ok or e.type == "data", e)
	feed.text(text)`

// Elements inside elements, and entities that would grow, cost nothing.
func TestBombs(t *testing.T) {
	t.Parallel()
	var entities strings.Builder
	entities.WriteString(`<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a0 "ha">`)
	for i := range 30 {
		entities.WriteString(`<!ENTITY a` + string(rune('a'+i%26)) + ` "&a0;&a0;&a0;&a0;">`)
	}
	entities.WriteString(`]><rss version="2.0"><channel><title>&az;&az;</title></channel></rss>`)
	for name, text := range map[string]string{
		"deep":     `<rss version="2.0"><channel>` + strings.Repeat("<a>", 200_000),
		"deep too": strings.Repeat(`{"items":[`, 100_000),
		"entities": entities.String(),
		"no end":   `<rss version="2.0"><channel><item><title><![CDATA[`,
		"nul":      "<rss>\x00</rss>",
		"charset":  `<?xml version="1.0" encoding="utf-7"?><rss version="2.0"/>`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := modtest.Eval(t, modtest.Options{Globals: map[string]string{"TEXT": hex.EncodeToString([]byte(text))}}, bad); err != nil {
				t.Error(err)
			}
		})
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{
		`<rss version="2.0"><channel><title>x</title><item><title>y</title><pubDate>Sat, 28 Mar 2026 13:00:00 +0100</pubDate></item></channel></rss>`,
		`<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>1</id><updated>2026-03-28T12:00:00Z</updated></entry></feed>`,
		`{"version":"https://jsonfeed.org/version/1.1","title":"x","items":[{"id":"1","content_text":"y"}]}`, "<", "&lt;", "<p>a<script>b</p>",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 1<<12 {
			return
		}
		if _, err := modtest.Eval(t, modtest.Options{Globals: map[string]string{"TEXT": hex.EncodeToString([]byte(text))}}, bad); err != nil {
			t.Errorf("%q: %v", text, err)
		}
	})
}
