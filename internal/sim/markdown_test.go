package sim_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/simplex-lua/simplex-lua/internal/sim"
)

// shownPieces are the pieces of a text that a core shows, as [type what text], or
// the text where it has no format.
func shownPieces(t *testing.T, p *sim.Person, message string) string {
	t.Helper()
	body, err := json.Marshal(message)
	must(t, err)
	_, all := answer(t, p, `/_create *1 json [{"msgContent":{"type":"text","text":`+string(body)+`},"mentions":{}}]`)
	var r struct {
		Result struct {
			ChatItems []struct {
				ChatItem struct {
					FormattedText []struct {
						Format map[string]any
						Text   string
					}
				}
			}
		}
	}
	must(t, json.Unmarshal([]byte(all), &r))
	if len(r.Result.ChatItems) != 1 {
		t.Fatalf("%q: got %s", message, all)
	}
	var b strings.Builder
	for _, piece := range r.Result.ChatItems[0].ChatItem.FormattedText {
		if piece.Format == nil {
			b.WriteString(piece.Text)
			continue
		}
		b.WriteString("[" + piece.Format["type"].(string))
		for _, name := range []string{"color", "commandStr", "memberName", "linkType", "showText", "linkUri"} {
			if v, ok := piece.Format[name].(string); ok {
				b.WriteString(" " + v)
			}
		}
		b.WriteString("|" + piece.Text + "]")
	}
	return b.String()
}

// TestMarkdown: what is a format in a text, and what is none.
func TestMarkdown(t *testing.T) {
	t.Parallel()
	net := virtual(t, sim.Options{Seed: 1})
	alice := person(t, net, "alice")
	key := strings.Repeat("k", 43)
	short := "https://smp6.simplex.im/a#" + key
	full := "/contact#/?v=2-7&smp=smp%3A%2F%2F1234-w%3D%3D%40smp.simplex.im%3A5223%2F3456-w%3D%3D%23%2F%3Fv%3D1-2"
	for text, want := range map[string]string{
		"plain": "", "": "", "/": "", " / ": "[command  | / ]", "a": "", "two\nlines": "",
		// marks
		"this is *bold* text": "this is [bold|bold] text", "*bold*text": "[bold|bold]text", "a *b c * d*": "", "*a**b*": "[bold|ab]",
		"_i_ ~s~ `x`": "[italic|i] [strikeThrough|s] [snippet|x]", "`x `": "", "a*b*": "", "**b**": "", "*a\nb*": "",
		"*a *b*": "", "*a*\n": "[bold|a]", "*a*\n\n*b*": "[bold|a]\n\n[bold|b]", "*long _b_ x*": "[bold|long _b_ x]",
		"##black secret### x": "[secret|#black secret##] x", "# a #": "", "#a": "", "#a#b": "[secret|a]b",
		"!1 red text! x": "[colored red|red text] x", "!red x!": "[colored red|x]", "!- x!": "[small|x]", "!1  x!": "", "!1 x !": "", "!re x!": "",
		// names and commands
		"hello @alice!": "hello [mention alice|@alice]!", "@'alice jones'!": "[mention alice jones|@'alice jones']!", "x @ alice": "",
		"hello @'alice": "", "a@b @c": "a@b [mention c|@c]",
		"/help": "[command help|/help]", "/help\n": "[command help|/help]", "/etc/passwd": "[command etc/passwd|/etc/passwd]",
		" /echo hi ": "[command echo hi | /echo hi ]", "/'role 2'": "[command 'role 2'|/'role 2']",
		"send /help!": "send [command help|/help]!", "send /'role 2'.": "send [command role 2|/'role 2'].", "send /he?lp": "", "send / x": "",
		"/a\n/b": "[command a|/a]\n[command b|/b]",
		// numbers
		"test +44 (0) 7777.777.777 x": "test [phone|+44 (0) 7777.777.777] x", "127.0.0.1": "[phone|127.0.0.1]", "1.5 2.5": "[phone|1.5 2.5]",
		"077777": "", "07777  777  777": "", "12345678901234567890123": "",
		// sites
		"example.com...": "[uri|example.com]...", "www.example.com": "[uri|www.example.com]", "www1.example.com": "[uri|www1.example.com]",
		"www.example1.com": "", "report-2.pdf": "", "file1.txt": "", "a.bin": "[uri|a.bin]", "example.academytoolong": "", "a.b.example.com": "",
		"me@example.org, x": "[email|me@example.org], x",
		// links
		"see https://example.org/a.": "see [uri|https://example.org/a].", "(see https://example.org/a)": "(see [uri|https://example.org/a)]",
		"http://localhost:8080/x": "", "https://de.example.org/Müller": "", "https://example.org/?q=ü": "[uri|https://example.org/?q=ü]",
		"simplex:/example": "", "_https://example.org": "",
		short: "[simplexLink contact|" + short + "]", "https://example.com" + full: "[simplexLink contact|https://example.com" + full + "]",
		"simplex:" + full:                    "[simplexLink contact|simplex:" + full + "]",
		"[click](https://example.org)":       "[hyperLink click https://example.org|[click](https://example.org)]",
		"[example.org](https://example.org)": "[hyperLink example.org https://example.org|[example.org](https://example.org)]",
		"[https://a.org](https://b.org)":     "", "[a.b](https://a.org)": "", "[click](example.org)": "", "[click](https://example.org )": "",
		"[Join me](" + short + ")": "[simplexLink contact Join me|[Join me](" + short + ")]", "[x](simplex:" + full + ")": "",
	} {
		if text == "" {
			continue
		}
		if got := shownPieces(t, alice, text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

// FuzzMarkdown: every text can be read; no piece is empty, and all letters of the
// pieces stand in the text in that order.
func FuzzMarkdown(f *testing.F) {
	for _, s := range []string{"*a* _b_", "#a##", "!red x!", "[a](https://b.org)", "@'a b'!", "send /'x y'", "+1 (2) 3456789", "https://a.org/b).\n\n/x"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		rest := text
		for _, piece := range sim.Markdown(text) {
			if piece == "" {
				t.Fatalf("%q: an empty piece", text)
			}
			for i := range len(piece) {
				at := strings.IndexByte(rest, piece[i])
				if at < 0 {
					t.Fatalf("%q: the piece %q", text, piece)
				}
				rest = rest[at+1:]
			}
		}
	})
}
