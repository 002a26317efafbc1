package luaapi

import (
	"context"
	"strings"
	"testing"
	"time"
)

func TestEval(t *testing.T) {
	t.Parallel()
	b := start(t, `
		bot.configure { cpu_limit = 0.2 }
		kept = { 1, 2, name = "x", ["a b"] = { true } }
		bot.on_message(function() kept.name = "heard" end)`)
	for _, tt := range []struct{ name, code, want, printed, err string }{
		{name: "expression", code: "1 + 1", want: "2"},
		{name: "several values", code: "1, nil, 'a'", want: "1\tnil\t\"a\""},
		{name: "statement", code: "local x = 2 print(x, 'y')", printed: "2\ty\n"},
		{name: "global of the script", code: "kept", want: `{1, 2, ["a b"] = {true}, name = "x"}`},
		{name: "new global", code: "later = 7"},
		{name: "read it", code: "later", want: "7"},
		{name: "table of ours", code: "bot", want: "bot"},
		{name: "an error of ours", code: "select(2, pcall(bot.send))", want: "send: want a chat"},
		{name: "info", code: "bot.info.name", want: `"test"`},
		{name: "info as text", code: "tostring(bot.info):match('name = (%S+) generation = 1')", want: `"\"test\","`},
		{name: "config as text", code: "tostring(bot.config):match('first_run = %a+')", want: `"first_run = false"`},
		{name: "waits", code: "sleep(0.001) return 'slept'", want: `"slept"`},
		{name: "sends", code: "bot.send('@4', 'hi').text", want: `"hi"`},
		{name: "unknown name", code: "nothere", err: "console:1: undefined global 'nothere'"},
		{name: "syntax", code: "= 1", err: "console:1: unexpected symbol near '='"},
		{name: "raises", code: "error('no')", err: "console:1: no"},
		{name: "incomplete", code: "for i = 1, 2 do", err: ErrIncomplete.Error()},
		{name: "incomplete string", code: "x = 'a", err: "unfinished string"},
		{name: "endless", code: "while true do end", err: "cpu_limit"},
		{name: "deep", code: "(function() local t = {} for i = 1, 9 do t = {t} end return t end)()", want: "{{{{{…}}}}}"},
		{name: "function keys", code: "{[print] = 1, [1.5] = 2}", want: "{[1.5] = 2, [function] = 1}"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var out strings.Builder
			got, err := b.Eval(t.Context(), tt.code, &out)
			if tt.err != "" {
				if err == nil || !strings.Contains(err.Error(), tt.err) {
					t.Fatalf("error: got %v, want %q", err, tt.err)
				}
				return
			}
			if err != nil || !strings.HasPrefix(got, tt.want) || out.String() != tt.printed {
				t.Errorf("got %q, printed %q, %v; want %q, printed %q", got, out.String(), err, tt.want, tt.printed)
			}
		})
	}
}

// TestEvalCut ends code that computes, and code that waits, with its context.
func TestEvalCut(t *testing.T) {
	t.Parallel()
	b := start(t, `bot.configure { cpu_limit = 600 }`)
	for _, code := range []string{"while true do end", "sleep(3600)"} {
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(5*time.Millisecond, cancel)
		if _, err := b.Eval(ctx, code, nil); err == nil || !strings.Contains(err.Error(), "context canceled") {
			t.Errorf("%s: got %v, want it cancelled", code, err)
		}
	}
	b.Close()
	if _, err := b.Eval(t.Context(), "1", nil); err == nil || !strings.Contains(err.Error(), "has ended") {
		t.Errorf("after Close: got %v", err)
	}
}

func TestComplete(t *testing.T) {
	t.Parallel()
	b := start(t, `settings = { depth = 1, deeper = { well = 2 }, ["not a name"] = 1 }`)
	for text, want := range map[string]string{
		"setti":                   "settings",
		"print(settings.de":       "deeper depth",
		"settings.deeper.":        "well",
		"bot.on_mes":              "on_message",
		"bot:on_mes":              "on_message",
		"bot.api.send_text_m":     "send_text_message",
		"x = bot.inf":             "info",
		"json.enc":                "encode",
		"string.rep":              "rep",
		"nothing.here":            "",
		"settings.depth.":         "",
		"":                        "…",
		"...":                     "…",
		"settings.deeper.well.x.": "",
	} {
		got := strings.Join(b.Complete(text), " ")
		if want == "…" {
			if !strings.Contains(got, "settings") {
				t.Errorf("%q: got %q, want all globals", text, got)
			}
		} else if got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}
