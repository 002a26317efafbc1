package re

import (
	"errors"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/simplex-lua/simplex-lua/luaapi/module"
)

// One search at a time finds what all at once do, whatever the expression asks
// of the text before a match.
func TestScan(t *testing.T) {
	t.Parallel()
	piece := rapid.SampledFrom([]string{"a", "b", `\w`, `\b`, `\B`, "^", "$", `\A`, "(?m)", "(?m:^)", "é", ".", "x*", "(a|ab)", "(?:", ")", "|", "(b)?", "+?", "[^a]", `\s`, "(?i)", "(?P<n>a*)"})
	part := rapid.SampledFrom([]string{"a", "b", "ab", "x", "é", "\n", " ", "\xc3", "\xa9", "€", "B"})
	rapid.Check(t, func(t *rapid.T) {
		pattern := strings.Join(rapid.SliceOfN(piece, 0, 6).Draw(t, "pattern"), "")
		text := strings.Join(rapid.SliceOfN(part, 0, 10).Draw(t, "text"), "")
		e, err := compile(pattern)
		if want, wrong := regexp.Compile(pattern); wrong != nil {
			if err == nil {
				t.Fatalf("%q compiled", pattern)
			}
			return
		} else if err != nil || e.re.String() != want.String() {
			t.Fatalf("%q: %v", pattern, err)
		}
		var got [][]int
		matches := search{expression: e, text: text}.scan()
		for at := matches.next(); at != nil; at = matches.next() {
			got = append(got, at)
		}
		if want := e.re.FindAllStringSubmatchIndex(text, -1); !reflect.DeepEqual(got, want) {
			t.Fatalf("%q in %q: got %v, want %v", pattern, text, got, want)
		}
	})
}

func TestBegin(t *testing.T) {
	t.Parallel()
	const text = "aé€\xe2\x82b"
	for from := range len(text) + 1 {
		want := from
		for i := range text { // where characters begin
			if i >= from {
				want = i
				break
			}
			want = len(text)
		}
		if got := begin(text, from); got != want {
			t.Errorf("from %d: got %d, want %d", from, got, want)
		}
	}
	if begin("", 0) != 0 || utf8.ValidString(text) {
		t.Error("the text should have a part of a character")
	}
}

// A short expression may stand for a long program: neither it nor what it takes
// to search for it is without bounds.
func TestBounds(t *testing.T) {
	t.Parallel()
	_, err := compile(strings.Repeat(`\w{1000}`, 70))
	if e := (*module.Error)(nil); !errors.As(err, &e) || e.Type != module.ErrLimit {
		t.Errorf("a pattern of many steps: %v", err)
	}
	e, err := compile(`(\w?){1000}`)
	if err != nil {
		t.Fatal(err)
	}
	if err := e.check(strings.Repeat("a", 100<<10)); err != nil {
		t.Errorf("100 KiB: %v", err)
	}
	if err := e.check(strings.Repeat("a", maxText)); err == nil {
		t.Error("1 MiB was taken for a pattern of thousands of steps")
	}
}
