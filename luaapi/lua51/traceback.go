package lua51

import (
	"fmt"
	"slices"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/luaapi/table"
)

// A traceback longer than this is cut in the middle, as in Lua 5.1.
const (
	tracebackHead = 12
	tracebackTail = 10
)

// traceback renders the stack of the call b runs on in the form of Lua 5.1's
// debug.traceback, innermost function first, from a level on. It follows the
// threads of pcall outwards and stops at a coroutine.
func (s *State) traceback(b *Budget, message string, level int) string {
	var lines []string
	for i := len(b.threads) - 1; i >= 0; i-- {
		th := b.threads[i]
		lines = append(lines, threadLines(th, th == b.co || i == 0)...)
		if th == b.co {
			break
		}
	}
	lines = lines[min(max(level, 0), len(lines)):]
	if len(lines) > tracebackHead+tracebackTail {
		short := slices.Clone(lines[:tracebackHead])
		short = append(short, "\t...")
		lines = append(short, lines[len(lines)-tracebackTail:]...)
	}
	out := "stack traceback:\n" + strings.Join(lines, "\n")
	if message != "" {
		out = message + "\n" + out
	}
	return out
}

// threadLines renders the frames of one thread. The outermost function of a
// call is the main chunk or a handler; its caller is the host.
func threadLines(th *lua.LState, outermost bool) []string {
	frames := stack(th, 4*tracebackHead+4*tracebackTail)
	if len(frames) > 0 && table.Touches(frames[0].fn) {
		frames = frames[1:]
	}
	lines := make([]string, 0, len(frames)+1)
	for level, f := range frames {
		lines = append(lines, "\t"+frameLine(frames, level, f))
	}
	if outermost && th.Parent == nil {
		lines = append(lines, "\t[C]: ?")
	}
	return lines
}

func frameLine(frames []frame, level int, f frame) string {
	if f.fn == nil {
		return "(tail call): ?"
	}
	_, name := calledName(frames, level)
	if f.fn.IsG {
		if name == "" {
			return "[C]: ?"
		}
		return fmt.Sprintf("[C]: in function '%s'", name)
	}
	p := f.fn.Proto
	at := fmt.Sprintf("%s:%d: in ", p.SourceName, f.line)
	switch {
	case p.LineDefined == 0:
		return at + "main chunk"
	case name != "":
		return at + fmt.Sprintf("function '%s'", name)
	}
	return at + fmt.Sprintf("function <%s:%d>", p.SourceName, p.LineDefined)
}

func calledName(frames []frame, level int) (kind, name string) {
	if frames[level].tail || level+1 >= len(frames) {
		return "", ""
	}
	return frames[level+1].calls()
}

func (s *State) debugTraceback(L *lua.LState) int {
	level := 1
	message := L.Get(1)
	if co, ok := message.(*lua.LState); ok {
		lines := threadLines(co, true)
		text := "stack traceback:\n" + strings.Join(lines, "\n")
		if isString(L.Get(2)) {
			text = toText(L.Get(2)) + "\n" + text
		}
		L.Push(lua.LString(text))
		return 1
	}
	if message != lua.LNil && !isString(message) {
		L.Push(message)
		return 1
	}
	level = optInt(L, 2, level)
	L.Push(lua.LString(s.traceback(s.budget(L), toText(message), level)))
	return 1
}
