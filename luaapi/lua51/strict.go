package lua51

import (
	"fmt"

	lua "github.com/yuin/gopher-lua"
)

// Strict makes reading an undefined global an error that names the nearest
// known name: the globals defined so far and what names returns (it may be
// nil). Defining globals stays allowed, and rawget(_G, name) asks without an
// error. A script that sets a metatable on _G turns this off.
func (s *State) Strict(names func() []string) {
	mt := s.main.NewTable()
	mt.RawSetString("__index", s.main.NewFunction(func(L *lua.LState) int {
		name, ok := L.Get(2).(lua.LString)
		if !ok {
			return 0
		}
		known := []string{}
		s.main.G.Global.ForEach(func(k, _ lua.LValue) {
			if str, ok := k.(lua.LString); ok {
				known = append(known, string(str))
			}
		})
		if names != nil {
			known = append(known, names()...)
		}
		text := fmt.Sprintf("undefined global '%s'", string(name))
		if near := Nearest(string(name), known); near != "" {
			text += fmt.Sprintf(" (did you mean '%s'?)", near)
		}
		raise(L, text)
		return 0
	}))
	s.strict = mt
	s.main.G.Global.Metatable = mt
}

// Nearest returns the known name most like the given one, or "" if none is
// near: at most a third of its letters differ. Of several it returns the first
// in alphabetical order.
func Nearest(name string, known []string) string {
	best, bestDistance := "", len(name)/3+1
	for _, k := range known {
		d := editDistance(name, k)
		if d < bestDistance || d == bestDistance && best != "" && k < best {
			best, bestDistance = k, d
		}
	}
	return best
}

// editDistance counts the letters to insert, delete, replace or swap with the
// next one to get from a to b.
func editDistance(a, b string) int {
	prev2, prev, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range prev {
		prev[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(prev[j]+1, row[j-1]+1, prev[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], prev2[j-2]+1)
			}
		}
		prev2, prev, row = prev, row, prev2
	}
	return prev[len(b)]
}
