package markdown

import (
	"strings"

	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/luaapi/module"
)

// Module is require "markdown".
var Module = module.Module{Name: "markdown", Stability: module.Stable, Open: open}

// maxText is how many bytes are read; maxOut how many are written, for nested
// blocks add to each of their lines.
const (
	maxText = 1 << 20
	maxOut  = 8 << 20
)

func open(vm module.VM, L *lua.LState) lua.LValue {
	function := func(name string, convert func(string) string) lua.LGFunction {
		return func(L *lua.LState) int {
			text := module.String(vm, L, 1, name)
			if len(text) > maxText {
				vm.Raise(L, module.Errorf(module.ErrLimit, "%s: the text has %d bytes, at most %d are read", name, len(text), maxText))
			}
			out := convert(text)
			if len(out) > maxOut {
				vm.Raise(L, module.Errorf(module.ErrLimit, "%s: the text gets longer than %d bytes", name, maxOut))
			}
			L.Push(lua.LString(out))
			return 1
		}
	}
	return vm.Table(L, "markdown", map[string]lua.LGFunction{
		"to_simplex":   function("markdown.to_simplex", toSimplex),
		"from_simplex": function("markdown.from_simplex", fromSimplex),
	}, nil)
}

// clean makes a text valid UTF-8 with \n at the ends of lines.
func clean(text string) string {
	return strings.NewReplacer("\r\n", "\n", "\r", "\n", "\x00", "\ufffd").Replace(strings.ToValidUTF8(text, "\ufffd"))
}
