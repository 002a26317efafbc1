package module

import (
	"fmt"
	"math"
	"time"

	lua "github.com/yuin/gopher-lua"
)

// Describe names a value in an error without quoting long texts.
func Describe(v lua.LValue) string {
	switch v := v.(type) {
	case lua.LString:
		if len(v) <= 40 {
			return fmt.Sprintf("the string %q", string(v))
		}
		return fmt.Sprintf("a string of %d bytes", len(v))
	case lua.LNumber:
		return "the number " + v.String()
	case lua.LBool, *lua.LNilType:
		return v.String()
	}
	return "a " + v.Type().String()
}

// Argument raises an error about an argument or option. It does not return.
func Argument(vm VM, L *lua.LState, format string, args ...any) {
	vm.Raise(L, Errorf(ErrArgument, format, args...))
}

// MaxTimeout is the longest time that a script may give a single operation.
const MaxTimeout = time.Hour

// Timeout checks a time-out that must end; what names it in the error.
func Timeout(vm VM, L *lua.LState, what string, d time.Duration) {
	if d <= 0 || d > MaxTimeout {
		Argument(vm, L, "%s: want more than 0 and at most %v", what, MaxTimeout)
	}
}

// String reads argument n, which must be a string; what names it in the error.
func String(vm VM, L *lua.LState, n int, what string) string {
	s, ok := L.Get(n).(lua.LString)
	if !ok {
		Argument(vm, L, "%s: want a string, got %s", what, Describe(L.Get(n)))
	}
	return string(s)
}

// Int reads argument n, which must be a whole number between lowest and highest.
func Int(vm VM, L *lua.LState, n int, what string, lowest, highest int64) int64 {
	v, ok := L.Get(n).(lua.LNumber)
	f := float64(v)
	if !ok || f != math.Trunc(f) || f < float64(lowest) || f > float64(highest) {
		Argument(vm, L, "%s: want a whole number from %d to %d, got %s", what, lowest, highest, Describe(L.Get(n)))
	}
	return int64(f)
}

// Func reads argument n, which must be a function.
func Func(vm VM, L *lua.LState, n int, what string) *lua.LFunction {
	fn, ok := L.Get(n).(*lua.LFunction)
	if !ok {
		Argument(vm, L, "%s: want a function, got %s", what, Describe(L.Get(n)))
	}
	return fn
}

// TableArg reads argument n, which must be a table.
func TableArg(vm VM, L *lua.LState, n int, what string) *lua.LTable {
	t, ok := L.Get(n).(*lua.LTable)
	if !ok {
		Argument(vm, L, "%s: want a table, got %s", what, Describe(L.Get(n)))
	}
	return t
}

// This returns the object that a method of a class was called on.
func This[T any](vm VM, L *lua.LState, class, method string) T {
	if ud, ok := L.Get(1).(*lua.LUserData); ok {
		if v, ok := ud.Value.(T); ok {
			return v
		}
	}
	Argument(vm, L, "%s is a method of a %s: write %s:%s(…) with a colon", method, class, class, method)
	panic("unreachable: Raise does not return")
}
