package compiler

import (
	"fmt"

	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/luaapi/lua51/scan"
)

// Options bound a compilation and name the functions that stand for operators.
type Options struct {
	// MaxDepth is how deep the syntax may nest, MaxTerms how many operators one
	// expression may have. Zero means 200 and 10,000.
	MaxDepth, MaxTerms int
	// Tick, if set, is called every 4096 tokens. It may panic to end the
	// compilation.
	Tick func()
	// Operators are functions to be called in place of the virtual machine's
	// instructions. They are stored in the prototypes as constants.
	Operators Operators
}

// Operators are functions that stand for operators. Nil ones do not.
type Operators struct {
	// Concat takes the operands of a chain of "..".
	Concat *lua.LFunction
	// Clear takes a table and a key and does table[key] = nil. Gopher-lua's
	// instruction leaves the nil in the array, and # looks at each of those.
	Clear *lua.LFunction
	// These take two operands. Where Mod would agree with the instruction it is
	// not called, unless Mul is there too: then signs of zeros matter.
	Add, Sub, Mul, Div, Mod, Pow *lua.LFunction
}

// arithmetic returns the function for an operator and its name.
func (o *Operators) arithmetic(op scan.Kind) (string, *lua.LFunction) {
	switch op {
	case scan.Plus:
		return "add", o.Add
	case scan.Minus:
		return "sub", o.Sub
	case scan.Star:
		return "mul", o.Mul
	case scan.Slash:
		return "div", o.Div
	case scan.Percent:
		return "mod", o.Mod
	}
	return "pow", o.Pow
}

// Limits of the instruction format and of Lua 5.1.
const (
	maxLocals    = 200
	maxRegisters = 250
	maxUpvalues  = 255
	maxConstants = maxBx
	maxGlobals   = 8192 // beyond the first 256 constants of a function
	maxLabels    = 5000 // and gotos that wait for one; each label looks at those
	tickTokens   = 4096
	maxCode      = 1<<pcBits - 1
)

// Names of the limits of Options, as Error.Limit.
const (
	LimitDepth = "depth"
	LimitTerms = "terms"
)

// Error is a chunk that does not compile.
type Error struct {
	// Line and Column say where, both from 1.
	Line, Column int
	// Message is Lua's text without the position.
	Message string
	// Hint says what may be meant, "" where that is not known.
	Hint string
	// Limit names the limit of Options that the chunk ran into, or "".
	Limit string
}

// Error returns the line and the message.
func (e *Error) Error() string { return fmt.Sprintf("%d: %s", e.Line, e.Message) }

// stopError ends the compilation; Compile returns it as an *Error.
type stopError struct{ err *Error }

// Compile compiles the source of a chunk, whose name is shown in messages as
// it is. The error is an *Error.
func Compile(chunk, src string, opts Options) (proto *lua.FunctionProto, err error) {
	if opts.MaxDepth <= 0 {
		opts.MaxDepth = 200
	}
	if opts.MaxTerms <= 0 {
		opts.MaxTerms = 10_000
	}
	p := &parser{lexer: scan.New(src), src: src, chunk: chunk, opts: opts, lastLine: 1}
	defer func() {
		switch r := recover().(type) {
		case nil:
		case stopError:
			err = r.err
		default:
			panic(r)
		}
	}()
	return p.main(), nil
}
