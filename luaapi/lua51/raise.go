package lua51

import (
	"fmt"

	lua "github.com/yuin/gopher-lua"
)

// onError is the Panic hook of every thread. gopher-lua calls it where an error
// is raised, with the value on top of the stack and all frames still there: the
// place to give the virtual machine's messages Lua 5.1's words, which name the
// variable, and to keep a cut from looking like an ordinary error.
func (s *State) onError(L *lua.LState) {
	b := s.budget(L)
	if b.stop.Load() {
		panic(&cut{b.Err()})
	}
	v := L.Get(-1)
	if text, ok := v.(lua.LString); ok && !b.final {
		v = lua.LString(s.translate(L, b, string(text)))
	}
	b.final = false
	panic(&lua.ApiError{Type: lua.ApiErrorRun, Object: v})
}

func (s *State) nestingError() *LimitError {
	return limitError(LimitNesting, "C stack overflow", fmt.Sprint(s.limits.Nesting))
}

func (s *State) raiseNesting(th *lua.LState, b *Budget) {
	raiseKnownLimit(th, b, s.nestingError())
}

// raiseDeep fails because metamethods nest too deeply, in the middle of an
// instruction of th.
func (s *State) raiseDeep(th *lua.LState, b *Budget) {
	b.limit = s.nestingError()
	fail(th, b, lua.LString(place(th)+b.limit.Detail))
}
