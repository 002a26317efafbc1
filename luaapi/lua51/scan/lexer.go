package scan

import (
	"fmt"
	"strings"

	"github.com/simplex-lua/simplex-lua/luaapi/lua51/number"
)

// Lexer cuts the source of a chunk into tokens. It is not safe for use by several
// goroutines.
type Lexer struct {
	src  string
	pos  int // the next byte
	line int
	// lineStart is where the current line begins, for columns.
	lineStart int
}

// New returns a Lexer before the first token of src.
func New(src string) *Lexer { return &Lexer{src: src, line: 1} }

// Error is a source that has no next token.
type Error struct {
	// Line and Column say where, both from 1.
	Line, Column int
	// Message is Lua's text without the position.
	Message string
}

// Error returns the line and the message.
func (e *Error) Error() string { return fmt.Sprintf("%d: %s", e.Line, e.Message) }

// Next returns the next token, again and again EOF at the end. The error is an
// *Error, after which nothing more can be read.
func (lx *Lexer) Next() (t Token, err error) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case *Error:
			err = r
		default:
			panic(r)
		}
	}()
	return lx.next(), nil
}

// Column returns the column, from 1, behind what has been read.
func (lx *Lexer) Column() int { return lx.pos - lx.lineStart + 1 }

// fail ends Next with a message about the source near start, which the message
// quotes if it is not "".
func (lx *Lexer) fail(line int, message, near string) {
	if near != "" {
		message = fmt.Sprintf("%s near '%s'", message, near)
	}
	panic(&Error{Line: line, Column: lx.Column(), Message: message})
}

func (lx *Lexer) peek() byte { return lx.at(0) }

// at returns the byte n after the current one, 0 beyond the end.
func (lx *Lexer) at(n int) byte {
	if lx.pos+n < len(lx.src) {
		return lx.src[lx.pos+n]
	}
	return 0
}

func (lx *Lexer) ended() bool { return lx.pos >= len(lx.src) }

func (lx *Lexer) next() Token {
	lx.skip()
	t := Token{Start: lx.pos, Line: lx.line}
	if lx.ended() {
		t.End = lx.pos
		return t
	}
	switch c := lx.peek(); {
	case isNameStart(c):
		for lx.pos++; isNamePart(lx.peek()); lx.pos++ {
		}
		t.Text = lx.src[t.Start:lx.pos]
		t.Kind = Name
		if k, ok := keywords[t.Text]; ok {
			t.Kind = k
		}
	case isDigit(c), c == '.' && isDigit(lx.at(1)):
		t.Kind, t.Number = Number, lx.number()
	case c == '"', c == '\'':
		t.Kind, t.Text = String, lx.quoted(c)
	case c == '[' && (lx.at(1) == '[' || lx.at(1) == '='):
		level := lx.longBracket()
		if level < 0 {
			lx.fail(lx.line, "invalid long string delimiter", lx.src[t.Start:lx.pos])
		}
		t.Kind, t.Text = String, lx.long(level, "string")
	default:
		t.Kind = lx.operator(c)
	}
	t.End, t.Line = lx.pos, lx.line
	return t
}

// skip passes over white space and comments.
func (lx *Lexer) skip() {
	for !lx.ended() {
		switch c := lx.peek(); {
		case c == '\n' || c == '\r':
			lx.newline()
		case c == ' ' || c == '\t' || c == '\v' || c == '\f':
			lx.pos++
		case c == '-' && lx.at(1) == '-':
			lx.pos += 2
			lx.comment()
		default:
			return
		}
	}
}

func (lx *Lexer) comment() {
	if lx.peek() == '[' {
		start := lx.pos
		if level := lx.longBracket(); level >= 0 {
			lx.long(level, "comment")
			return
		}
		lx.pos = start
	}
	for !lx.ended() && lx.peek() != '\n' && lx.peek() != '\r' {
		lx.pos++
	}
}

// newline passes over one line end: \n, \r, \r\n or \n\r.
func (lx *Lexer) newline() {
	c := lx.peek()
	lx.pos++
	if d := lx.peek(); (d == '\n' || d == '\r') && d != c {
		lx.pos++
	}
	lx.line++
	lx.lineStart = lx.pos
}

// longBracket passes over "[", equal signs and "[" and returns how many equal
// signs there were, or -1 if it is something else.
func (lx *Lexer) longBracket() int {
	level := 0
	for lx.pos++; lx.peek() == '='; lx.pos++ {
		level++
	}
	if lx.peek() != '[' {
		return -1
	}
	lx.pos++
	return level
}

// long reads a long string or comment up to its closing bracket.
func (lx *Lexer) long(level int, what string) string {
	if c := lx.peek(); c == '\n' || c == '\r' {
		lx.newline()
	}
	closing := "]" + strings.Repeat("=", level) + "]"
	start, plain := lx.pos, true
	for !lx.ended() {
		switch c := lx.peek(); {
		case c == ']' && strings.HasPrefix(lx.src[lx.pos:], closing):
			text := lx.src[start:lx.pos]
			lx.pos += len(closing)
			if !plain {
				text = normalizeNewlines(text)
			}
			return text
		case c == '\n' || c == '\r':
			plain = plain && c == '\n' && lx.at(1) != '\r'
			lx.newline()
		case c == '[' && level == 0 && lx.at(1) == '[':
			// The first ]] would end the string, not the inner pair.
			lx.fail(lx.line, "nesting of [[...]] is deprecated", "[")
		default:
			lx.pos++
		}
	}
	lx.fail(lx.line, "unfinished long "+what, "<eof>")
	return ""
}

// normalizeNewlines makes each line end a single \n.
func normalizeNewlines(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c != '\n' && c != '\r' {
			b.WriteByte(c)
			continue
		}
		b.WriteByte('\n')
		if i+1 < len(s) && (s[i+1] == '\n' || s[i+1] == '\r') && s[i+1] != c {
			i++
		}
	}
	return b.String()
}

func (lx *Lexer) number() float64 {
	start := lx.pos
	for isDigit(lx.peek()) || lx.peek() == '.' {
		lx.pos++
	}
	if c := lx.peek(); c == 'e' || c == 'E' {
		if lx.pos++; lx.peek() == '+' || lx.peek() == '-' {
			lx.pos++
		}
	}
	for isNamePart(lx.peek()) {
		lx.pos++
	}
	text := lx.src[start:lx.pos]
	f, ok := number.Parse(text)
	if !ok {
		lx.fail(lx.line, "malformed number", text)
	}
	return f
}

// operator reads an operator or separator that starts with c.
func (lx *Lexer) operator(c byte) Kind {
	lx.pos++
	two := func(second byte, yes, no Kind) Kind {
		if lx.peek() == second {
			lx.pos++
			return yes
		}
		return no
	}
	switch c {
	case '=':
		return two('=', Eq, Assign)
	case '<':
		return two('=', Le, Lt)
	case '>':
		return two('=', Ge, Gt)
	case ':':
		return two(':', DoubleColon, Colon)
	case '~':
		return two('=', Ne, Other)
	case '.':
		if lx.peek() != '.' {
			return Dot
		}
		lx.pos++
		return two('.', Dots, Concat)
	}
	if k, ok := singles[c]; ok {
		return k
	}
	return Other
}

var singles = map[byte]Kind{
	'+': Plus, '-': Minus, '*': Star, '/': Slash, '%': Percent, '^': Caret, '#': Hash,
	'(': OpenParen, ')': CloseParen, '{': OpenBrace, '}': CloseBrace, '[': OpenBracket,
	']': CloseBracket, ';': Semicolon, ',': Comma,
}

func isDigit(c byte) bool     { return c >= '0' && c <= '9' }
func isNameStart(c byte) bool { return c == '_' || c|0x20 >= 'a' && c|0x20 <= 'z' }
func isNamePart(c byte) bool  { return isNameStart(c) || isDigit(c) }
