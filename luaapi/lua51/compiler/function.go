package compiler

import (
	"fmt"
	"math"

	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/luaapi/lua51/scan"
)

// function is a function being compiled.
type function struct {
	p      *parser
	parent *function
	block  *block

	code  []uint32
	lines []int

	constants map[constant]int
	values    []lua.LValue   // constants by index
	globals   map[string]int // names of globals not among the first 256 constants
	names     []string
	upvalues  []upvalue
	children  []*lua.FunctionProto
	locals    []*lua.DbgLocalInfo
	calls     []lua.DbgCall

	// counter marks those locals, by index, that are variables of a numeric for
	// and were not assigned to.
	counter map[int]bool

	active []int // indices into locals of the variables in scope; register = index here
	free   int   // the first free register
	peak   int   // registers used at most

	lastTarget int // the furthest instruction that a jump is bound to

	params      int
	vararg      uint8
	lineDefined int
	pending     []pendingGoto
	labels      int
}

// constant is the key under which a constant is found again. As in Lua 5.1,
// 0 and -0 are one constant.
type constant struct {
	kind scan.Kind
	text string
	num  float64
}

type upvalue struct {
	name  string
	local bool // a variable of the enclosing function, else an upvalue of it
	index int
}

func newFunction(p *parser, parent *function, line int) *function {
	return &function{p: p, parent: parent, lineDefined: line, constants: map[constant]int{}, counter: map[int]bool{}}
}

// fail stops with a message about a limit of one function.
func (f *function) fail(what string, limit int) {
	where := fmt.Sprintf("function at line %d", f.lineDefined)
	if f.lineDefined == 0 {
		where = "main function"
	}
	f.p.failAt(f.p.tok.Line, fmt.Sprintf("%s has more than %d %s", where, limit, what), "")
}

// here is the index of the next instruction.
func (f *function) here() int { return len(f.code) }

// emit appends an instruction that belongs to the line of the last token read.
func (f *function) emit(i uint32) int { return f.emitAt(i, f.p.lastLine) }

func (f *function) emitAt(i uint32, line int) int {
	if len(f.code) >= maxCode {
		f.fail("instructions", maxCode)
	}
	f.code = append(f.code, i)
	f.lines = append(f.lines, line)
	return len(f.code) - 1
}

func (f *function) abc(op, a, b, c int) int { return f.emit(encodeABC(op, a, b, c)) }

func (f *function) at(pc int) Instruction { return Decode(f.code[pc]) }

// setA fills in the register of an instruction emitted without.
func (f *function) setA(pc, a int) {
	f.code[pc] = f.code[pc]&^(maxA<<18) | uint32(a)<<18
}

// constantIndex returns the index of a constant, adding it if it is new.
func (f *function) constantIndex(key constant, v lua.LValue) int {
	if i, ok := f.constants[key]; ok {
		return i
	}
	if len(f.values) >= maxConstants-maxGlobals {
		f.fail("constants", maxConstants-maxGlobals)
	}
	i := len(f.values)
	f.values = append(f.values, v)
	f.constants[key] = i
	return i
}

func (f *function) stringConstant(s string) int {
	return f.constantIndex(constant{kind: scan.String, text: s}, lua.LString(s))
}

func (f *function) numberConstant(n float64) int {
	if math.IsNaN(n) {
		// Never equal to itself, so it would not be found again anyway.
		return f.constantIndex(constant{kind: scan.Number, text: fmt.Sprint(len(f.values))}, lua.LNumber(n))
	}
	return f.constantIndex(constant{kind: scan.Number, num: n}, lua.LNumber(n))
}

func (f *function) functionConstant(name string, fn *lua.LFunction) int {
	return f.constantIndex(constant{kind: scan.Function, text: name}, fn)
}

// globalIndex returns the index that instructions for globals use. Only the
// first 256 constants and these names get the string that gopher-lua looks
// globals up by, see finish.
func (f *function) globalIndex(name string) int {
	key := constant{kind: scan.String, text: name}
	if i, ok := f.constants[key]; ok && i < constantBit {
		return i
	}
	if len(f.values) < constantBit {
		return f.stringConstant(name)
	}
	i, ok := f.globals[name]
	if !ok {
		if len(f.names) >= maxGlobals {
			f.fail("different globals", maxGlobals)
		}
		if f.globals == nil {
			f.globals = map[string]int{}
		}
		i = len(f.names)
		f.names = append(f.names, name)
		f.globals[name] = i
	}
	return constantBit + i
}

// reserve takes n registers from the first free one on.
func (f *function) reserve(n int) {
	f.free += n
	if f.free > f.peak {
		if f.free > maxRegisters {
			f.p.failAt(f.p.tok.Line, "function or expression too complex", f.p.near())
		}
		f.peak = f.free
	}
}

// release gives a register back if it is no variable's. Registers are taken
// and given back like a stack.
func (f *function) release(operand int) {
	if operand < constantBit && operand >= len(f.active) && operand == f.free-1 {
		f.free--
	}
}

func (f *function) releaseOperand(e *operand) {
	if e.state == isRegister {
		f.release(e.reg)
	}
}

func (f *function) loadNil(from, n int) { f.abc(lua.OP_LOADNIL, from, from+n-1, 0) }
