package number

import (
	"math"
	"strconv"
	"strings"
)

// Parse reads s as a Lua 5.1 number: surrounding white space, a sign, decimal
// or hexadecimal digits with an optional fraction and exponent, or what strtod
// accepts besides ("inf", "nan"). It reports false for everything else. Values
// too large become infinite, as in C, and a zero byte ends the string.
func Parse(s string) (float64, bool) {
	s = TrimSpace(cString(s))
	if s == "" {
		return 0, false
	}
	digits, neg := s, false
	if s[0] == '+' || s[0] == '-' {
		digits, neg = s[1:], s[0] == '-'
	}
	f, ok := parseUnsigned(digits)
	if neg {
		f = -f
	}
	return f, ok
}

// ParseBase reads s as tonumber(s, base) does for a base other than 10: C's
// strtoul, so a minus sign wraps around, and "0x" may precede base 16.
func ParseBase(s string, base int) (float64, bool) {
	s = TrimSpace(cString(s))
	neg := false
	if s != "" && (s[0] == '+' || s[0] == '-') {
		neg = s[0] == '-'
		s = s[1:]
	}
	if base == 16 && len(s) > 2 && (s[:2] == "0x" || s[:2] == "0X") {
		s = s[2:]
	}
	if s == "" {
		return 0, false
	}
	var n uint64
	overflow := false
	for i := 0; i < len(s); i++ {
		d := digit(s[i])
		if d >= base {
			return 0, false
		}
		next := n*uint64(base) + uint64(d)
		if n > (math.MaxUint64-uint64(d))/uint64(base) {
			overflow = true
		}
		n = next
	}
	if overflow {
		return math.MaxUint64, true
	}
	if neg {
		n = -n
	}
	return float64(n), true
}

// TrimSpace removes C's white space (isspace in the C locale) from both ends.
func TrimSpace(s string) string {
	for s != "" && isSpace(s[0]) {
		s = s[1:]
	}
	for s != "" && isSpace(s[len(s)-1]) {
		s = s[:len(s)-1]
	}
	return s
}

func cString(s string) string {
	if i := strings.IndexByte(s, 0); i >= 0 {
		return s[:i]
	}
	return s
}

func parseUnsigned(s string) (float64, bool) {
	if s == "" {
		return 0, false
	}
	if c := s[0]; c != '.' && (c < '0' || c > '9') {
		return parseWord(strings.ToLower(s))
	}
	if len(s) > 1 && s[0] == '0' && (s[1] == 'x' || s[1] == 'X') {
		return parseHex(s)
	}
	if len(s) <= 15 {
		if f, ok := smallInteger(s); ok {
			return f, true
		}
	}
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c >= '0' && c <= '9', c == '.', c == 'e', c == 'E', c == '+', c == '-':
		default:
			return 0, false
		}
	}
	return parseGo(s)
}

func parseHex(s string) (float64, bool) {
	exponent := false
	for i := 2; i < len(s); i++ {
		switch c := s[i]; {
		case digit(c) < 16 && !exponent, c >= '0' && c <= '9', c == '.':
		case (c == 'p' || c == 'P') && !exponent:
			exponent = true
		case (c == '+' || c == '-') && exponent:
		default:
			return 0, false
		}
	}
	if !exponent {
		s += "p0"
	}
	return parseGo(s)
}

func parseWord(s string) (float64, bool) {
	switch s {
	case "inf", "infinity":
		return math.Inf(1), true
	case "nan":
		return math.NaN(), true
	}
	return 0, false
}

// parseGo hands digits that C and Go read alike to strconv. An error with an
// infinite or zero value is a range error, which C does not report either.
func parseGo(s string) (float64, bool) {
	f, err := strconv.ParseFloat(s, 64)
	if err == nil {
		return f, true
	}
	if ne, ok := err.(*strconv.NumError); ok && ne.Err == strconv.ErrRange {
		return f, true
	}
	return 0, false
}

func smallInteger(s string) (float64, bool) {
	n := int64(0)
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int64(c-'0')
	}
	return float64(n), true
}

// digit returns the value of c as a digit of a base up to 36, or 99.
func digit(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'a' && c <= 'z':
		return int(c-'a') + 10
	case c >= 'A' && c <= 'Z':
		return int(c-'A') + 10
	}
	return 99
}

func isSpace(c byte) bool {
	return c == ' ' || c >= '\t' && c <= '\r'
}
