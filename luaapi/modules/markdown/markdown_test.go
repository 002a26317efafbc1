package markdown

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"unicode"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"golang.org/x/net/html"
)

func TestToSimplex(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, text, want string }{
		{"marks", "**bold** *it* _it_ __b__ ~~gone~~ `code`", "*bold* _it_ _it_ *b* ~gone~ `code`"},
		{"the outer mark counts", "**a _b_ `c`** ***d***", "*a b* `c` _d_"},
		{"punctuation before a mark", "see (**so**), \"*x*\"", "see *(so*), _\"x_\""},
		{"a mark inside a word", "**a**b and pre**fix**", "ab and prefix"},
		{"calculations", "2*3*4 and 2**3**4", "2*3*4 and 2**3**4"},
		{"the mark in the text", "**2\\*3** `` a`b ``", "2*3 a`b"},
		{"over lines", "**one\ntwo**", "*one*\n*two*"},
		{"marks by accident", `\*no\* \_no\_ \# !1 red! snake_case 5\*4`, "\u200b*no* \u200b_no_ \u200b# \u200b!1 red! snake_case 5*4"},
		{"after a mark", "**a**_b_ **a**\\*b", "ab a*b"},
		{"headings", "# One\n\nTwo *x*\n---", "*One*\n\n*Two x*"},
		{"links", "[text](https://a.b/c_d) [https://a.b](https://a.b) <https://a.b> <x@a.b> [x@a.b](mailto:x@a.b)",
			"text (https://a.b/c_d) https://a.b https://a.b x@a.b x@a.b"},
		{"titles and references", "[t](/u \"title\") [r]\n\n[r]: /r\n[free]: a remark", "t (/u \"title\") r (/r)\n\n[free]: a remark"},
		{"unused definitions", "[Step]: one", "[Step]: one"},
		{"images", "![a *cat*](cat.png) ![](dog.png)", "a _cat_ (cat.png) dog.png"},
		{"lists", "3. three\n4. four\n   - sub\n     more\n   - [ ] a\n   - [x] b", "3. three\n4. four\n   • sub\n     more\n   • ☐ a\n   • ☑ b"},
		{"loose lists", "* a\n\n* b", "• a\n\n• b"},
		{"empty items", "-\n- b", "•\n• b"},
		{"quotes", "> a\n> > b", "> a\n>\n> > b"},
		{"code", "```lua\nlocal a_b = '*'\n\n  if a then\n\tx`\n```", "lua:\n`local a_b = '*'`\n\n  `if a then`\n    x`"},
		{"code in a list", "- a\n\n  ```\n  x\n  ```", "• a\n\n  `x`"},
		{"tables", "| a | b |\n|---|:-:|\n| 1 | **2** |\n| | x\\|y |", "*a* | *b*\n1 | *2*\n | x|y"},
		{"rules", "a\n\n***\n\nb", "a\n\n———\n\nb"},
		{"html", "<b>x</b>\n\n<div>\n_y_\n</div>", "<b>x</b>\n\n<div>\n\u200b_y_\n</div>"},
		{"entities", "&amp; &lt;b&gt; &copy; \\&amp; AT&T", "& <b> © &amp; AT&T"},
		{"line ends", "a\r\nb\rc  \nd", "a\nb\nc\nd"},
		{"what is no text", "a\x00\xff", "a\ufffd\ufffd"},
		{"nothing", "", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if got := toSimplex(tc.text); got != tc.want {
				t.Errorf("%q\n got %q\nwant %q", tc.text, got, tc.want)
			}
		})
	}
}

func TestFromSimplex(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, text, want string }{
		{"marks", "*bold* _it_ ~gone~ `co_de` #secret# !1 red! !blue sky!", "**bold** *it* ~~gone~~ `co_de` ||secret|| **red** **sky**"},
		{"no marks", "* a* snake_case 2*3 *open _x_ # a", `\* a\* snake\_case 2\*3 \*open \_x\_ # a`},
		{"a shield", "\u200b*no* x\u200b", "\\*no\\* x\u200b"},
		{"lines", "a\nb\n\nc", "a  \nb\n\nc"},
		{"lists", "x\n• a\n  1. b\n• ☐ c\n• ☑ d\ny", "x\n\n- a  \n  1. b  \n- [ ] c  \n- [x] d\n\ny"},
		{"numbers", "1. a\n2. b\n9. c\n007. d\n3.", "1. a  \n2. b\n\n9\\. c  \n007\\. d\n\n3."},
		{"quotes", "> a\n> b\nc", "> a  \n> b\n\nc"},
		{"links", "see https://a.b/c_d, (https://x.y)", "see <https://a.b/c_d>, (<https://x.y>)"},
		{"what begins a block", "# a\n= b\n-c\n———\n    d", "\\# a  \n\\= b  \n\\-c  \n***  \n\u00a0\u00a0\u00a0\u00a0d"},
		{"what Markdown reads", "<b> [x](y) &amp; a|b \\", `\<b> \[x\](y) \&amp; a\|b \\`},
		{"nothing", "", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if got := fromSimplex(tc.text); got != tc.want {
				t.Errorf("%q\n got %q\nwant %q", tc.text, got, tc.want)
			}
		})
	}
}

// Texts that Markdown and SimpleX show in the same way survive both ways.
func TestThereAndBack(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"*Title*\n\nSome *bold* and _italic_ text, `code` and ~not this~.\n\n• one\n• two\n  1. deep\n\n> quoted\n\n———\n\nend",
		"\u200b*no mark* and a_b and 2*3 and https://a.b/c_d (https://x.y)",
		"a\nb\nc", "• ☐ a\n• ☑ b", "12. a\n13. b\n    • c",
	} {
		if got := toSimplex(fromSimplex(text)); got != text {
			t.Errorf("got %q\nwant %q\nthrough %q", got, text, fromSimplex(text))
		}
	}
}

// What takes an ordinary reader of Markdown minutes is read like any other text.
func TestHostileTexts(t *testing.T) {
	t.Parallel()
	for _, s := range []string{">", "> - ", "1. ", "[", "![", "[a](", "[a](<b ", "*a_ ", "x_y*z~", "[a]:b\n", "[a]:b\n\n", "`a``b```", "<a ", "<!--", "- a\n  "} {
		text := strings.Repeat(s, (8<<10)/len(s))
		if out := toSimplex(text); len(out) < len(text)/16 {
			t.Errorf("%d × %q became %d bytes", len(text)/len(s), s, len(out))
		}
		fromSimplex(text)
	}
	if got := toSimplex(strings.Repeat("1. ", 40) + "end"); !strings.HasSuffix(got, "end") || strings.Count(got, "1.") != 40 {
		t.Errorf("got %q", got)
	}
}

func FuzzMarkdown(f *testing.F) {
	for _, s := range []string{
		"# T\n\n**a** *b* ~~c~~ `d` [e](f)", "1. a\n   - b\n\n> c\n", "|a|b|\n|-|-|\n|c|d|e|", "```x\ny\n```", "<b>\n*a", "[a]: b\n[a]", "a\\\nb&amp;", "*a* #b# !1 c!",
		"***a** b*", "- [x] a", "**1\n2**", "![a ![b](c)](d)",
	} {
		f.Add(s)
	}
	reference := goldmark.New(goldmark.WithExtensions(extension.GFM))
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 1<<12 {
			return
		}
		shown := toSimplex(text)
		var page bytes.Buffer
		if err := reference.Convert([]byte(tame(clean(text))), &page); err != nil {
			t.Fatal(err)
		}
		if lost := missing(words(visible(t, page.String())), words(shown)); lost != "" {
			t.Errorf("%q became %q, which has lost %q", text, shown, lost)
		}
		back := fromSimplex(shown)
		page.Reset()
		if err := reference.Convert([]byte(back), &page); err != nil {
			t.Fatal(err)
		}
		if lost := missing(words(shown), words(toSimplex(back))); lost != "" {
			t.Errorf("%q became %q and then %q, which has lost %q", shown, back, toSimplex(back), lost)
		}
		if lost := missing(words(text), words(toSimplex(fromSimplex(text)))); lost != "" && !strings.Contains(text, "!") { // colours have names
			t.Errorf("%q became %q and then %q, which has lost %q", text, fromSimplex(text), toSimplex(fromSimplex(text)), lost)
		}
	})
}

// visible is the text of a page.
func visible(t *testing.T, page string) string {
	var b strings.Builder
	for z := html.NewTokenizer(strings.NewReader(page)); ; {
		switch z.Next() {
		case html.ErrorToken:
			if z.Err() != io.EOF {
				t.Fatal(z.Err())
			}
			return b.String()
		case html.TextToken:
			b.Write(z.Text())
		}
	}
}

// words are the letters and digits of a text.
func words(text string) []rune {
	var out []rune
	for _, c := range text {
		if unicode.IsLetter(c) || unicode.IsDigit(c) {
			out = append(out, c)
		}
	}
	return out
}

// missing returns what is left of the wanted runes when those of got were taken
// in order.
func missing(want, got []rune) string {
	for _, c := range got {
		if len(want) > 0 && c == want[0] {
			want = want[1:]
		}
	}
	return string(want)
}
