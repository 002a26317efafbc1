package lua51

import (
	"fmt"

	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/luaapi/lua51/pattern"
)

func (s *State) strGsub(L *lua.LState) int {
	str, pat := checkString(L, 1), checkString(L, 2)
	limit := optInt(L, 4, len(str)+1)
	g := &substitution{s: s, L: L, str: str}
	switch repl := L.Get(3).(type) {
	case lua.LString, lua.LNumber:
		g.text = toText(repl)
	case *lua.LTable, *lua.LFunction:
		g.repl = repl
	default:
		argError(L, 3, "string/function/table expected")
	}
	g.m = s.matcher(L, str, pat)

	b := s.budget(L)
	count, at, kept := 0, 0, 0
	for count < limit {
		before := g.m.Steps()
		end, err := g.m.MatchAt(at)
		b.spend(1 + (g.m.Steps()-before)/4)
		s.checkPattern(L, err)
		if end >= 0 {
			count++
			g.add(kept, at, end)
			kept = end
			if end > at {
				at = end
				kept = at
			} else if at < len(str) {
				at++ // the byte is kept
			} else {
				break
			}
		} else if at < len(str) {
			at++
		} else {
			break
		}
		if g.m.Anchored() {
			break
		}
	}
	if count == 0 {
		L.Push(lua.LString(str))
	} else {
		g.append(str[kept:])
		L.Push(lua.LString(g.out))
	}
	L.Push(lua.LNumber(count))
	return 2
}

// substitution is one gsub in progress.
type substitution struct {
	s    *State
	L    *lua.LState
	m    *pattern.Matcher
	str  string
	repl lua.LValue // a table or function, or nil for text
	text string
	out  []byte
}

func (g *substitution) append(text string) {
	if len(g.out)+len(text) > g.s.limits.StringSize {
		g.s.tooLong(g.L)
	}
	g.out = append(g.out, text...)
}

// add appends the text since the last match, and what replaces the match.
func (g *substitution) add(kept, start, end int) {
	g.append(g.str[kept:start])
	var v lua.LValue
	switch repl := g.repl.(type) {
	case nil:
		g.addText(start, end)
		return
	case *lua.LFunction:
		g.L.Push(repl)
		n := pushCaptures(g.L, g.m, g.str, start, end, true)
		// The callee may run another gsub; the matcher is this one's own.
		v = g.s.callPushed(g.L, n)
	default:
		v = g.L.GetTable(repl, capture(g.L, g.m, g.str, 0, start, end))
	}
	switch {
	case v == lua.LNil, v == lua.LFalse:
		g.append(g.str[start:end])
	case isString(v):
		g.append(toText(v))
	default:
		raise(g.L, fmt.Sprintf("invalid replacement value (a %s)", v.Type()))
	}
}

// addText appends the replacement text, in which %1 stands for a capture.
func (g *substitution) addText(start, end int) {
	from := 0
	for i := 0; i < len(g.text); i++ {
		if g.text[i] != '%' {
			continue
		}
		g.append(g.text[from:i])
		i++
		from = i + 1
		if i >= len(g.text) {
			// C reads the terminating zero here.
			g.append("\x00")
			return
		}
		switch c := g.text[i]; {
		case c == '0':
			g.append(g.str[start:end])
		case c >= '1' && c <= '9':
			g.append(toText(capture(g.L, g.m, g.str, int(c-'1'), start, end)))
		default:
			g.append(g.text[i : i+1])
		}
	}
	if from <= len(g.text) {
		g.append(g.text[from:])
	}
}
