package compiler

import (
	"fmt"
	"strings"

	"github.com/simplex-lua/simplex-lua/luaapi/lua51/scan"
)

// open is a block that is being read.
type open struct {
	kind scan.Kind // its first word
	line int
}

// What people who come from other languages write, by how it begins.
var foreignSigns = []struct{ sign, hint string }{
	{"!=", "Lua writes ~="}, {"!", "Lua writes not"}, {"&&", "Lua writes and"}, {"||", "Lua writes or"},
	{"++", "Lua has no ++: write x = x + 1"}, {"+=", "Lua has no +=: write x = x + y"}, {"-=", "Lua has no -=: write x = x - y"},
	{"*=", "Lua has no *=: write x = x * y"}, {"/=", "Lua has no /=: write x = x / y"}, {"..=", "Lua has no ..=: write x = x .. y"},
	{"//", "a comment begins with --"}, {"/*", "a comment begins with --"}, {"?", "Lua writes a and b or c"},
	{"“", `a string stands in " or '`}, {"”", `a string stands in " or '`}, {"„", `a string stands in " or '`},
	{"‘", `a string stands in " or '`}, {"’", `a string stands in " or '`}, {"`", `a string stands in " or '`},
}

// The same by the word that stands where a statement begins.
var foreignWords = map[string]string{
	"continue": "Lua has no continue: write goto continue, and ::continue:: before the loop's end",
	"let":      "Lua writes local", "var": "Lua writes local", "const": "Lua writes local",
	"elif": "Lua writes elseif", "elsif": "Lua writes elseif",
	"func": "Lua writes function", "def": "Lua writes function",
	"import": "Lua writes require", "switch": "Lua has no switch: write if and elseif",
}

// hint says what may be meant where a message ends the compilation, "" if that is
// not known.
func (p *parser) hint(message string) string {
	rest := p.src[p.tok.Start:]
	for _, f := range foreignSigns {
		if strings.HasPrefix(rest, f.sign) {
			return f.hint
		}
	}
	switch {
	case p.last.Kind == scan.Slash && p.last.End == p.tok.Start && (p.tok.Kind == scan.Slash || p.tok.Kind == scan.Star):
		return "a comment begins with --"
	case message == "'then' expected" && p.tok.Kind == scan.Assign, message == "'do' expected" && p.tok.Kind == scan.Assign:
		return "a comparison is written =="
	case message == "'=' expected":
		return foreignWords[p.src[p.last.Start:p.last.End]]
	case message == "'<eof>' expected" && p.tok.Kind == scan.End:
		return "there is one end too many"
	case strings.HasPrefix(message, "'end' expected") && p.elseIf > 0:
		return fmt.Sprintf("the else if of line %d needs an end of its own; elseif does not", p.elseIf)
	}
	return ""
}

// unended stops at a closing bracket where a statement should begin: mostly the
// innermost block has no end.
func (p *parser) unended() {
	hint := ""
	if n := len(p.opened); n > 0 {
		ends := scan.End
		if p.opened[n-1].kind == scan.Repeat {
			ends = scan.Until
		}
		hint = fmt.Sprintf("'%s' of line %d has no '%s'", p.opened[n-1].kind, p.opened[n-1].line, ends)
	}
	p.failHint("unexpected symbol", hint)
}
