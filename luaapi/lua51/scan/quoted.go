package scan

import (
	"strings"
	"unicode/utf8"
)

// quoted reads a string in quotes.
func (lx *Lexer) quoted(quote byte) string {
	lx.pos++
	// Most strings have no escapes and are slices of the source.
	for i := lx.pos; i < len(lx.src); i++ {
		c := lx.src[i]
		if c == quote {
			text := lx.src[lx.pos:i]
			lx.pos = i + 1
			return text
		}
		if c == '\\' || c == '\n' || c == '\r' {
			break
		}
	}
	var b strings.Builder
	for {
		if lx.ended() {
			lx.fail(lx.line, "unfinished string", "<eof>")
		}
		switch c := lx.peek(); c {
		case quote:
			lx.pos++
			return b.String()
		case '\n', '\r':
			lx.fail(lx.line, "unfinished string", string(quote)+b.String())
		case '\\':
			lx.pos++
			lx.escape(&b, quote)
		default:
			b.WriteByte(c)
			lx.pos++
		}
	}
}

// escape reads what follows a backslash.
func (lx *Lexer) escape(b *strings.Builder, quote byte) {
	if lx.ended() {
		lx.fail(lx.line, "unfinished string", "<eof>")
	}
	c := lx.peek()
	switch {
	case c == '\n' || c == '\r':
		b.WriteByte('\n')
		lx.newline()
		return
	case isDigit(c):
		lx.decimalEscape(b, quote)
		return
	case c == 'x' && hexValue(lx.at(1)) < 16 && hexValue(lx.at(2)) < 16:
		b.WriteByte(byte(hexValue(lx.at(1))<<4 | hexValue(lx.at(2))))
		lx.pos += 3
		return
	case c == 'u' && lx.at(1) == '{':
		lx.unicodeEscape(b, quote)
		return
	}
	lx.pos++
	switch c {
	case 'a':
		c = '\a'
	case 'b':
		c = '\b'
	case 'f':
		c = '\f'
	case 'n':
		c = '\n'
	case 'r':
		c = '\r'
	case 't':
		c = '\t'
	case 'v':
		c = '\v'
	case 'z':
		for !lx.ended() {
			switch d := lx.peek(); {
			case d == '\n' || d == '\r':
				lx.newline()
			case d == ' ' || d == '\t' || d == '\v' || d == '\f':
				lx.pos++
			default:
				return
			}
		}
		return
	}
	b.WriteByte(c)
}

func (lx *Lexer) decimalEscape(b *strings.Builder, quote byte) {
	n := 0
	for i := 0; i < 3 && isDigit(lx.peek()); i++ {
		n = n*10 + int(lx.peek()-'0')
		lx.pos++
	}
	if n > 255 {
		lx.fail(lx.line, "escape sequence too large", string(quote)+b.String())
	}
	b.WriteByte(byte(n))
}

func (lx *Lexer) unicodeEscape(b *strings.Builder, quote byte) {
	n, digits := rune(0), 0
	for lx.pos += 2; hexValue(lx.peek()) < 16 && n <= utf8.MaxRune; digits++ {
		n = n<<4 | rune(hexValue(lx.peek()))
		lx.pos++
	}
	if digits == 0 || lx.peek() != '}' || n > utf8.MaxRune {
		lx.fail(lx.line, "invalid UTF-8 escape", string(quote)+b.String())
	}
	lx.pos++
	b.WriteRune(n)
}

// hexValue returns the value of a hexadecimal digit, 16 for other bytes.
func hexValue(c byte) int {
	switch {
	case isDigit(c):
		return int(c - '0')
	case c|0x20 >= 'a' && c|0x20 <= 'f':
		return int(c|0x20-'a') + 10
	}
	return 16
}
