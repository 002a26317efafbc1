package lua51

import (
	"fmt"

	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/luaapi/lua51/number"
	"github.com/simplex-lua/simplex-lua/luaapi/table"
)

func (s *State) getmetatable(L *lua.LState) int {
	v := checkAny(L, 1)
	mt := metatableOf(L, v)
	if mt == nil || mt == s.strict {
		L.Push(lua.LNil)
		return 1
	}
	if protected := table.Field(mt, "__metatable"); protected != lua.LNil {
		L.Push(protected)
		return 1
	}
	L.Push(mt)
	return 1
}

func (s *State) setmetatable(L *lua.LState) int {
	t := checkTable(L, 1)
	mt := L.Get(2)
	if meta, ok := mt.(*lua.LTable); ok {
		table.Fill(meta) // the virtual machine looks into it
	} else if mt != lua.LNil || L.GetTop() < 2 {
		argError(L, 2, "nil or table expected")
	}
	if old := metatableOf(L, t); old != nil && table.Field(old, "__metatable") != lua.LNil {
		raise(L, "cannot change a protected metatable")
	}
	t.Metatable = mt
	L.SetTop(1)
	return 1
}

// metatableOf returns the metatable of v, or nil.
func metatableOf(L *lua.LState, v lua.LValue) *lua.LTable {
	switch v := v.(type) {
	case *lua.LTable:
		return table.Meta(v)
	case *lua.LUserData:
		mt, _ := v.Metatable.(*lua.LTable)
		return mt
	case lua.LString:
		// The metatable of strings has no __metatable field of its own.
		mt, _ := L.GetMetatable(v).(*lua.LTable)
		return mt
	}
	return nil
}

func (s *State) rawequal(L *lua.LState) int {
	L.Push(lua.LBool(checkAny(L, 1) == checkAny(L, 2)))
	return 1
}

func (s *State) rawget(L *lua.LState) int {
	t := checkTable(L, 1)
	L.Push(table.Get(t, checkAny(L, 2)))
	return 1
}

func (s *State) rawset(L *lua.LState) int {
	t, key := checkTable(L, 1), checkAny(L, 2)
	value := checkAny(L, 3)
	switch k := key.(type) {
	case *lua.LNilType:
		fail(L, s.budget(L), lua.LString("table index is nil"))
	case lua.LNumber:
		if k != k {
			fail(L, s.budget(L), lua.LString("table index is NaN"))
		}
	}
	t.RawSet(key, value)
	L.SetTop(1)
	return 1
}

func (s *State) selectArgs(L *lua.LState) int {
	n := L.GetTop()
	if L.Get(1) == lua.LString("#") {
		L.Push(lua.LNumber(n - 1))
		return 1
	}
	i := checkInt(L, 1)
	if i < 0 {
		i = n + i
	} else if i > n {
		i = n
	}
	if i < 1 {
		argError(L, 1, "index out of range")
	}
	return n - i
}

func (s *State) tonumber(L *lua.LState) int {
	base := optInt(L, 2, 10)
	if base == 10 {
		v := checkAny(L, 1)
		if n, ok := toNumber(v); ok {
			L.Push(n)
			return 1
		}
		L.Push(lua.LNil)
		return 1
	}
	text := checkString(L, 1)
	if base < 2 || base > 36 {
		argError(L, 2, "base out of range")
	}
	if f, ok := number.ParseBase(text, base); ok {
		L.Push(lua.LNumber(f))
		return 1
	}
	L.Push(lua.LNil)
	return 1
}

func (s *State) tostring(L *lua.LState) int {
	L.Push(s.ToString(L, checkAny(L, 1)))
	return 1
}

// ToString converts v as Lua's tostring, calling __tostring on the thread L. It
// raises a Lua error if that does; the result need not be a string then.
func (s *State) ToString(L *lua.LState, v lua.LValue) lua.LValue {
	switch v := v.(type) {
	case lua.LString:
		return v
	case lua.LNumber:
		return lua.LString(numberText(v))
	case *lua.LTable, *lua.LUserData:
		mt := metatableOf(L, v)
		if mt == nil {
			break
		}
		if f := table.Field(mt, "__tostring"); f != lua.LNil {
			return s.call(L, f, v)
		}
	}
	return lua.LString(v.String())
}

// call calls fn on L and returns its first result.
func (s *State) call(L *lua.LState, fn lua.LValue, args ...lua.LValue) lua.LValue {
	if !callable(L, fn) {
		fail(L, BudgetOf(L), lua.LString(describeValue(fn, "", "", "call")))
	}
	L.Push(fn)
	for _, arg := range args {
		L.Push(arg)
	}
	return s.callPushed(L, len(args))
}

// callPushed calls the function and n arguments on the stack of L and returns
// the first result. Each such call nests the virtual machine.
func (s *State) callPushed(L *lua.LState, n int) lua.LValue {
	b := s.budget(L)
	if b.levels >= s.limits.Nesting {
		s.raiseNesting(L, b)
	}
	b.levels++ // an error resets it
	L.Call(n, 1)
	b.levels--
	v := L.Get(-1)
	L.Pop(1)
	return v
}

func callable(L *lua.LState, fn lua.LValue) bool {
	if _, ok := fn.(*lua.LFunction); ok {
		return true
	}
	mt := metatableOf(L, fn)
	return mt != nil && table.Field(mt, "__call").Type() == lua.LTFunction
}

func (s *State) typeName(L *lua.LState) int {
	L.Push(lua.LString(checkAny(L, 1).Type().String()))
	return 1
}

func (s *State) unpack(L *lua.LState) int {
	t := checkTable(L, 1)
	from := optInt(L, 2, 1)
	to := L.Get(3)
	end := 0
	if to == lua.LNil {
		end = table.Len(t)
	} else {
		end = checkInt(L, 3)
	}
	if from > end {
		return 0
	}
	n := end - from + 1
	if n <= 0 || n >= s.limits.Unpack {
		b := s.budget(L)
		raiseKnownLimit(L, b, limitError(LimitUnpack, "too many results to unpack", fmt.Sprint(s.limits.Unpack)))
	}
	for i := from; i <= end; i++ {
		L.Push(table.Get(t, lua.LNumber(i)))
	}
	return n
}
