package lua51

import (
	"fmt"

	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/internal/nearest"
	"github.com/simplex-lua/simplex-lua/luaapi/lua51/compiler"
	"github.com/simplex-lua/simplex-lua/luaapi/table"
)

// Strict makes reading an undefined global an error that names the nearest
// known name: the globals defined so far and what names returns (it may be
// nil). Defining globals stays allowed, and rawget(_G, name) asks without an
// error. A script that sets a metatable on _G turns this off.
func (s *State) Strict(names func() []string) {
	mt := s.main.NewTable()
	mt.RawSetString("__index", s.main.NewFunction(func(L *lua.LState) int {
		name, ok := L.Get(2).(lua.LString)
		if !ok {
			return 0
		}
		known := []string{}
		table.Each(s.main.G.Global, func(k, _ lua.LValue) {
			if str, ok := k.(lua.LString); ok {
				known = append(known, string(str))
			}
		})
		if names != nil {
			known = append(known, names()...)
		}
		text := fmt.Sprintf("undefined global '%s'", string(name))
		if f, ok := innermost(L); Instead(string(name)) != "" {
			text += fmt.Sprintf(" (%s)", Instead(string(name)))
		} else if ok && compiler.SetsGlobal(f.fn.Proto, string(name)) {
			text += fmt.Sprintf(" (it is read before it is set: begin with local %s = … at the top)", string(name))
		} else if near := nearest.Name(string(name), known); near != "" {
			text += fmt.Sprintf(" (did you mean '%s'?)", near)
		}
		raise(L, text)
		return 0
	}))
	s.strict = mt
	s.main.G.Global.Metatable = mt
}
