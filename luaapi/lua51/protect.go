package lua51

import (
	lua "github.com/yuin/gopher-lua"
)

// gopher-lua's own pcall unwinds the stack it runs on and in doing so detaches
// the captured variables of functions that are still active (upstream #448).
// Here the callee gets a thread of its own, so an error leaves the caller's
// stack alone. LState.PCall is not used at all: with a growing call stack it
// also loses frames whenever the depth is a multiple of eight.

func (s *State) pcall(L *lua.LState) int {
	if fn := checkAny(L, 1); !callable(L, fn) {
		L.Push(lua.LFalse)
		L.Push(lua.LString(describeValue(fn, "", "", "call")))
		return 2
	}
	b := s.budget(L)
	th := s.take(b)
	L.XMoveTo(th, L.GetTop())
	f := s.protected(L, th, b, th.GetTop()-1)
	if f != nil {
		L.Push(lua.LFalse)
		L.Push(f.value)
		return 2
	}
	return s.moveResults(L, th)
}

func (s *State) xpcall(L *lua.LState) int {
	if L.GetTop() < 2 {
		argError(L, 2, "value expected")
	}
	b := s.budget(L)
	handler := L.Get(2)
	th := s.take(b)
	th.Push(L.Get(1))
	m := b.mark()
	var f *failure
	if callable(L, L.Get(1)) {
		f = s.protected(L, th, b, 0)
	} else {
		f = &failure{value: lua.LString(describeValue(L.Get(1), "", "", "call"))}
	}
	if f == nil {
		return s.moveResults(L, th)
	}
	// The handler runs with the failed thread still in the chain, so that
	// debug.traceback shows where the error was raised.
	b.threads = append(b.threads, th)
	th2 := s.take(b)
	th2.Push(handler)
	th2.Push(f.value)
	hf := s.protected(L, th2, b, 1)
	b.reset(m)
	L.Push(lua.LFalse)
	if hf != nil {
		L.Push(lua.LString("error in error handling"))
		return 2
	}
	L.Push(th2.Get(1)) // nil if there is none
	th2.SetTop(0)
	s.give(th2)
	return 2
}

// protected calls the function and nargs arguments on th for a Go function that
// runs on L. It returns nil if that returned.
func (s *State) protected(L, th *lua.LState, b *Budget, nargs int) *failure {
	m, co, open := b.mark(), b.co, b.open
	b.threads = append(b.threads, th)
	L.G.CurrentThread = th
	f := s.try(th, b, nargs, lua.MultRet, false)
	L.G.CurrentThread = L
	b.reset(m)
	b.co, b.open = co, open
	if f != nil && f.cut != nil {
		panic(f.cut)
	}
	return f
}

func (s *State) moveResults(L, th *lua.LState) int {
	n := th.GetTop()
	L.Push(lua.LTrue)
	th.XMoveTo(L, n)
	s.give(th)
	return 1 + n
}

func (s *State) error(L *lua.LState) int {
	v := L.Get(1)
	level := optInt(L, 2, 1)
	if str, ok := v.(lua.LString); ok && level > 0 {
		v = lua.LString(where(L, level)) + str
	} else if n, ok := v.(lua.LNumber); ok && level > 0 {
		v = lua.LString(where(L, level) + numberText(n))
	}
	fail(L, s.budget(L), v)
	return 0
}

func (s *State) assert(L *lua.LState) int {
	checkAny(L, 1)
	if lua.LVIsFalse(L.Get(1)) {
		raise(L, optString(L, 2, "assertion failed!"))
	}
	return L.GetTop()
}

// fail raises v as it is.
func fail(L *lua.LState, b *Budget, v lua.LValue) {
	if b != nil {
		b.final = true
	}
	L.Error(v, 0)
}

// raise fails with the message and, as luaL_error, the position of the Lua
// function that called the Go function in front of it.
func raise(L *lua.LState, message string) {
	fail(L, BudgetOf(L), lua.LString(where(L, 1)+message))
}

// raiseLimit fails with an ordinary error that names a limit.
func raiseLimit(L *lua.LState, b *Budget, err *LimitError) {
	raiseLimitAs(L, b, err, err.Error())
}

// raiseKnownLimit fails with Lua 5.1's message for a limit that it has too. If
// nothing catches the error, the limit's name and option are added.
func raiseKnownLimit(L *lua.LState, b *Budget, err *LimitError) {
	raiseLimitAs(L, b, err, err.Detail)
}

func raiseLimitAs(L *lua.LState, b *Budget, err *LimitError, message string) {
	b.limit = err
	fail(L, b, lua.LString(where(L, 1)+message))
}
