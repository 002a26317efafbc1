package lua51

import (
	"fmt"

	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/luaapi/lua51/compiler"
)

// frame is one active function of a thread.
type frame struct {
	dbg   *lua.Debug
	fn    *lua.LFunction
	line  int  // 0 for a Go function
	pc    int  // index of the instruction that runs, -1 if not known
	raw   int  // the packed position, as gopher-lua prints it
	tail  bool // entered by a tail call: its caller's frame is gone
	first bool // the thread's first frame
}

func (f *frame) isLua() bool { return f.fn != nil && !f.fn.IsG }

// instruction returns what a Lua function is doing.
func (f *frame) instruction() (compiler.Instruction, bool) {
	if !f.isLua() || f.pc < 0 || f.pc >= len(f.fn.Proto.Code) {
		return compiler.Instruction{}, false
	}
	return compiler.Decode(f.fn.Proto.Code[f.pc]), true
}

// frameAt returns the function at a level of the stack of L: 0 is the one that
// runs, 1 its caller. In place of frames that tail calls removed it returns the
// thread's first; stack sorts those out.
func frameAt(L *lua.LState, level int) (frame, bool) { return frameOf(L, level, nil) }

// frameOf is frameAt and compares with the thread's first frame, as GetStack(-1)
// returns it, if that is given.
func frameOf(L *lua.LState, level int, first *lua.Debug) (frame, bool) {
	dbg, ok := L.GetStack(level)
	if !ok {
		return frame{}, false
	}
	f := frame{dbg: dbg, pc: -1, first: first != nil && *dbg == *first}
	v, err := L.GetInfo("fSl", dbg, lua.LNil)
	if err != nil {
		return frame{}, false
	}
	f.fn = v.(*lua.LFunction)
	if !f.fn.IsG {
		f.tail = dbg.What == "tail"
		f.raw = dbg.CurrentLine
		f.line, f.pc = compiler.UnpackPosition(dbg.CurrentLine)
	}
	return f, true
}

// stack returns the frames of a thread from the innermost on, at most limit.
// Frames that tail calls removed have no function.
func stack(L *lua.LState, limit int) []frame {
	first, ok := L.GetStack(-1)
	if !ok {
		return nil
	}
	var frames []frame
	gaps := false
	for level := 0; level < limit; level++ {
		f, ok := frameOf(L, level, first)
		if !ok {
			return frames
		}
		// In place of a removed frame GetStack returns the thread's first.
		if gaps && f.first && !firstFrom(L, level, first) {
			frames = append(frames, frame{})
			continue
		}
		frames = append(frames, f)
		if f.first {
			return frames
		}
		gaps = f.tail
	}
	return frames
}

// firstFrom tells whether every level from this one on shows the thread's first
// frame. A function that tail calls itself makes any number of them, so it
// looks at some only.
func firstFrom(L *lua.LState, level int, first *lua.Debug) bool {
	for end := level + 32; level < end; level++ {
		dbg, ok := L.GetStack(level)
		if !ok {
			return true
		}
		if *dbg != *first {
			return false
		}
	}
	return true
}

// callStack returns the frames of L and, as far as L runs for a pcall, of the
// threads that wait for it.
func callStack(L *lua.LState, limit int) []frame {
	frames := stack(L, limit)
	b := BudgetOf(L)
	if b == nil {
		return frames
	}
	i := len(b.threads) - 1
	for i >= 0 && b.threads[i] != L {
		i--
	}
	for ; i > 0 && b.threads[i] != b.co && len(frames) < limit; i-- {
		frames = append(frames, stack(b.threads[i-1], limit-len(frames))...)
	}
	return frames
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

// innermost returns the first Lua function from level 0 on. Not many Go
// functions can be above it, see Limits.Nesting.
func innermost(L *lua.LState) (frame, bool) {
	for level := 0; level < 300; level++ {
		f, ok := frameAt(L, level)
		if !ok || f.isLua() {
			return f, ok
		}
	}
	return frame{}, false
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
