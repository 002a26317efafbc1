package compiler

import (
	"fmt"
	"strings"

	"github.com/simplex-lua/simplex-lua/luaapi/lua51/number"
)

// lexer cuts the source into tokens.
type lexer struct {
	src  string
	pos  int // the next byte
	line int
	// lineStart is where the current line begins, for columns.
	lineStart int
}

// stopError ends the compilation; Compile returns it as an *Error.
type stopError struct{ err *Error }

// fail stops with a message about the source near start, which the message
// quotes if it is not "".
func (lx *lexer) fail(line int, message, near string) {
	if near != "" {
		message = fmt.Sprintf("%s near '%s'", message, near)
	}
	panic(stopError{&Error{Line: line, Column: lx.pos - lx.lineStart + 1, Message: message}})
}

func (lx *lexer) peek() byte { return lx.at(0) }

// at returns the byte n after the current one, 0 beyond the end.
func (lx *lexer) at(n int) byte {
	if lx.pos+n < len(lx.src) {
		return lx.src[lx.pos+n]
	}
	return 0
}

func (lx *lexer) ended() bool { return lx.pos >= len(lx.src) }

// next returns the next token.
func (lx *lexer) next() token {
	lx.skip()
	t := token{start: lx.pos, line: lx.line}
	if lx.ended() {
		t.end = lx.pos
		return t
	}
	switch c := lx.peek(); {
	case isNameStart(c):
		for lx.pos++; isNamePart(lx.peek()); lx.pos++ {
		}
		t.text = lx.src[t.start:lx.pos]
		t.kind = tokName
		if k, ok := keywords[t.text]; ok {
			t.kind = k
		}
	case isDigit(c), c == '.' && isDigit(lx.at(1)):
		t.kind, t.number = tokNumber, lx.number()
	case c == '"', c == '\'':
		t.kind, t.text = tokString, lx.quoted(c)
	case c == '[' && (lx.at(1) == '[' || lx.at(1) == '='):
		level := lx.longBracket()
		if level < 0 {
			lx.fail(lx.line, "invalid long string delimiter", lx.src[t.start:lx.pos])
		}
		t.kind, t.text = tokString, lx.long(level, "string")
	default:
		t.kind = lx.operator(c)
	}
	t.end, t.line = lx.pos, lx.line
	return t
}

// skip passes over white space and comments.
func (lx *lexer) skip() {
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

func (lx *lexer) comment() {
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
func (lx *lexer) newline() {
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
func (lx *lexer) longBracket() int {
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
func (lx *lexer) long(level int, what string) string {
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

func (lx *lexer) number() float64 {
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
func (lx *lexer) operator(c byte) kind {
	lx.pos++
	two := func(second byte, yes, no kind) kind {
		if lx.peek() == second {
			lx.pos++
			return yes
		}
		return no
	}
	switch c {
	case '=':
		return two('=', tokEq, tokAssign)
	case '<':
		return two('=', tokLe, tokLt)
	case '>':
		return two('=', tokGe, tokGt)
	case ':':
		return two(':', tokDoubleColon, tokColon)
	case '~':
		return two('=', tokNe, tokOther)
	case '.':
		if lx.peek() != '.' {
			return tokDot
		}
		lx.pos++
		return two('.', tokDots, tokConcat)
	}
	if k, ok := singles[c]; ok {
		return k
	}
	return tokOther
}

var singles = map[byte]kind{
	'+': tokPlus, '-': tokMinus, '*': tokStar, '/': tokSlash, '%': tokPercent, '^': tokCaret, '#': tokHash,
	'(': tokOpenParen, ')': tokCloseParen, '{': tokOpenBrace, '}': tokCloseBrace, '[': tokOpenBracket,
	']': tokCloseBracket, ';': tokSemicolon, ',': tokComma,
}

func isDigit(c byte) bool     { return c >= '0' && c <= '9' }
func isNameStart(c byte) bool { return c == '_' || c|0x20 >= 'a' && c|0x20 <= 'z' }
func isNamePart(c byte) bool  { return isNameStart(c) || isDigit(c) }
