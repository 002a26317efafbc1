package lua51

import (
	"errors"
	"fmt"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/luaapi/lua51/pattern"
)

// patternSteps is how many steps a match on a subject of n bytes may take.
func (s *State) patternSteps(n int) int { return s.limits.PatternSteps + 16*n }

func (s *State) strFind(L *lua.LState) int {
	str, pat := checkString(L, 1), checkString(L, 2)
	init := initial(L, len(str))
	if lua.LVAsBool(L.Get(4)) || !strings.ContainsAny(pat, specials) {
		s.budget(L).spend((len(str) - init) / 64)
		i := strings.Index(str[init:], pat)
		if i < 0 {
			L.Push(lua.LNil)
			return 1
		}
		L.Push(lua.LNumber(init + i + 1))
		L.Push(lua.LNumber(init + i + len(pat)))
		return 2
	}
	m := s.matcher(L, str, pat)
	start, end := s.search(L, m, init)
	if start < 0 {
		L.Push(lua.LNil)
		return 1
	}
	L.Push(lua.LNumber(start + 1))
	L.Push(lua.LNumber(end))
	return 2 + pushCaptures(L, m, str, start, end, false)
}

func (s *State) strMatch(L *lua.LState) int {
	str, pat := checkString(L, 1), checkString(L, 2)
	init := initial(L, len(str))
	m := s.matcher(L, str, pat)
	start, end := s.search(L, m, init)
	if start < 0 {
		L.Push(lua.LNil)
		return 1
	}
	return pushCaptures(L, m, str, start, end, true)
}

// strGmatch iterates over matches. A ^ in the pattern is an ordinary character.
func (s *State) strGmatch(L *lua.LState) int {
	str, pat := checkString(L, 1), checkString(L, 2)
	next := 0
	L.Push(L.NewFunction(func(L *lua.LState) int {
		if next > len(str) {
			return 0
		}
		m := pattern.NewUnanchored(str, pat, s.patternSteps(len(str)))
		m.Tick = s.budget(L).check
		start, end := s.search(L, m, next)
		if start < 0 {
			next = len(str) + 1
			return 0
		}
		if next = end; end == start {
			next++
		}
		return pushCaptures(L, m, str, start, end, true)
	}))
	return 1
}

// matcher returns a Matcher that ends when the budget does.
func (s *State) matcher(L *lua.LState, str, pat string) *pattern.Matcher {
	m := pattern.New(str, pat, s.patternSteps(len(str)))
	m.Tick = s.budget(L).check
	return m
}

// search finds the first match from byte init on and counts what it took.
func (s *State) search(L *lua.LState, m *pattern.Matcher, init int) (start, end int) {
	before := m.Steps()
	start, end, err := m.Find(init)
	s.budget(L).spend((m.Steps() - before) / 4)
	s.checkPattern(L, err)
	return start, end
}

// checkPattern raises what a Matcher returned.
func (s *State) checkPattern(L *lua.LState, err error) {
	switch {
	case err == nil:
	case errors.Is(err, pattern.ErrSteps):
		raiseLimit(L, s.budget(L), limitError(LimitPattern, err.Error(), fmt.Sprintf("%d steps", s.limits.PatternSteps)))
	default:
		raise(L, err.Error())
	}
}

// pushCaptures pushes the captures of a match, or the match itself if there are
// none and whole is set.
func pushCaptures(L *lua.LState, m *pattern.Matcher, str string, start, end int, whole bool) int {
	n := m.Count()
	if n == 0 && whole {
		n = 1
	}
	for i := 0; i < n; i++ {
		L.Push(capture(L, m, str, i, start, end))
	}
	return n
}

// capture returns capture i of a match: a string, or a number for a position.
func capture(L *lua.LState, m *pattern.Matcher, str string, i, start, end int) lua.LValue {
	from, to, err := m.Capture(i, start, end)
	if err != nil {
		raise(L, err.Error())
	}
	if to < 0 {
		return lua.LNumber(from + 1)
	}
	return lua.LString(str[from:to])
}
