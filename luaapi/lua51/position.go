package lua51

import lua "github.com/yuin/gopher-lua"

// Position returns where the Lua code is that called the Go function running on
// L: its chunk's name and line, or "" and 0 where no Lua function is on the
// stack. Chunks for which skip says so stand behind those that called them; nil
// skips none.
func Position(L *lua.LState, skip func(chunk string) bool) (chunk string, line int) {
	chunk, line = position(L)
	if skip == nil || !skip(chunk) {
		return chunk, line
	}
	for _, f := range callStack(L, maxTrace) {
		if f.isLua() && f.line > 0 && !skip(f.fn.Proto.SourceName) {
			return f.fn.Proto.SourceName, f.line
		}
	}
	return chunk, line
}

// maxTrace is how many frames are looked through.
const maxTrace = 200
