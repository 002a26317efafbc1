package compiler

import (
	"math"

	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/luaapi/lua51/number"

	"github.com/simplex-lua/simplex-lua/luaapi/lua51/scan"
)

// priority of the binary operators: how strongly they bind to the operand on
// either side. A right priority below the left one makes an operator group to
// the right.
var priority = map[scan.Kind]struct{ left, right int }{
	scan.Or: {1, 1}, scan.And: {2, 2},
	scan.Lt: {3, 3}, scan.Gt: {3, 3}, scan.Le: {3, 3}, scan.Ge: {3, 3}, scan.Eq: {3, 3}, scan.Ne: {3, 3},
	scan.Concat: {5, 4}, scan.Plus: {6, 6}, scan.Minus: {6, 6},
	scan.Star: {7, 7}, scan.Slash: {7, 7}, scan.Percent: {7, 7}, scan.Caret: {10, 9},
}

const unaryPriority = 8

// binary reads an expression of operators that bind more strongly than limit.
func (p *parser) binary(e *operand, limit int) {
	p.nest()
	switch op := p.tok.Kind; op {
	case scan.Not, scan.Minus, scan.Hash:
		p.advance()
		p.term()
		p.binary(e, unaryPriority)
		p.f.unary(op, e)
	default:
		p.simple(e)
	}
	for {
		op := p.tok.Kind
		prio, ok := priority[op]
		if !ok || prio.left <= limit {
			break
		}
		if op == scan.Concat && p.opts.Operators.Concat != nil {
			p.concat(e)
			continue
		}
		p.advance()
		p.term()
		p.f.left(op, e)
		var right operand
		p.binary(&right, prio.right)
		p.f.combine(op, e, &right)
	}
	p.unnest()
}

// concat reads the rest of a chain of ".." after its first operand e. The
// chain becomes one call: the function's register, then the operands.
func (p *parser) concat(e *operand) {
	f := p.f
	base := f.openCall(e)
	for p.tok.Kind == scan.Concat {
		p.advance()
		p.term()
		var right operand
		p.binary(&right, priority[scan.Concat].left)
		f.intoNext(&right)
	}
	f.closeCall(e, base, "concat", p.opts.Operators.Concat)
}

// openCall puts e in a register with a free one before it, for the function,
// and returns that.
func (f *function) openCall(e *operand) int {
	f.value(e)
	if e.state == isRegister && !e.hasJumps() && e.reg >= len(f.active) && e.reg == f.free-1 {
		// Already in the register the function needs.
		base := e.reg
		f.reserve(1)
		f.abc(lua.OP_MOVE, base+1, base, 0)
		e.reg = base + 1
		return base
	}
	f.releaseOperand(e)
	base := f.free
	f.reserve(2)
	f.into(e, base+1)
	return base
}

// closeCall emits the call of fn with the operands after base.
func (f *function) closeCall(e *operand, base int, name string, fn *lua.LFunction) {
	f.emit(encodeABx(lua.OP_LOADK, base, f.functionConstant(name, fn)))
	f.abc(lua.OP_CALL, base, f.free-base, 2)
	f.free = base + 1
	*e = operand{state: isRegister, reg: base}
}

// unary applies an operator to e.
func (f *function) unary(op scan.Kind, e *operand) {
	switch op {
	case scan.Not:
		f.not(e)
		return
	case scan.Minus:
		if e.isLiteral() {
			e.num = -e.num
			return
		}
	}
	code := lua.OP_UNM
	if op == scan.Hash {
		code = lua.OP_LEN
	}
	f.intoAny(e)
	f.releaseOperand(e)
	e.set(isPending, f.abc(code, 0, e.reg, 0))
}

// left prepares the operand on the left before the right one is read.
func (f *function) left(op scan.Kind, e *operand) {
	switch op {
	case scan.And:
		f.ifTrue(e)
	case scan.Or:
		f.ifFalse(e)
	case scan.Concat:
		f.intoNext(e)
	case scan.Plus, scan.Minus, scan.Star, scan.Slash, scan.Percent, scan.Caret:
		if !e.isLiteral() {
			f.operand(e)
		}
	default:
		f.operand(e)
	}
}

// combine applies a binary operator to e and right, with the result in e.
func (f *function) combine(op scan.Kind, e, right *operand) {
	switch op {
	case scan.And:
		f.value(right)
		right.no = append(e.no, right.no...)
		*e = *right
	case scan.Or:
		f.value(right)
		right.yes = append(e.yes, right.yes...)
		*e = *right
	case scan.Concat:
		f.concatInstruction(e, right)
	case scan.Eq:
		f.compare(lua.OP_EQ, 1, e, right)
	case scan.Ne:
		f.compare(lua.OP_EQ, 0, e, right)
	case scan.Lt:
		f.compare(lua.OP_LT, 1, e, right)
	case scan.Le:
		f.compare(lua.OP_LE, 1, e, right)
	case scan.Gt:
		f.compare(lua.OP_LT, 0, e, right)
	case scan.Ge:
		f.compare(lua.OP_LE, 0, e, right)
	default:
		f.arithmetic(op, e, right)
	}
}

// concatInstruction uses the virtual machine's instruction, which takes
// consecutive registers.
func (f *function) concatInstruction(e, right *operand) {
	f.settle(right)
	if right.state == isPending && f.at(right.reg).Code == lua.OP_CONCAT {
		i := f.at(right.reg)
		f.releaseOperand(e)
		f.code[right.reg] = encodeABC(lua.OP_CONCAT, 0, e.reg, i.C)
		e.set(isPending, right.reg)
		return
	}
	f.intoNext(right)
	f.releaseOperand(right)
	f.releaseOperand(e)
	e.set(isPending, f.abc(lua.OP_CONCAT, 0, e.reg, right.reg))
}

// compare emits a comparison and a jump taken if it is as wanted. Greater is
// less with the operands swapped.
func (f *function) compare(code, want int, e, right *operand) {
	b := f.operand(e)
	c := f.operand(right)
	f.releaseOperand(right)
	f.releaseOperand(e)
	if want == 0 && code != lua.OP_EQ {
		b, c, want = c, b, 1
	}
	e.set(isJump, f.test(code, want, b, c))
}

var arithmeticCode = map[scan.Kind]int{
	scan.Plus: lua.OP_ADD, scan.Minus: lua.OP_SUB, scan.Star: lua.OP_MUL, scan.Slash: lua.OP_DIV,
	scan.Percent: lua.OP_MOD, scan.Caret: lua.OP_POW,
}

func (f *function) arithmetic(op scan.Kind, e, right *operand) {
	if fold(op, e, right) {
		return
	}
	name, fn := f.p.opts.Operators.arithmetic(op)
	if fn != nil && (op != scan.Percent || f.p.opts.Operators.Mul != nil || !f.plainModulo(e, right)) {
		f.operatorCall(e, right, name, fn)
		return
	}
	b, c := f.operands(e, right)
	e.set(isPending, f.abc(arithmeticCode[op], 0, b, c))
}

// operands settles both operands and gives their registers back. The right one is
// settled first, as in Lua 5.1: the left one is already, unless it is a literal.
func (f *function) operands(e, right *operand) (b, c int) {
	c = f.operand(right)
	b = f.operand(e)
	if b > c {
		f.releaseOperand(e)
		f.releaseOperand(right)
	} else {
		f.releaseOperand(right)
		f.releaseOperand(e)
	}
	return b, c
}

// plainModulo tells whether the virtual machine's modulo equals Lua's: for an
// integral divisor it does unless the dividend is very large, infinite or not a
// number, which the variable of a numeric for is not.
func (f *function) plainModulo(e, right *operand) bool {
	n := right.num
	return right.isLiteral() && n != 0 && n == math.Trunc(n) && math.Abs(n) < 1<<31 &&
		e.state == isRegister && e.reg < len(f.active) && f.counter[f.active[e.reg]]
}

// operatorCall calls fn with e and right.
func (f *function) operatorCall(e, right *operand, name string, fn *lua.LFunction) {
	b, c := f.operands(e, right)
	// Each operand is a constant, a variable or a temporary, and temporaries
	// were the last registers in use: e before right. Copied from the right one
	// on, none is overwritten before it is read.
	base := f.free
	f.reserve(3)
	f.load(base+2, c)
	f.load(base+1, b)
	f.closeCall(e, base, name, fn)
}

// load copies an instruction's operand to a register.
func (f *function) load(reg, from int) {
	if k, ok := IsConstant(from); ok {
		f.emit(encodeABx(lua.OP_LOADK, reg, k))
	} else if from != reg {
		f.abc(lua.OP_MOVE, reg, from, 0)
	}
}

// fold computes an operation on two literals. As in Lua 5.1 it leaves divisions
// by zero and what is not a number to the run time.
func fold(op scan.Kind, e, right *operand) bool {
	if !e.isLiteral() || !right.isLiteral() {
		return false
	}
	x, y := e.num, right.num
	var r float64
	switch op {
	case scan.Plus:
		r = x + y
	case scan.Minus:
		r = x - y
	case scan.Star:
		r = x * y
	case scan.Slash:
		if y == 0 {
			return false
		}
		r = x / y
	case scan.Percent:
		if y == 0 {
			return false
		}
		r = x - math.Floor(x/y)*y
	case scan.Caret:
		r = number.Pow(x, y)
	}
	if math.IsNaN(r) {
		return false
	}
	e.num = r
	return true
}
