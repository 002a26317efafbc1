package lua51

import (
	"fmt"

	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/luaapi/lua51/number"
)

func (s *State) openTable() {
	s.module("table", map[string]lua.LGFunction{
		"concat": s.tabConcat, "foreach": s.tabForeach, "foreachi": s.tabForeachi, "getn": tabGetn,
		"insert": s.tabInsert, "maxn": tabMaxn, "remove": s.tabRemove, "setn": tabSetn, "sort": s.tabSort,
	})
}

// geti and seti are raw access by an integer, also beyond the array part.

func geti(t *lua.LTable, i int) lua.LValue {
	if i < maxArray {
		if v := t.RawGetInt(i); v != lua.LNil {
			return v
		}
		if i > 0 {
			return lua.LNil
		}
	}
	return t.RawGet(lua.LNumber(i))
}

func seti(t *lua.LTable, i int, v lua.LValue) { t.RawSet(lua.LNumber(i), v) }

// removeLast makes the array of t shorter by its last element and the nils behind
// it, so that finding its length stays cheap. There must be one.
func removeLast(t *lua.LTable) {
	for t.Remove(-1) == lua.LNil {
	}
}

func tabGetn(L *lua.LState) int {
	L.Push(lua.LNumber(checkTable(L, 1).Len()))
	return 1
}

func tabSetn(L *lua.LState) int {
	checkTable(L, 1)
	raise(L, "'setn' is obsolete")
	return 0
}

func tabMaxn(L *lua.LState) int {
	largest := lua.LNumber(0)
	checkTable(L, 1).ForEach(func(k, _ lua.LValue) {
		if n, ok := k.(lua.LNumber); ok && n > largest {
			largest = n
		}
	})
	L.Push(largest)
	return 1
}

func (s *State) tabInsert(L *lua.LState) int {
	t := checkTable(L, 1)
	n := t.Len()
	switch L.GetTop() {
	case 2:
		seti(t, n+1, L.Get(2))
	case 3:
		pos := checkInt(L, 2)
		v := L.Get(3)
		switch {
		case pos > n:
			seti(t, pos, v)
		case pos > 0 && v != lua.LNil && n < maxArray-1:
			s.budget(L).spend((n - pos) / 64)
			t.Insert(pos, v)
		default:
			b := s.budget(L)
			for i := n + 1; i > pos; i-- {
				b.spend(1)
				seti(t, i, geti(t, i-1))
			}
			seti(t, pos, v)
		}
	default:
		raise(L, "wrong number of arguments to 'insert'")
	}
	return 0
}

func (s *State) tabRemove(L *lua.LState) int {
	t := checkTable(L, 1)
	n := t.Len()
	pos := optInt(L, 2, n)
	if pos < 1 || pos > n {
		return 0 // nothing to remove
	}
	L.Push(geti(t, pos))
	if n < maxArray-1 {
		s.budget(L).spend((n - pos) / 64)
		if pos < n {
			t.Remove(pos)
		} else {
			removeLast(t)
		}
		return 1
	}
	for i := pos; i < n; i++ {
		seti(t, i, geti(t, i+1))
	}
	seti(t, n, lua.LNil)
	return 1
}

func (s *State) tabConcat(L *lua.LState) int {
	sep := optString(L, 2, "") // the first to be checked
	t := checkTable(L, 1)
	from := optInt(L, 3, 1)
	to := 0
	if isNone(L, 4) {
		to = t.Len()
	} else {
		to = checkInt(L, 4)
	}
	b := s.budget(L)
	var out []byte
	for i := from; i <= to; i++ {
		b.spend(1)
		v := geti(t, i)
		switch v := v.(type) {
		case lua.LString:
			out = append(out, v...)
		case lua.LNumber:
			out = number.Append(out, float64(v))
		default:
			raise(L, fmt.Sprintf("invalid value (%s) at index %d in table for 'concat'", v.Type(), i))
		}
		if i < to {
			out = append(out, sep...)
		}
		if len(out) > s.limits.StringSize {
			s.tooLong(L)
		}
		if i == to {
			break // to + 1 may overflow
		}
	}
	L.Push(lua.LString(out))
	return 1
}

func (s *State) tabForeach(L *lua.LState) int {
	t, f := checkTable(L, 1), checkFunction(L, 2)
	key := lua.LValue(lua.LNil)
	for {
		k, v := t.Next(key)
		if k == lua.LNil {
			return 0
		}
		if r := s.call(L, f, k, v); r != lua.LNil {
			L.Push(r)
			return 1
		}
		key = k
	}
}

func (s *State) tabForeachi(L *lua.LState) int {
	t, f := checkTable(L, 1), checkFunction(L, 2)
	for i, n := 1, t.Len(); i <= n; i++ {
		if r := s.call(L, f, lua.LNumber(i), geti(t, i)); r != lua.LNil {
			L.Push(r)
			return 1
		}
	}
	return 0
}
