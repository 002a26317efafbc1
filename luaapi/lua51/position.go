package lua51

import lua "github.com/yuin/gopher-lua"

// Position returns where the Lua code is that called the Go function running on
// L: its chunk's name and line, or "" and 0 where no Lua function is on the
// stack.
func Position(L *lua.LState) (chunk string, line int) { return position(L) }
