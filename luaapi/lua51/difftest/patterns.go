package difftest

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// callsPerProgram is how many calls a program of patterns or formats makes.
const callsPerProgram = 20

// PatternProgram returns a program that applies random patterns, malformed ones
// among them, to random subjects.
func PatternProgram(seed, n uint64) string {
	r := rand.New(rand.NewPCG(seed, n))
	lines := make([]string, callsPerProgram)
	for i := range lines {
		subject, pat := quote(subjectText(r)), quote(patternText(r))
		switch r.IntN(5) {
		case 0:
			lines[i] = fmt.Sprintf("print(pcall(string.find, %s, %s, %d, %t))", subject, pat, r.IntN(14)-5, r.IntN(8) == 0)
		case 1:
			lines[i] = fmt.Sprintf("print(pcall(string.match, %s, %s, %d))", subject, pat, r.IntN(10)-3)
		case 2:
			lines[i] = fmt.Sprintf("print(pcall(function() local n = 0; for a, b, c in (%s):gmatch(%s) do print(a, b, c); n = n + 1; if n > 20 then break end end end))", subject, pat)
		default:
			lines[i] = fmt.Sprintf("print(pcall(string.gsub, %s, %s, %s%s))", subject, pat, replacement(r), choose(r, "", "", ", 2", ", 0", ", -1"))
		}
	}
	return strings.Join(lines, "\n")
}

func choose(r *rand.Rand, choices ...string) string { return choices[r.IntN(len(choices))] }

func subjectText(r *rand.Rand) string {
	n := r.IntN(16)
	if r.IntN(10) == 0 {
		n = r.IntN(60)
	}
	b := make([]byte, n)
	alphabet := choose(r, "ab", "abc ", "a1 b2.", "(()())ab", "aA0_- \t\n.,", "%.*[]^$-+?")
	for i := range b {
		b[i] = alphabet[r.IntN(len(alphabet))]
	}
	if n > 0 && r.IntN(40) == 0 {
		b[r.IntN(n)] = byte(r.IntN(256))
	}
	return string(b)
}

func patternText(r *rand.Rand) string {
	var b strings.Builder
	if r.IntN(5) == 0 {
		b.WriteByte('^')
	}
	open := 0
	for n := r.IntN(6); n >= 0; n-- {
		switch r.IntN(14) {
		case 0:
			b.WriteByte('(')
			open++
		case 1:
			if open > 0 {
				b.WriteByte(')')
				open--
			}
		case 2:
			b.WriteString(choose(r, "()", "%1", "%2", "%b()", "%bab", "%f[%a]", "%f[^%w]", "%f[ab]", "%0"))
		case 3:
			b.WriteString(choose(r, "[", "%", "%f", "%b", "%b(", "[a", "[^", "]", ")", "[]]", "[^]]", "[a-]", "[-a]", "[%a-z]", "[a-%z]"))
		default:
			b.WriteString(item(r))
			b.WriteString(choose(r, "", "", "", "*", "+", "-", "?"))
		}
	}
	if r.IntN(6) > 0 {
		b.WriteString(strings.Repeat(")", open))
	}
	if r.IntN(6) == 0 {
		b.WriteByte('$')
	}
	return b.String()
}

func item(r *rand.Rand) string {
	switch r.IntN(6) {
	case 0:
		return "."
	case 1:
		return "%" + string("acdlpsuwxzACDLPSUWXZ.%-[]()$"[r.IntN(28)])
	case 2:
		return "[" + choose(r, "", "^") + choose(r, "a", "ab", "a-c", "%w", "%s%d", "^", "%]", "0-9", " -~", "%-a") + "]"
	}
	return string("abc 1.,-"[r.IntN(8)])
}

func replacement(r *rand.Rand) string {
	switch r.IntN(6) {
	case 0:
		return `{a = "A", ["1"] = 2, b = false, ab = {}}`
	case 1:
		return "function(...) return " + choose(r, "...", "nil", "select('#', ...)", "(...) and 'x'", "true") + " end"
	}
	return quote(choose(r, "", "x", "<%0>", "%1", "%2%1", "%%", "a%", "%a", "[%1]"))
}

// quote returns a Lua literal of a string.
func quote(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, c := range []byte(s) {
		if c < ' ' || c > '~' || c == '"' || c == '\\' {
			fmt.Fprintf(&b, "\\%03d", c)
		} else {
			b.WriteByte(c)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// FormatProgram returns a program that calls string.format, tostring, tonumber
// and os.date with random arguments.
func FormatProgram(seed, n uint64) string {
	r := rand.New(rand.NewPCG(seed, n))
	lines := make([]string, callsPerProgram)
	for i := range lines {
		switch r.IntN(8) {
		case 0:
			lines[i] = fmt.Sprintf("print(tostring(%s), %s .. \"\", -(%s))", numberText(r), numberText(r), numberText(r))
		case 1:
			lines[i] = fmt.Sprintf("print(pcall(tonumber, %s%s))", quote(numeralText(r)), choose(r, "", "", ", 16", ", 2", ", 36", ", 10", ", 8", ", 1"))
		case 2:
			lines[i] = fmt.Sprintf("print(os.date(%s, %d))", quote("!"+dateText(r)), r.Int64N(4e9)-1e9)
		case 3:
			lines[i] = fmt.Sprintf("print(pcall(function() return %s + %s end))", quote(numeralText(r)), numberText(r))
		default:
			format := "<"
			args := ""
			for k := r.IntN(3); k >= 0; k-- {
				format += formatItem(r) + "|"
				args += ", " + choose(r, numberText(r), numberText(r), quote(subjectText(r)), quote(numeralText(r)))
			}
			lines[i] = fmt.Sprintf("print(pcall(string.format, %s%s))", quote(format), args)
		}
	}
	return strings.Join(lines, "\n")
}

func formatItem(r *rand.Rand) string {
	var b strings.Builder
	b.WriteByte('%')
	for r.IntN(3) == 0 {
		b.WriteByte("-+ #0"[r.IntN(5)])
	}
	if r.IntN(2) == 0 {
		fmt.Fprint(&b, r.IntN(14))
	}
	if r.IntN(3) == 0 {
		b.WriteByte('.')
		if r.IntN(4) > 0 {
			fmt.Fprint(&b, r.IntN(20))
		}
	}
	b.WriteByte("ddiuxXoceEfgGsq%"[r.IntN(16)])
	if r.IntN(40) == 0 {
		b.WriteString(choose(r, "%", "%y", "%999d", "%.123f", "%------d"))
	}
	return b.String()
}

func numberText(r *rand.Rand) string {
	switch r.IntN(9) {
	case 0:
		return choose(r, "0", "-0", "1/0", "-1/0", "0/0", "-(0/0)", "1e15", "-1e14", "2^53", "2^63", "-2^63", "2^64", "1e300", "5e-324", "0x7fffffff")
	case 1, 2:
		return fmt.Sprintf("%.17g", r.NormFloat64()*float64(r.IntN(1000)))
	case 3:
		return fmt.Sprintf("%.17g", r.ExpFloat64()*pow10(r.IntN(40)-20))
	case 4:
		return fmt.Sprint(r.Int64N(1<<50) - 1<<49)
	}
	return fmt.Sprint(r.IntN(600) - 300)
}

func pow10(n int) float64 {
	f := 1.0
	for ; n > 0; n-- {
		f *= 10
	}
	for ; n < 0; n++ {
		f /= 10
	}
	return f
}

func numeralText(r *rand.Rand) string {
	if r.IntN(3) == 0 {
		return choose(r, "", " ", "10", "010", "0x10", "0X1f", " 5 ", "5e", "1e5", "1E+5", "1e-", "e5", ".", ".5", "5.", "0x", "0xg", "1 2",
			"inf", "nan", "-inf", "1_000", "0b11", "0o7", "++1", "- 1", "-0x10", "0x.8", "0x1p4", "1e400", "\n7\t", "7\000", "z", "zz", "-ff", "ff", "111")
	}
	n := 1 + r.IntN(6)
	b := make([]byte, n)
	alphabet := choose(r, "0123456789", "01", "0123456789.e-+ ", "0123456789abcdefxX")
	for i := range b {
		b[i] = alphabet[r.IntN(len(alphabet))]
	}
	return string(b)
}

func dateText(r *rand.Rand) string {
	var b strings.Builder
	for n := r.IntN(4); n >= 0; n-- {
		b.WriteByte('%')
		b.WriteByte("aAbBcdHIjmMpSUwWxXyY%"[r.IntN(21)])
		b.WriteByte(' ')
	}
	return b.String()
}
