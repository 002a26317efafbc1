package luaapi

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/simplex-lua/simplex-lua/luaapi/luaconv"
)

func TestSplitText(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text   string
		first, limit int
		want         []string
	}{
		{"fits", "one two", 7, 7, []string{"one two"}},
		{"words", "one two three", 7, 7, []string{"one two", "three"}},
		{"a word that ends where the room ends", "one two", 3, 3, []string{"one", "two"}},
		{"lines before words", "ab cd\nef gh ij", 9, 9, []string{"ab cd", "ef gh ij"}},
		{"an early line end does not make a tiny part", "a\nbb cc dd ee ff", 12, 12, []string{"a\nbb cc dd", "ee ff"}},
		{"white space at a cut goes, an indent stays", "aaaa \n\n  bbbb cc", 8, 8, []string{"aaaa", "  bbbb", "cc"}},
		{"a smaller first part", "aaa bbb ccc ddd", 4, 11, []string{"aaa", "bbb ccc ddd"}},
		{"escapes count", `""" """`, 6, 6, []string{`"""`, `"""`}},
		{"control characters count six", "\x01\x01", 6, 6, []string{"\x01", "\x01"}},
		{"a word that is too long", "aaaabbbb", 4, 4, []string{"aaaa", "bbbb"}},
		{"code points stay whole", "日本語", 4, 4, []string{"日", "本", "語"}},
		{"accents stay with their letter", "abcde\u0301f", 5, 5, []string{"abcd", "e\u0301f"}},
		{"joined emoji stay whole", "xx👩\u200d👧yy", 14, 14, []string{"xx👩\u200d👧y", "y"}},
		{"joined emoji move on as one", "xxxx👩\u200d👧", 14, 14, []string{"xxxx", "👩\u200d👧"}},
		{"flags stay whole", "🇩🇪🇫🇷🇮🇹", 20, 20, []string{"🇩🇪🇫🇷", "🇮🇹"}},
		{"digits with a keycap stay whole", "xxxxxxxxx1\ufe0f\u20e3y", 14, 14, []string{"xxxxxxxxx", "1\ufe0f\u20e3y"}},
		{"letters that begin a character stay with it", "xxxxxxxxx\u0600\u0661\u0662", 12, 12, []string{"xxxxxxxxx", "\u0600\u0661\u0662"}},
		{"links stay whole", "see https://example.org/page now", 24, 24, []string{"see", "https://example.org/page", "now"}},
		{"bold stays whole", "aaa bbb *cc dd* ee", 13, 13, []string{"aaa bbb", "*cc dd* ee"}},
		{"code stays whole", "aaa bbb `cc dd` ee", 13, 13, []string{"aaa bbb", "`cc dd` ee"}},
		{"colours stay whole", "aaa bbb !1 dd! ee", 13, 13, []string{"aaa bbb", "!1 dd! ee"}},
		{"names stay whole", "aaa bbb @'c d' ee", 13, 13, []string{"aaa bbb", "@'c d' ee"}},
		{"named links stay whole", "aaa bbb [c d](x.yz) ee", 16, 16, []string{"aaa bbb", "[c d](x.yz) ee"}},
		{"a star alone is no mark", "aaa * bbb * ccc", 9, 9, []string{"aaa * bbb", "* ccc"}},
		{"blocks stay whole", "text\n```\na b\nc\n```\nend", 21, 21, []string{"text", "```\na b\nc\n```\nend"}},
		{"a longer block is cut at its lines", "```\naaaa\nbbbb\n```", 12, 12, []string{"```\naaaa", "bbbb\n```"}},
		{"a mark that is too long is cut at words", "*aaa bbb ccc*", 8, 8, []string{"*aaa bbb", "ccc*"}},
		{"white space only", "     ", 3, 3, []string{"   "}},
		{"no-break spaces hold", "aa bb\u00a0cc", 9, 9, []string{"aa bb\u00a0cc"}},
		{"nothing after the last cut", "aaa bbb   ", 7, 7, []string{"aaa bbb"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := splitText(tt.text, tt.first, tt.limit); !slices.Equal(got, tt.want) {
				t.Errorf("got %q\nwant %q", got, tt.want)
			}
			if err := checkParts(tt.text, splitText(tt.text, tt.first, tt.limit), tt.first, tt.limit); err != nil && !strings.Contains(tt.name, "only") {
				t.Error(err)
			}
		})
	}
}

// checkParts tells what is wrong with the parts of a text.
func checkParts(text string, parts []string, first, limit int) error {
	at, room := 0, first
	for i, p := range parts {
		j, err := luaconv.AppendString(nil, p)
		switch {
		case !utf8.ValidString(p) || err >= 0:
			return fmt.Errorf("part %d is not UTF-8: %q", i, p)
		case p == "":
			return fmt.Errorf("part %d is empty", i)
		case len(j)-2 > room && utf8.RuneCountInString(p) > 1:
			return fmt.Errorf("part %d takes %d bytes, want at most %d", i, len(j)-2, room)
		}
		gap := strings.Index(text[at:], p)
		if gap < 0 || strings.ContainsFunc(text[at:at+gap], notSpace) {
			return fmt.Errorf("part %d, %q, does not follow in %q", i, p, text[at:])
		}
		at += gap + len(p)
		room = limit
	}
	if strings.ContainsFunc(text[at:], notSpace) {
		return fmt.Errorf("%q is left out", text[at:])
	}
	return nil
}

func TestSplitTextFillsItsParts(t *testing.T) {
	t.Parallel()
	text := strings.Repeat("Some words that make up a line of text.\n", 2000)
	parts := splitText(text, maxMessage, maxMessage)
	if err := checkParts(text, parts, maxMessage, maxMessage); err != nil {
		t.Error(err)
	}
	if want := (len(text)+2000)/maxMessage + 1; len(parts) != want {
		t.Errorf("got %d parts, want %d", len(parts), want)
	}
}

func FuzzSplitText(f *testing.F) {
	f.Add("one two\nthree *four five* `six` ```\nseven\n``` 👩\u200d👧 🇩🇪", 10, 12)
	f.Add("!1 a! [b c](d) @'e f' \u00a0\t\r\n\x01\"\\", 6, 6)
	f.Add(strings.Repeat("\n \n", 20), 7, 9)
	f.Add("```\na\n```\n```b``` **c* _d_ e\u0301\u0301", 8, 30)
	f.Fuzz(func(t *testing.T, text string, first, limit int) {
		if !utf8.ValidString(text) || !strings.ContainsFunc(text, notSpace) {
			return
		}
		first, limit = max(first, 6)%maxMessage, max(limit, 6)%maxMessage
		if first < 6 || limit < 6 {
			return
		}
		if err := checkParts(text, splitText(text, first, limit), first, limit); err != nil {
			t.Error(err)
		}
	})
}
