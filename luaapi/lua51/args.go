package lua51

import (
	"math"

	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/luaapi/lua51/number"
	"github.com/simplex-lua/simplex-lua/luaapi/table"
)

// Arguments of library functions, with the conversions and messages of Lua
// 5.1's luaL_check functions.

func numberText(n lua.LNumber) string { return number.Format(float64(n)) }

// isString tells whether v is a string or a number, which converts to one.
func isString(v lua.LValue) bool {
	switch v.(type) {
	case lua.LString, lua.LNumber:
		return true
	}
	return false
}

// toText returns the string that v is or converts to, "" for other values.
func toText(v lua.LValue) string {
	switch v := v.(type) {
	case lua.LString:
		return string(v)
	case lua.LNumber:
		return numberText(v)
	}
	return ""
}

// toNumber returns the number that v is or converts to.
func toNumber(v lua.LValue) (lua.LNumber, bool) {
	switch v := v.(type) {
	case lua.LNumber:
		return v, true
	case lua.LString:
		f, ok := number.Parse(string(v))
		return lua.LNumber(f), ok
	}
	return 0, false
}

// toInt converts as C does from double to ptrdiff_t on x86: toward zero, and
// the smallest integer for what does not fit.
func toInt(n lua.LNumber) int {
	f := float64(n)
	if f >= math.MinInt64 && f < math.MaxInt64 {
		return int(f)
	}
	return math.MinInt
}

func checkAny(L *lua.LState, n int) lua.LValue {
	if n > L.GetTop() {
		argError(L, n, "value expected")
	}
	return L.Get(n)
}

func checkString(L *lua.LState, n int) string {
	switch v := L.Get(n).(type) {
	case lua.LString:
		return string(v)
	case lua.LNumber:
		return numberText(v)
	}
	typeError(L, n, "string")
	return ""
}

func checkNumber(L *lua.LState, n int) float64 {
	v, ok := toNumber(L.Get(n))
	if !ok {
		typeError(L, n, "number")
	}
	return float64(v)
}

// checkLong returns an argument that Lua 5.1 takes as ptrdiff_t.
func checkLong(L *lua.LState, n int) int { return toInt(lua.LNumber(checkNumber(L, n))) }

// checkInt returns an argument that Lua 5.1 takes as int: larger numbers wrap
// around.
func checkInt(L *lua.LState, n int) int { return int(int32(checkLong(L, n))) }

// checkTable returns an argument that must be a table; its own methods may be
// used on it.
func checkTable(L *lua.LState, n int) *lua.LTable {
	t, ok := L.Get(n).(*lua.LTable)
	if !ok {
		typeError(L, n, "table")
	}
	table.Fill(t)
	return t
}

func checkFunction(L *lua.LState, n int) *lua.LFunction {
	f, ok := L.Get(n).(*lua.LFunction)
	if !ok {
		typeError(L, n, "function")
	}
	return f
}

func isNone(L *lua.LState, n int) bool { return L.Get(n) == lua.LNil }

func optString(L *lua.LState, n int, value string) string {
	if isNone(L, n) {
		return value
	}
	return checkString(L, n)
}

func optLong(L *lua.LState, n, value int) int {
	if isNone(L, n) {
		return value
	}
	return checkLong(L, n)
}

func optInt(L *lua.LState, n, value int) int {
	if isNone(L, n) {
		return value
	}
	return checkInt(L, n)
}
