package pattern

// Classes of bytes, as <ctype.h> has them in the C locale.
const (
	alpha = 1 << iota
	control
	digit
	lower
	punctuation
	space
	upper
	hex
	zero
	letterOrDigit = alpha | digit
)

var classes = func() (table [256]uint16) {
	for i := range table {
		c := byte(i)
		set := func(class uint16, in bool) {
			if in {
				table[i] |= class
			}
		}
		isLower, isUpper, isDigit := c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9'
		set(alpha, isLower || isUpper)
		set(control, c < ' ' || c == 127)
		set(digit, isDigit)
		set(lower, isLower)
		set(punctuation, c > ' ' && c < 127 && !isLower && !isUpper && !isDigit)
		set(space, c == ' ' || c >= '\t' && c <= '\r')
		set(upper, isUpper)
		set(hex, isDigit || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F')
		set(zero, c == 0)
	}
	return
}()

// classOf maps the letter of a class to its bit; upper case letters name the
// complement.
var classOf = [256]uint16{
	'a': alpha, 'c': control, 'd': digit, 'l': lower, 'p': punctuation, 's': space, 'u': upper,
	'w': letterOrDigit, 'x': hex, 'z': zero,
}

// inClass tells whether c matches %letter.
func inClass(c, letter byte) bool {
	if class := classOf[letter|0x20]; class != 0 && classes[letter]&alpha != 0 {
		in := classes[c]&class != 0
		if letter&0x20 == 0 {
			return !in
		}
		return in
	}
	return letter == c
}

// classEnd returns where the single character class at p ends.
func (m *Matcher) classEnd(p int) int {
	c := m.pat[p]
	p++
	switch c {
	case escape:
		if p >= len(m.pat) {
			fail("malformed pattern (ends with '%')")
		}
		return p + 1
	case '[':
		if p < len(m.pat) && m.pat[p] == '^' {
			p++
		}
		for first := true; first || p >= len(m.pat) || m.pat[p] != ']'; first = false {
			if p >= len(m.pat) {
				fail("malformed pattern (missing ']')")
			}
			c := m.pat[p]
			if p++; c == escape && p < len(m.pat) {
				p++
			}
		}
		return p + 1
	}
	return p
}

// single tells whether c matches the class at p, which ends before after.
func (m *Matcher) single(c byte, p, after int) bool {
	switch m.pat[p] {
	case '.':
		return true
	case escape:
		return inClass(c, m.pat[p+1])
	case '[':
		return m.set(c, p, after-1)
	}
	return m.pat[p] == c
}

// set tells whether c is in the set at p, whose closing bracket is at end. A
// long set takes as long as several steps.
func (m *Matcher) set(c byte, p, end int) bool {
	m.step((end - p) / 8)
	in := true
	if p++; p < end && m.pat[p] == '^' {
		in = false
		p++
	}
	for ; p < end; p++ {
		switch {
		case m.pat[p] == escape && p+1 < len(m.pat):
			p++
			if inClass(c, m.pat[p]) {
				return in
			}
		case p+2 < end && m.pat[p+1] == '-':
			if m.pat[p] <= c && c <= m.pat[p+2] {
				return in
			}
			p += 2
		case m.pat[p] == c:
			return in
		}
	}
	return !in
}
