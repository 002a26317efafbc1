package compiler

import (
	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/luaapi/lua51/scan"
)

func (p *parser) whileStatement(line int) {
	f := p.f
	p.advance()
	start := f.here()
	exit := p.condition()
	f.enter(true)
	p.expect(scan.Do)
	p.inBlock()
	f.jumpTo(start)
	p.expectMatch(scan.End, scan.While, line)
	f.leave()
	f.bindHere(exit)
}

func (p *parser) repeatStatement(line int) {
	f := p.f
	start := f.here()
	f.enter(true)
	inner := f.enter(false)
	p.advance()
	p.statements()
	p.expectMatch(scan.Until, scan.Repeat, line)
	again := p.condition()
	if !inner.captured {
		f.leave()
		f.bindAll(again, start)
	} else {
		// The variables are closed on either way.
		f.breakLoop()
		f.bindHere(again)
		f.leave()
		f.jumpTo(start)
	}
	f.leave()
}

func (p *parser) forStatement(line int) {
	f := p.f
	f.enter(true)
	p.advance()
	name := p.name()
	switch p.tok.Kind {
	case scan.Assign:
		p.numericFor(name, line)
	case scan.Comma, scan.In:
		p.genericFor(name, line)
	default:
		p.fail("'=' or 'in' expected")
	}
	p.expectMatch(scan.End, scan.For, line)
	f.leave()
}

func (p *parser) numericFor(name string, line int) {
	f := p.f
	base := f.free
	for _, hidden := range []string{"(for index)", "(for limit)", "(for step)"} {
		f.declare(hidden, 3)
	}
	f.declare(name, 3)
	var convert []int // registers whose value may be no number
	bound := func() {
		p.advance()
		var e operand
		p.expression(&e)
		number := e.isLiteral() || f.isArithmetic(&e)
		f.intoNext(&e)
		if !number {
			convert = append(convert, f.free-1)
		}
	}
	bound()
	if p.tok.Kind != scan.Comma {
		p.expected(scan.Comma)
	}
	bound()
	if p.tok.Kind == scan.Comma {
		bound()
	} else {
		f.emit(encodeABx(lua.OP_LOADK, f.free, f.numberConstant(1)))
		f.reserve(1)
	}
	p.expect(scan.Do)
	f.convertBounds(convert)
	p.forBody(base, line, 1, true)
}

// isArithmetic tells whether e can be nothing but a number, unless operators
// are redefined.
func (f *function) isArithmetic(e *operand) bool {
	if e.state != isPending || e.hasJumps() {
		return false
	}
	switch f.at(e.reg).Code {
	case lua.OP_ADD, lua.OP_SUB, lua.OP_MUL, lua.OP_DIV, lua.OP_UNM, lua.OP_LEN:
		return true
	}
	return false
}

// convertBounds makes numbers of bounds given as strings, which the virtual
// machine's loop does not do, and fails where that is impossible.
func (f *function) convertBounds(registers []int) {
	zero := f.zeroConstant()
	if zero < 0 {
		return
	}
	for _, reg := range registers {
		f.abc(lua.OP_SUB, reg, reg, zero|constantBit)
	}
}

func (p *parser) genericFor(name string, line int) {
	f := p.f
	base := f.free
	for _, hidden := range []string{"(for generator)", "(for state)", "(for control)"} {
		f.declare(hidden, 3)
	}
	count := 1
	f.declare(name, 3)
	for ; p.accept(scan.Comma); count++ {
		f.declare(p.name(), 3+count)
	}
	p.expect(scan.In)
	var e operand
	n := p.expressions(&e)
	f.adjust(3, n, &e)
	p.expect(scan.Do)
	// The call of the generator needs room for it and its two arguments.
	f.free = base + 3
	f.reserve(3)
	p.forBody(base, line, count, false)
}

// forBody reads the body of a for loop, whose three hidden variables are in the
// registers from base on, and emits what surrounds it.
func (p *parser) forBody(base, line, names int, numeric bool) {
	f := p.f
	f.free = base + 3
	first := len(f.locals) - names
	f.activate(first-3, 3)
	var prepare int
	if numeric {
		f.counter[first] = true
		prepare = f.emit(encodeJump(lua.OP_FORPREP, base, unbound))
	} else {
		prepare = f.jump()
	}
	f.enter(false)
	f.activate(first, names)
	f.reserve(names)
	p.statements()
	f.leave()
	f.bind(prepare, f.here())
	var end int
	if numeric {
		end = f.emitAt(encodeJump(lua.OP_FORLOOP, base, unbound), line)
	} else {
		f.emitAt(encodeABC(lua.OP_TFORLOOP, base, 0, names), line)
		end = f.emitAt(encodeJump(lua.OP_JMP, 0, unbound), line)
	}
	f.bind(end, prepare+1)
}
