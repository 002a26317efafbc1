package lua51

import (
	"fmt"

	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/luaapi/lua51/compiler"
)

// frame is one active function of a thread.
type frame struct {
	dbg  *lua.Debug
	fn   *lua.LFunction
	line int  // 0 for a Go function
	pc   int  // index of the instruction that runs, -1 if not known
	raw  int  // the packed position, as gopher-lua prints it
	tail bool // entered by a tail call: its caller's frame is gone
}

func (f *frame) isLua() bool { return f.fn != nil && !f.fn.IsG }

// frameAt returns the function at a level of the stack of L: 0 is the one that
// runs, 1 its caller. In place of frames that tail calls removed it returns a
// frame without function.
func frameAt(L *lua.LState, level int) (frame, bool) {
	dbg, ok := L.GetStack(level)
	if !ok {
		return frame{}, false
	}
	f := frame{dbg: dbg, pc: -1}
	at := *dbg
	v, err := L.GetInfo("fSl", &at, lua.LNil)
	if err != nil {
		return frame{}, false
	}
	f.fn = v.(*lua.LFunction)
	if !f.fn.IsG {
		f.tail = at.What == "tail"
		f.raw = at.CurrentLine
		f.line, f.pc = compiler.UnpackPosition(at.CurrentLine)
	}
	return f, true
}

// where returns "chunk:line: " for the Lua function at a level, or "" if that
// is a Go function: luaL_where of Lua 5.1.
func where(L *lua.LState, level int) string {
	f, ok := frameAt(L, level)
	if level > 1 {
		// Levels that tail calls removed count, but have no position, and the
		// stack goes on where pcall was called.
		frames := callStack(L, level+1)
		if ok = level < len(frames); ok {
			f = frames[level]
		}
	}
	if ok && f.isLua() && f.line > 0 {
		return fmt.Sprintf("%s:%d: ", f.fn.Proto.SourceName, f.line)
	}
	return ""
}

// innermost returns the first Lua function from level 0 on.
func innermost(L *lua.LState) (frame, bool) {
	for level := 0; ; level++ {
		f, ok := frameAt(L, level)
		if !ok || f.isLua() {
			return f, ok
		}
	}
}

// position returns the chunk and line of the innermost Lua function.
func position(L *lua.LState) (string, int) {
	if f, ok := innermost(L); ok {
		return f.fn.Proto.SourceName, f.line
	}
	return "", 0
}

// place returns position as the prefix of a message.
func place(L *lua.LState) string {
	if chunk, line := position(L); line > 0 {
		return fmt.Sprintf("%s:%d: ", chunk, line)
	}
	return ""
}
