package lua51

import (
	"fmt"

	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/luaapi/table"
)

// Error is a Lua error that nothing caught, or a cut.
type Error struct {
	// Value is what was raised: any Lua value, for a cut its text.
	Value lua.LValue
	// Traceback is the stack at the error, in the form of debug.traceback.
	Traceback string
	// Chunk and Line say where the error was raised: the innermost Lua
	// function. Line is 0 if there was none.
	Chunk string
	Line  int
	// Cause is the LimitError of a limit, what a Budget was cancelled with, or
	// the panic of a Go function; nil for an ordinary error.
	Cause error
}

// Error returns the raised string, or what kind of value it was.
func (e *Error) Error() string {
	switch v := e.Value.(type) {
	case lua.LString:
		return string(v)
	case lua.LNumber:
		return numberText(v)
	case *lua.LTable:
		if s, ok := table.Field(v, "message").(lua.LString); ok {
			return string(s)
		}
	}
	return fmt.Sprintf("(error object is a %s value)", e.Value.Type())
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Cause }

// SyntaxError is a chunk that does not compile.
type SyntaxError struct {
	// Chunk is the chunk's name, Line and Column (both from 1) where it stopped
	// making sense. Column is 0 where only the line is known.
	Chunk        string
	Line, Column int
	// Message is Lua's text without the position: "'=' expected near 'x'".
	Message string
	// Hint says what may be meant, "" where that is not known.
	Hint string
	// Cause is the LimitError of a limit, or nil.
	Cause error
}

// Error returns the message with its position in front, as Lua prints it.
func (e *SyntaxError) Error() string {
	return fmt.Sprintf("%s:%d: %s", e.Chunk, e.Line, e.Message)
}

// Text returns the message with the hint, where there is one, in brackets.
func (e *SyntaxError) Text() string {
	if e.Hint == "" {
		return e.Message
	}
	return fmt.Sprintf("%s (%s)", e.Message, e.Hint)
}

// Unwrap returns the cause.
func (e *SyntaxError) Unwrap() error { return e.Cause }

// PanicError is a panic of a Go function called from Lua: a bug, turned into
// an error so that it fails the handler and not the process.
type PanicError struct {
	Value any
	Stack string
}

// Error returns what the function panicked with.
func (e *PanicError) Error() string { return fmt.Sprintf("internal error: %v", e.Value) }
