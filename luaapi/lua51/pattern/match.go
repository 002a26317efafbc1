package pattern

// match matches the pattern from p on at byte s of the subject and returns
// where the match ends, or -1.
func (m *Matcher) match(s, p int) int {
	if m.depth++; m.depth > maxDepth {
		panic(stop{ErrSteps})
	}
	end := m.items(s, p)
	m.depth--
	return end
}

func (m *Matcher) items(s, p int) int {
	for {
		m.step(1)
		if p >= len(m.pat) {
			return s
		}
		switch m.pat[p] {
		case '(':
			if p+1 < len(m.pat) && m.pat[p+1] == ')' {
				return m.open(s, p+2, position)
			}
			return m.open(s, p+1, unfinished)
		case ')':
			return m.close(s, p+1)
		case '$':
			if p+1 == len(m.pat) {
				if s == len(m.src) {
					return s
				}
				return -1
			}
		case escape:
			if p+1 >= len(m.pat) {
				break
			}
			switch c := m.pat[p+1]; {
			case c == 'b':
				if s = m.balance(s, p+2); s < 0 {
					return -1
				}
				p += 4
				continue
			case c == 'f':
				if p = m.frontier(s, p+2); p < 0 {
					return -1
				}
				continue
			case c >= '0' && c <= '9':
				if s = m.back(s, c); s < 0 {
					return -1
				}
				p += 2
				continue
			}
		}
		after := m.classEnd(p)
		m.step((after - p) / 8)
		suffix := byte(0)
		if after < len(m.pat) {
			suffix = m.pat[after]
		}
		switch suffix {
		case '?':
			if s < len(m.src) && m.single(m.src[s], p, after) {
				if end := m.match(s+1, after+1); end >= 0 {
					return end
				}
			}
			p = after + 1
		case '*':
			return m.longest(s, 0, p, after)
		case '+':
			return m.longest(s, 1, p, after)
		case '-':
			return m.shortest(s, p, after)
		default:
			if s >= len(m.src) || !m.single(m.src[s], p, after) {
				return -1
			}
			s++
			p = after
		}
	}
}

// longest matches at least least and as many as possible of the class at p, and
// then the rest.
func (m *Matcher) longest(s, least, p, after int) int {
	n := 0
	for s+n < len(m.src) && m.single(m.src[s+n], p, after) {
		n++
	}
	m.step(n)
	for ; n >= least; n-- {
		if end := m.match(s+n, after+1); end >= 0 {
			return end
		}
	}
	return -1
}

// shortest matches as few as possible.
func (m *Matcher) shortest(s, p, after int) int {
	for {
		if end := m.match(s, after+1); end >= 0 {
			return end
		}
		if s >= len(m.src) || !m.single(m.src[s], p, after) {
			return -1
		}
		s++
	}
}

// open begins a capture.
func (m *Matcher) open(s, p, length int) int {
	if m.level >= maxCaptures {
		fail("too many captures")
	}
	m.captures[m.level].start, m.captures[m.level].length = s, length
	m.level++
	end := m.match(s, p)
	if end < 0 {
		m.level--
	}
	return end
}

// close ends the capture that was opened last.
func (m *Matcher) close(s, p int) int {
	i := m.level - 1
	for ; i >= 0; i-- {
		if m.captures[i].length == unfinished {
			break
		}
	}
	if i < 0 {
		fail("invalid pattern capture")
	}
	m.captures[i].length = s - m.captures[i].start
	end := m.match(s, p)
	if end < 0 {
		m.captures[i].length = unfinished
	}
	return end
}

// balance matches %bxy.
func (m *Matcher) balance(s, p int) int {
	if p+1 >= len(m.pat) {
		fail("unbalanced pattern")
	}
	if s >= len(m.src) || m.src[s] != m.pat[p] {
		return -1
	}
	open, closing := m.pat[p], m.pat[p+1]
	depth := 1
	for i := s + 1; i < len(m.src); i++ {
		switch m.src[i] {
		case closing:
			if depth--; depth == 0 {
				m.step(i - s)
				return i + 1
			}
		case open:
			depth++
		}
	}
	m.step(len(m.src) - s)
	return -1
}

// frontier matches %f[set] and returns where the pattern goes on.
func (m *Matcher) frontier(s, p int) int {
	if p >= len(m.pat) || m.pat[p] != '[' {
		fail("missing '[' after '%f' in pattern")
	}
	after := m.classEnd(p)
	var before, next byte
	if s > 0 {
		before = m.src[s-1]
	}
	if s < len(m.src) {
		next = m.src[s]
	}
	if m.set(before, p, after-1) || !m.set(next, p, after-1) {
		return -1
	}
	return after
}

// back matches what a capture matched.
func (m *Matcher) back(s int, digit byte) int {
	i := int(digit) - '1'
	if i < 0 || i >= m.level || m.captures[i].length == unfinished {
		fail("invalid capture index")
	}
	c := m.captures[i]
	if c.length == position || len(m.src)-s < c.length {
		return -1
	}
	m.step(c.length)
	if m.src[c.start:c.start+c.length] != m.src[s:s+c.length] {
		return -1
	}
	return s + c.length
}
