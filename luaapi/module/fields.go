package module

import (
	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/luaapi/table"
)

// AddFields lets objects of a class, as VM.Class makes its metatable, have
// fields beside their methods. They are computed when they are read.
func AddFields(L *lua.LState, class *lua.LTable, fields map[string]func(object *lua.LUserData) lua.LValue) {
	methods := table.Field(class, "__index")
	class.RawSetString("__index", L.NewFunction(func(L *lua.LState) int {
		object, isObject := L.Get(1).(*lua.LUserData)
		name, isName := L.Get(2).(lua.LString)
		if isObject && isName {
			if field, ok := fields[string(name)]; ok {
				L.Push(field(object))
				return 1
			}
		}
		L.Push(methods)
		L.Push(L.Get(1))
		L.Push(L.Get(2))
		L.Call(2, 1)
		return 1
	}))
}
