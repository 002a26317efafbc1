package check

import (
	"slices"
	"strconv"
	"strings"
)

// token is a word of the source. Kind is "name", "string", "number", "end" (of
// the file), or the keyword or sign itself.
type token struct {
	pos
	kind string
	text string
}

var keywords = strings.Fields("and break do else elseif end false for function if in local nil not or repeat return then true until while")

// tokens splits a script that is known to be free of syntax errors.
func tokens(src string) []token {
	l := &lexer{src: strings.TrimPrefix(src, "\ufeff"), pos: pos{1, 1}}
	if strings.HasPrefix(l.src, "#") {
		l.skip(lineEnd(l.src))
	}
	var out []token
	for {
		t := l.next()
		out = append(out, t)
		if t.kind == "end of file" {
			return out
		}
	}
}

func lineEnd(s string) int {
	if n := strings.IndexByte(s, '\n'); n >= 0 {
		return n
	}
	return len(s)
}

type lexer struct {
	src string
	pos
}

// skip moves over n bytes.
func (l *lexer) skip(n int) string {
	s := l.src[:n]
	l.src = l.src[n:]
	if i := strings.LastIndexByte(s, '\n'); i >= 0 {
		l.line += strings.Count(s, "\n")
		l.column = len(s) - i
	} else {
		l.column += n
	}
	return s
}

func (l *lexer) next() token {
	for {
		l.skip(len(l.src) - len(strings.TrimLeft(l.src, " \t\r\n\f\v")))
		if !strings.HasPrefix(l.src, "--") {
			break
		}
		if n := longBracket(l.src[2:]); n > 0 {
			l.skip(2 + n)
		} else {
			l.skip(lineEnd(l.src))
		}
	}
	t := token{pos: l.pos}
	if l.src == "" {
		t.kind = "end of file"
		return t
	}
	switch c := l.src[0]; {
	case isNameStart(c):
		n := 1
		for n < len(l.src) && (isNameStart(l.src[n]) || isDigit(l.src[n])) {
			n++
		}
		t.text = l.skip(n)
		t.kind = "name"
		if slices.Contains(keywords, t.text) {
			t.kind = t.text
		}
	case isDigit(c) || c == '.' && len(l.src) > 1 && isDigit(l.src[1]):
		t.kind, t.text = "number", l.skip(numberLen(l.src))
	case c == '"' || c == '\'':
		n := 1
		for n < len(l.src) && l.src[n] != c {
			if l.src[n] == '\\' {
				n++
			}
			n++
		}
		t.kind, t.text = "string", unescape(l.skip(min(n+1, len(l.src))))
	case longBracket(l.src) > 0:
		raw := l.skip(longBracket(l.src))
		open := strings.IndexByte(raw[1:], '[') + 2
		t.kind, t.text = "string", strings.TrimPrefix(raw[open:len(raw)-open], "\n")
	default:
		n := 1
		for _, sign := range []string{"...", "..", "==", "~=", "<=", ">=", "::"} {
			if strings.HasPrefix(l.src, sign) {
				n = len(sign)
				break
			}
		}
		t.kind = l.skip(n)
	}
	return t
}

// longBracket returns the length of a [[…]] or [=[…]=] at the start of s, 0 for
// none.
func longBracket(s string) int {
	if s == "" || s[0] != '[' {
		return 0
	}
	n := 1
	for n < len(s) && s[n] == '=' {
		n++
	}
	if n >= len(s) || s[n] != '[' {
		return 0
	}
	end := strings.Index(s, "]"+s[1:n]+"]")
	if end < 0 {
		return 0
	}
	return end + n + 1
}

func numberLen(s string) int {
	n := 1
	for n < len(s) {
		c := s[n]
		sign := (c == '+' || c == '-') && (s[n-1] == 'e' || s[n-1] == 'E') && !strings.HasPrefix(s, "0x") && !strings.HasPrefix(s, "0X")
		if !isNameStart(c) && !isDigit(c) && c != '.' && !sign {
			break
		}
		n++
	}
	return n
}

func isNameStart(c byte) bool { return c == '_' || c|0x20 >= 'a' && c|0x20 <= 'z' }
func isDigit(c byte) bool     { return c >= '0' && c <= '9' }

// unescape gives the value of a quoted string; an escape that is rare enough is
// left as it is.
func unescape(quoted string) string {
	inner := quoted[1 : len(quoted)-1]
	if !strings.Contains(inner, `\`) {
		return inner
	}
	if s, err := strconv.Unquote(`"` + strings.ReplaceAll(inner, `\'`, `'`) + `"`); err == nil {
		return s
	}
	return inner
}
