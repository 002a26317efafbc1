package lua51

import (
	"fmt"

	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/luaapi/lua51/compiler"
)

// callName says how the function at a level was called: the kind ("global",
// "method", …) and name by which the calling instruction knows it. Both are
// empty if it was not called by name.
func callName(L *lua.LState, level int) (kind, name string) {
	if f, ok := frameAt(L, level); !ok || f.tail {
		return "", ""
	}
	f, ok := frameAt(L, level+1)
	if !ok {
		return "", ""
	}
	return f.calls()
}

// calls says by what name the function calls another.
func (f *frame) calls() (kind, name string) {
	switch i, _ := f.instruction(); i.Code {
	case lua.OP_CALL, lua.OP_TAILCALL, lua.OP_TFORLOOP:
		return compiler.ObjectName(f.fn.Proto, f.pc, i.A)
	}
	return "", ""
}

// argError fails with Lua's "bad argument #n to 'name' (message)" for the Go
// function that runs on L. It does not return.
func argError(L *lua.LState, n int, message string) {
	kind, name := callName(L, 0)
	if name == "" {
		name = "?"
	}
	if kind == "method" {
		if n--; n == 0 {
			raise(L, fmt.Sprintf("calling '%s' on bad self (%s)", name, message))
		}
	}
	raise(L, fmt.Sprintf("bad argument #%d to '%s' (%s)", n, name, message))
}

// typeError fails because argument n is not what was expected.
func typeError(L *lua.LState, n int, expected string) {
	argError(L, n, fmt.Sprintf("%s expected, got %s", expected, argType(L, n)))
}

// argType names the type of argument n, which may be absent.
func argType(L *lua.LState, n int) string {
	if n > L.GetTop() {
		return "no value"
	}
	return L.Get(n).Type().String()
}
