package lua51

import lua "github.com/yuin/gopher-lua"

// next, pairs and ipairs. Lua 5.1 fixes the order of the numeric part only, so
// gopher-lua's order (numbers, then keys as they were added) is as good.

func (s *State) next(L *lua.LState) int {
	t := checkTable(L, 1)
	return pushNext(L, t, L.Get(2))
}

func pushNext(L *lua.LState, t *lua.LTable, key lua.LValue) int {
	if n, ok := key.(lua.LNumber); ok {
		key = resumeAt(t, n)
	}
	k, v := t.Next(key)
	L.Push(k)
	if k == lua.LNil {
		return 1
	}
	L.Push(v)
	return 2
}

// resumeAt returns the key after which gopher-lua's Next has to go on. If the
// array part got shorter during the traversal and n is beyond its end, Next
// would take n for the first of the other keys.
func resumeAt(t *lua.LTable, n lua.LNumber) lua.LValue {
	if n < 1 || n >= maxArray || n != lua.LNumber(int(n)) || t.RawGetInt(int(n)) != lua.LNil {
		return n
	}
	switch last := t.Len(); {
	case last >= int(n):
		return n
	case last > 0:
		return lua.LNumber(last)
	}
	return lua.LNil
}

func (s *State) pairs(L *lua.LState) int {
	t := checkTable(L, 1)
	L.Push(s.nextFunction)
	L.Push(t)
	L.Push(lua.LNil)
	return 3
}

func (s *State) ipairs(L *lua.LState) int {
	t := checkTable(L, 1)
	L.Push(s.ipairsStep)
	L.Push(t)
	L.Push(lua.LNumber(0))
	return 3
}

func ipairsNext(L *lua.LState) int {
	t := checkTable(L, 1)
	i := checkInt(L, 2) + 1
	v := t.RawGetInt(i)
	if v == lua.LNil {
		// RawGetInt does not see keys beyond the array part.
		if v = t.RawGet(lua.LNumber(i)); v == lua.LNil {
			return 0
		}
	}
	L.Push(lua.LNumber(i))
	L.Push(v)
	return 2
}
