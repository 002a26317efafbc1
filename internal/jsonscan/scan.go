package jsonscan

import (
	"encoding/binary"
	"math/bits"
	"unicode/utf16"
	"unicode/utf8"
)

// space goes behind white space.
func (c *Cursor) space() { c.pos = space(c.data, c.pos) }

// space returns where white space that begins at i ends: in what the core
// writes, there is none.
func space(data []byte, i int) int {
	if i < len(data) && data[i] > ' ' {
		return i
	}
	return blanks(data, i)
}

func blanks(data []byte, i int) int {
	for i < len(data) && data[i] <= ' ' {
		switch data[i] {
		case ' ', '\t', '\n', '\r':
			i++
		default:
			return i
		}
	}
	return i
}

// byte goes behind b if it stands next.
func (c *Cursor) byte(b byte) bool {
	if c.err != nil || c.pos >= len(c.data) || c.data[c.pos] != b {
		return false
	}
	c.pos++
	return true
}

// skip goes behind a value. Most of a text is skipped, so this keeps its state
// in local variables.
func (c *Cursor) skip() {
	if c.err != nil {
		return
	}
	s := skipper{data: c.data}
	end := s.value(c.pos, c.depth)
	c.pos = end
	if s.reason != "" {
		c.fail(s.reason)
	}
}

// skipString goes behind a string. It reports whether the bytes between the
// quotes are the string as it is: no escapes, all ASCII.
func (c *Cursor) skipString() (plain bool) {
	s := skipper{data: c.data}
	c.pos, plain = s.str(c.pos)
	if s.reason != "" {
		c.fail(s.reason)
	}
	return plain
}

// skipper checks values. Its methods take where to begin and return where they
// ended; after an error that is the place of the error.
type skipper struct {
	data   []byte
	reason string // of the error
}

func (s *skipper) fail(i int, reason string) int {
	s.reason = reason
	return i
}

func (s *skipper) value(i, depth int) int {
	if i >= len(s.data) {
		return s.fail(i, "want a value")
	}
	switch b := s.data[i]; {
	case b == '"':
		i, _ = s.str(i)
		return i
	case b == '{' || b == '[':
		return s.container(i, depth+1)
	case b == 't':
		return s.word(i, "true")
	case b == 'f':
		return s.word(i, "false")
	case b == 'n':
		return s.word(i, "null")
	case b == '-' || b >= '0' && b <= '9':
		return s.number(i)
	}
	return s.fail(i, "want a value")
}

func (s *skipper) word(i int, w string) int {
	if len(s.data)-i < len(w) || string(s.data[i:i+len(w)]) != w {
		return s.fail(i, "want "+w)
	}
	return i + len(w)
}

// container goes behind an object or array.
func (s *skipper) container(i, depth int) int {
	if depth > MaxDepth {
		return s.fail(i, tooDeep)
	}
	object := s.data[i] == '{'
	closing := s.data[i] + 2 // ']' and '}' stand two behind their openings
	i = space(s.data, i+1)
	if i < len(s.data) && s.data[i] == closing {
		return i + 1
	}
	for {
		if object {
			if i, _ = s.str(i); s.reason != "" {
				return i
			}
			i = space(s.data, i)
			if i >= len(s.data) || s.data[i] != ':' {
				return s.fail(i, wantColon)
			}
			i = space(s.data, i+1)
		}
		if i = s.value(i, depth); s.reason != "" {
			return i
		}
		i = space(s.data, i)
		switch {
		case i < len(s.data) && s.data[i] == ',':
			i = space(s.data, i+1)
		case i < len(s.data) && s.data[i] == closing:
			return i + 1
		case object:
			return s.fail(i, wantField)
		default:
			return s.fail(i, wantElement)
		}
	}
}

const (
	wantColon   = "want a colon after the name of a field"
	wantField   = "want a comma or } after a field"
	wantElement = "want a comma or ] after a value"
)

// special marks the bytes at which skipping a string has to think.
var special = func() (t [256]bool) {
	for b := range t {
		t[b] = b < ' ' || b == '"' || b == '\\' || b >= utf8.RuneSelf
	}
	return t
}()

// nextSpecial returns the place of the first special byte from i on, len(data)
// where there is none. It looks at eight bytes at once.
func nextSpecial(data []byte, i int) int {
	const ones, high = 0x0101010101010101, 0x8080808080808080
	for ; i+8 <= len(data); i += 8 {
		w := binary.LittleEndian.Uint64(data[i:])
		// A byte less one has its high bit set where it was 0 (or above 0x80): so
		// quotes and backslashes are found as zeros, control characters as what falls
		// below 0x20. A borrow from one byte to the next comes after a hit, and only
		// the first hit is used.
		quote, slash := w^('"'*ones), w^('\\'*ones)
		hits := ((quote-ones)&^quote | (slash-ones)&^slash | (w - ' '*ones) | w) & high
		if hits != 0 {
			return i + bits.TrailingZeros64(hits)/8
		}
	}
	for i < len(data) && !special[data[i]] {
		i++
	}
	return i
}

// str goes behind a string. plain tells that the bytes between the quotes are the
// string as it is.
func (s *skipper) str(i int) (end int, plain bool) {
	data := s.data
	if i >= len(data) || data[i] != '"' {
		return s.fail(i, "want a string"), false
	}
	plain = true
	for i = nextSpecial(data, i+1); i < len(data); i = nextSpecial(data, i) {
		switch b := data[i]; {
		case b == '"':
			return i + 1, plain
		case b == '\\':
			plain = false
			n, reason := escape(data[i:])
			if reason != "" {
				return s.fail(i, reason), false
			}
			i += n
		case b < ' ':
			return s.fail(i, "a control character in a string"), false
		default:
			plain = false
			for i < len(data) && data[i] >= utf8.RuneSelf {
				i++
			}
		}
	}
	return s.fail(i, "want the end of the string"), false
}

// escape checks the escape that s begins with and returns its length.
func escape(s []byte) (n int, reason string) {
	if len(s) < 2 {
		return 0, "want an escape"
	}
	switch s[1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return 2, ""
	case 'u':
		if hex4(s) >= 0 {
			return 6, ""
		}
	}
	return 0, "a bad escape in a string"
}

// hex4 reads \uXXXX at the beginning of s; -1 where that does not stand there.
func hex4(s []byte) rune {
	if len(s) < 6 || s[0] != '\\' || s[1] != 'u' {
		return -1
	}
	var r rune
	for _, b := range s[2:6] {
		switch {
		case b >= '0' && b <= '9':
			b -= '0'
		case b >= 'a' && b <= 'f':
			b -= 'a' - 10
		case b >= 'A' && b <= 'F':
			b -= 'A' - 10
		default:
			return -1
		}
		r = r<<4 | rune(b)
	}
	return r
}

// text reads a string and returns its bytes, a part of the data where it is plain.
func (c *Cursor) text() []byte {
	from := c.pos + 1
	plain := c.skipString()
	if c.err != nil {
		return nil
	}
	s := c.data[from : c.pos-1]
	if plain {
		return s
	}
	return unescape(s)
}

// unescape resolves the escapes of a string that was checked.
func unescape(s []byte) []byte {
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); {
		b := s[i]
		switch {
		case b == '\\' && s[i+1] == 'u':
			r := hex4(s[i:])
			i += 6
			if utf16.IsSurrogate(r) {
				second := hex4(s[i:])
				if r = utf16.DecodeRune(r, second); r != utf8.RuneError {
					i += 6
				}
			}
			out = utf8.AppendRune(out, r)
		case b == '\\':
			out = append(out, unescaped[s[i+1]])
			i += 2
		case b < utf8.RuneSelf:
			out = append(out, b)
			i++
		default:
			r, n := utf8.DecodeRune(s[i:])
			out = utf8.AppendRune(out, r)
			i += n
		}
	}
	return out
}

var unescaped = [256]byte{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

func (s *skipper) number(i int) int {
	if s.data[i] == '-' {
		i++
	}
	if i < len(s.data) && s.data[i] == '0' {
		i++
	} else {
		from := i
		if i = s.digits(i); i == from {
			return s.fail(i, "want a digit")
		}
	}
	if i < len(s.data) && s.data[i] == '.' {
		from := i + 1
		if i = s.digits(from); i == from {
			return s.fail(i, "want a digit after the point")
		}
	}
	if i < len(s.data) && (s.data[i] == 'e' || s.data[i] == 'E') {
		i++
		if i < len(s.data) && (s.data[i] == '+' || s.data[i] == '-') {
			i++
		}
		from := i
		if i = s.digits(from); i == from {
			return s.fail(i, "want a digit in the exponent")
		}
	}
	return i
}

func (s *skipper) digits(i int) int {
	for i < len(s.data) && s.data[i] >= '0' && s.data[i] <= '9' {
		i++
	}
	return i
}
