package check

import (
	"strings"

	"github.com/simplex-lua/simplex-lua/luaapi/lua51/scan"
)

// token is a word of the source. Kind is one of the kinds below, or the keyword
// or sign itself.
type token struct {
	pos
	kind string
	text string // of a name or string its value, else as it stands
}

var (
	kindEnd    = scan.EOF.String()
	kindName   = scan.Name.String()
	kindNumber = scan.Number.String()
	kindString = scan.String.String()
)

// tokens splits a script that is known to be free of syntax errors; it ends where
// there is one.
func tokens(src string) []token {
	src = strings.TrimPrefix(src, "\ufeff")
	if strings.HasPrefix(src, "#") { // as "#!": the line stays, so that lines count
		src = "--" + src[1:]
	}
	lexer, at := scan.New(src), pos{1, 1}
	var out []token
	for read := 0; ; {
		t, err := lexer.Next()
		if err != nil {
			t.Kind, t.Start = scan.EOF, read
		}
		at = at.behind(src[read:t.Start])
		read = t.Start
		word := token{pos: at, kind: t.Kind.String(), text: t.Text}
		if t.Kind == scan.Number || t.Kind == scan.Other {
			word.text = src[t.Start:t.End]
		}
		out = append(out, word)
		if t.Kind == scan.EOF {
			return out
		}
	}
}

// behind is the place after a piece of text that begins at p.
func (p pos) behind(text string) pos {
	if i := strings.LastIndexByte(text, '\n'); i >= 0 {
		return pos{p.line + strings.Count(text, "\n"), len(text) - i}
	}
	return pos{p.line, p.column + len(text)}
}
