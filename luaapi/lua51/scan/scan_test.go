package scan

import (
	"errors"
	"strings"
	"testing"
)

func TestNext(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ src, want string }{
		{"", "<eof>"},
		{"local x = 1 -- c\nreturn x", "local <name>:x = <number>:1 return <name>:x <eof>"},
		{`"\65\065\x41\u{48}\z   b\n\q"`, "<string>:AAAHb\nq <eof>"},
		{"[==[\r\na]]]==] --[[ no ]] '\\'' ", "<string>:a]] <string>:' <eof>"},
		{"a.b:c(...)..~=<=::@", "<name>:a . <name>:b : <name>:c ( ... ) .. ~= <= :: ? <eof>"},
		{"0x10 1e2 .5 goto", "<number>:0x10 <number>:1e2 <number>:.5 <name>:goto <eof>"},
	} {
		var got []string
		for lx := New(tt.src); ; {
			tok, err := lx.Next()
			if err != nil {
				t.Fatalf("%q: %v", tt.src, err)
			}
			word := tok.Kind.String()
			switch tok.Kind {
			case Name, String:
				word += ":" + tok.Text
			case Number:
				word += ":" + tt.src[tok.Start:tok.End]
			}
			if got = append(got, word); tok.Kind == EOF {
				break
			}
		}
		if strings.Join(got, " ") != tt.want {
			t.Errorf("%q: got %q, want %q", tt.src, got, tt.want)
		}
	}
}

func TestErrors(t *testing.T) {
	t.Parallel()
	for src, want := range map[string]string{
		"x = 'a":       "1: unfinished string near '<eof>'",
		"\n\n[==[":     "3: unfinished long string near '<eof>'",
		"3x":           "1: malformed number near '3x'",
		`"\300"`:       `1: escape sequence too large near '"'`,
		"\r\n[=":       "2: invalid long string delimiter near '[='",
		"--[[ [[ ]] x": "1: nesting of [[...]] is deprecated near '['",
	} {
		lx := New(src)
		tok, err := lx.Next()
		for err == nil && tok.Kind != EOF {
			tok, err = lx.Next()
		}
		if bad := (*Error)(nil); !errors.As(err, &bad) || bad.Error() != want || bad.Column < 1 {
			t.Errorf("%q: got %v, want %s", src, err, want)
		}
	}
}

// FuzzNext: tokens follow on each other, and only an *Error ends them early.
func FuzzNext(f *testing.F) {
	for _, src := range []string{"a=1", `'\z`, "[=[", "--[[", "\"\\u{110000}\"", "0x.p1", "\xff\x00", "a\n\r\n\rb"} {
		f.Add(src)
	}
	f.Fuzz(func(t *testing.T, src string) {
		for lx, end := New(src), 0; ; {
			tok, err := lx.Next()
			if err != nil {
				if bad := (*Error)(nil); !errors.As(err, &bad) {
					t.Fatalf("%q: got %T", src, err)
				}
				return
			}
			if tok.Start < end || tok.End < tok.Start || tok.End > len(src) || tok.Line < 1 || lx.Column() < 1 {
				t.Fatalf("%q: got %+v after %d", src, tok, end)
			}
			if end = tok.End; tok.Kind == EOF {
				return
			}
		}
	})
}
