package pattern

import (
	"errors"
	"strings"
)

// maxCaptures is how many captures a pattern may have; maxDepth how deep its
// items may nest the matcher, which is about one level per item.
const (
	maxCaptures = 32
	maxDepth    = 10_000
)

const escape = '%'

// Error is a pattern that is not well formed. Its text is Lua's.
type Error string

func (e Error) Error() string { return string(e) }

// tickSteps is how often Tick is called.
const tickSteps = 1 << 16

// ErrSteps is returned when a match takes more steps than allowed.
var ErrSteps = errors.New("pattern too complex")

// stop carries an error out of the recursion.
type stop struct{ err error }

// Lengths of captures that are no substring.
const (
	unfinished = -1
	position   = -2
)

// Matcher matches one pattern against one subject, as often as wanted.
type Matcher struct {
	src, pat string
	anchor   bool
	// literal is the byte every match starts with, if there is one.
	literal    byte
	hasLiteral bool

	// Tick, if set, is called every 65,536 steps. It may panic to end the match.
	Tick func()

	steps, limit int
	check        int // the steps at which to look at limit and Tick
	depth        int
	level        int // captures, finished or not
	captures     [maxCaptures]struct{ start, length int }
}

// New returns a Matcher for a pattern, in which a leading ^ anchors a match to
// where Find begins. It may take limit steps in all.
func New(src, pat string, limit int) *Matcher {
	m := &Matcher{src: src, pat: pat, limit: limit, check: min(limit, tickSteps)}
	if strings.HasPrefix(pat, "^") {
		m.anchor, m.pat = true, pat[1:]
	}
	m.prepare()
	return m
}

// NewUnanchored returns a Matcher for which ^ is no anchor, as in gmatch.
func NewUnanchored(src, pat string, limit int) *Matcher {
	m := &Matcher{src: src, pat: pat, limit: limit, check: min(limit, tickSteps)}
	m.prepare()
	return m
}

func (m *Matcher) prepare() {
	// As C strings, patterns end at a zero byte.
	if i := strings.IndexByte(m.pat, 0); i >= 0 {
		m.pat = m.pat[:i]
	}
	if m.pat == "" || strings.IndexByte("^$*+?.([%-)", m.pat[0]) >= 0 {
		return
	}
	if len(m.pat) > 1 && strings.IndexByte("*?-", m.pat[1]) >= 0 {
		return
	}
	m.literal, m.hasLiteral = m.pat[0], true
}

// Anchored tells whether the pattern begins with ^.
func (m *Matcher) Anchored() bool { return m.anchor }

// Steps returns how many steps were taken so far.
func (m *Matcher) Steps() int { return m.steps }

// Find looks for the first match that starts at byte init of the subject or
// behind it. Start is -1 if there is none. The error is an Error or ErrSteps.
func (m *Matcher) Find(init int) (start, end int, err error) {
	defer m.recover(&err)
	for s := init; s <= len(m.src); s++ {
		if m.hasLiteral && !m.anchor {
			i := strings.IndexByte(m.src[s:], m.literal)
			if i < 0 {
				break
			}
			s += i
		}
		m.level = 0
		if e := m.match(s, 0); e >= 0 {
			return s, e, nil
		}
		if m.anchor {
			break
		}
	}
	return -1, -1, nil
}

// MatchAt matches at byte s of the subject only. End is -1 if it does not.
func (m *Matcher) MatchAt(s int) (end int, err error) {
	defer m.recover(&err)
	if m.hasLiteral && (s >= len(m.src) || m.src[s] != m.literal) {
		return -1, nil
	}
	m.level = 0
	return m.match(s, 0), nil
}

func (m *Matcher) recover(err *error) {
	switch r := recover().(type) {
	case nil:
	case stop:
		m.depth = 0
		*err = r.err
	default:
		panic(r)
	}
}

// Count returns how many captures the last match has.
func (m *Matcher) Count() int { return m.level }

// Capture returns the bytes of capture i, from 0, of a match that starts at
// start and ends before end; without captures, capture 0 is the whole match.
// For a position capture end is -1 and start is the position from 0.
func (m *Matcher) Capture(i, start, end int) (from, to int, err error) {
	if i >= m.level {
		if i == 0 {
			return start, end, nil
		}
		return 0, 0, Error("invalid capture index")
	}
	c := m.captures[i]
	switch c.length {
	case unfinished:
		return 0, 0, Error("unfinished capture")
	case position:
		return c.start, -1, nil
	}
	return c.start, c.start + c.length, nil
}

func fail(message string) { panic(stop{Error(message)}) }

// step counts n steps.
func (m *Matcher) step(n int) {
	if m.steps += n; m.steps > m.check {
		m.stop()
	}
}

func (m *Matcher) stop() {
	if m.steps > m.limit {
		panic(stop{ErrSteps})
	}
	m.check = min(m.limit, m.steps+tickSteps)
	if m.Tick != nil {
		m.Tick()
	}
}
