package lua51

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/luaapi/lua51/number"
	"github.com/simplex-lua/simplex-lua/luaapi/table"
)

// spec is one conversion of a format: what C's printf calls flags, width and
// precision.
type spec struct {
	minus, plus, space, sharp, zero bool
	width, precision                int // precision -1 if absent
	conversion                      byte
}

// strFormat is string.format: C's printf with Lua 5.1's conversions.
func (s *State) strFormat(L *lua.LState) int {
	format := checkString(L, 1)
	top, arg := L.GetTop(), 1
	var out []byte
	for i := 0; i < len(format); i++ {
		if format[i] != '%' {
			out = append(out, format[i])
			continue
		}
		if i++; i < len(format) && format[i] == '%' {
			out = append(out, '%')
			continue
		}
		if arg++; arg > top {
			argError(L, arg, "no value")
		}
		sp, n := parseSpec(L, format[i:])
		i += n
		out = s.appendFormatted(L, out, sp, arg)
		if len(out) > s.limits.StringSize {
			s.tooLong(L)
		}
	}
	L.Push(lua.LString(out))
	return 1
}

// parseSpec reads flags, width, precision and conversion. It returns how many
// bytes come before the conversion.
func parseSpec(L *lua.LState, text string) (spec, int) {
	sp := spec{precision: -1}
	i := 0
	for ; i < len(text) && strings.IndexByte("-+ #0", text[i]) >= 0; i++ {
		switch text[i] {
		case '-':
			sp.minus = true
		case '+':
			sp.plus = true
		case ' ':
			sp.space = true
		case '#':
			sp.sharp = true
		case '0':
			sp.zero = true
		}
	}
	if i > 5 {
		raise(L, "invalid format (repeated flags)")
	}
	digits := func() int {
		n := 0
		for count := 0; count < 2 && i < len(text) && isDigit(text[i]); count++ {
			n = n*10 + int(text[i]-'0')
			i++
		}
		return n
	}
	sp.width = digits()
	if i < len(text) && text[i] == '.' {
		i++
		sp.precision = digits()
	}
	if i < len(text) && isDigit(text[i]) {
		raise(L, "invalid format (width or precision too long)")
	}
	if i < len(text) {
		sp.conversion = text[i]
	}
	return sp, i
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func (s *State) appendFormatted(L *lua.LState, out []byte, sp spec, arg int) []byte {
	switch sp.conversion {
	case 'c':
		c := byte(toInt32(checkNumber(L, arg)))
		return append(out, cString(sp.pad("", string([]byte{c})))...)
	case 'd', 'i':
		n := toInt(lua.LNumber(checkNumber(L, arg)))
		digits := strconv.FormatUint(magnitude(n), 10)
		return append(out, sp.integer(sp.sign(n < 0), digits)...)
	case 'o', 'u', 'x', 'X':
		return append(out, sp.unsigned(toUnsigned(checkNumber(L, arg)))...)
	case 'e', 'E', 'f', 'g', 'G':
		return append(out, sp.float(checkNumber(L, arg))...)
	case 'q':
		return appendQuoted(out, checkString(L, arg))
	case 's':
		return append(out, sp.text(s.formatString(L, arg))...)
	}
	letter := ""
	if sp.conversion != 0 {
		letter = string([]byte{sp.conversion})
	}
	raise(L, fmt.Sprintf("invalid option '%%%s' to 'format'", letter))
	return nil
}

// formatString returns the argument of %s: a string, a number, or what
// __tostring makes of a table or userdata.
func (s *State) formatString(L *lua.LState, arg int) string {
	v := L.Get(arg)
	if mt := metatableOf(L, v); mt != nil && v.Type() != lua.LTString && table.Field(mt, "__tostring") != lua.LNil {
		text := s.ToString(L, v)
		if !isString(text) {
			raise(L, "'__tostring' must return a string")
		}
		return toText(text)
	}
	return checkString(L, arg)
}

func (sp spec) text(str string) string {
	if sp.precision < 0 && len(str) >= 100 {
		return str // too long to be formatted
	}
	str = cString(str)
	if sp.precision >= 0 && len(str) > sp.precision {
		str = str[:sp.precision]
	}
	sp.zero = false
	return sp.pad("", str)
}

// cString cuts a string where C takes it to end.
func cString(str string) string {
	str, _, _ = strings.Cut(str, "\x00")
	return str
}

func (sp spec) sign(negative bool) string {
	switch {
	case negative:
		return "-"
	case sp.plus:
		return "+"
	case sp.space:
		return " "
	}
	return ""
}

// pad brings prefix and body to the width.
func (sp spec) pad(prefix, body string) string {
	fill := sp.width - len(prefix) - len(body)
	switch {
	case fill <= 0:
		return prefix + body
	case sp.minus:
		return prefix + body + strings.Repeat(" ", fill)
	case sp.zero && sp.conversion != 'c':
		return prefix + strings.Repeat("0", fill) + body
	}
	return strings.Repeat(" ", fill) + prefix + body
}

func (sp spec) integer(prefix, digits string) string {
	if sp.precision >= 0 {
		sp.zero = false
		if sp.precision == 0 && digits == "0" {
			digits = ""
		}
		if n := sp.precision - len(digits); n > 0 {
			digits = strings.Repeat("0", n) + digits
		}
	}
	return sp.pad(prefix, digits)
}

func (sp spec) unsigned(n uint64) string {
	base, prefix := 10, ""
	switch sp.conversion {
	case 'o':
		base = 8
	case 'x', 'X':
		base, prefix = 16, "0"+string(sp.conversion)
	}
	digits := strconv.FormatUint(n, base)
	if sp.conversion == 'X' {
		digits = strings.ToUpper(digits)
	}
	if !sp.sharp || n == 0 {
		prefix = ""
	}
	if sp.sharp && base == 8 {
		switch {
		case n == 0 && sp.precision == 0:
			sp.precision = 1
		case n == 0:
		case sp.precision <= len(digits):
			digits = "0" + digits
		}
	}
	return sp.integer(prefix, digits)
}

func (sp spec) float(f float64) string {
	upper := sp.conversion == 'E' || sp.conversion == 'G'
	if text, special := number.Special(f); special {
		text = strings.TrimPrefix(text, "-")
		if upper {
			text = strings.ToUpper(text)
		}
		sp.zero = false
		return sp.pad(sp.sign(math.Signbit(f)), text)
	}
	precision := sp.precision
	if precision < 0 {
		precision = 6
	}
	if precision == 0 && (sp.conversion == 'g' || sp.conversion == 'G') {
		precision = 1
	}
	var body string
	if sp.sharp {
		body = fmt.Sprintf("%#.*"+string(sp.conversion), precision, math.Abs(f))
	} else {
		body = strconv.FormatFloat(math.Abs(f), sp.conversion, precision, 64)
	}
	return sp.pad(sp.sign(math.Signbit(f)), body)
}

func magnitude(n int) uint64 {
	if n < 0 {
		return -uint64(n)
	}
	return uint64(n)
}

// toInt32 converts as C does from double to int on x86.
func toInt32(f float64) int32 {
	if f > math.MinInt32-1.0 && f < math.MaxInt32+1.0 {
		return int32(f)
	}
	return math.MinInt32
}

// toUnsigned converts as C compilers do on x86, also what does not fit.
func toUnsigned(f float64) uint64 {
	const half = 1 << 63
	if f >= half {
		return uint64(toInt(lua.LNumber(f-half))) ^ half
	}
	return uint64(toInt(lua.LNumber(f)))
}

// appendQuoted writes a string so that Lua reads it back: %q.
func appendQuoted(out []byte, str string) []byte {
	out = append(out, '"')
	for i := 0; i < len(str); i++ {
		switch c := str[i]; c {
		case '"', '\\', '\n':
			out = append(out, '\\', c)
		case '\r':
			out = append(out, `\r`...)
		case 0:
			out = append(out, `\000`...)
		default:
			out = append(out, c)
		}
	}
	return append(out, '"')
}
