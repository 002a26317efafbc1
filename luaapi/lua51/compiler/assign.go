package compiler

import (
	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/luaapi/lua51/scan"
)

// assignment reads the rest of an assignment after its first target.
func (p *parser) assignment(first operand) {
	targets := []operand{first}
	for {
		last := &targets[len(targets)-1]
		if last.state < isLocal || last.state > isIndexed || last.hasJumps() {
			p.fail("syntax error")
		}
		if !p.accept(scan.Comma) {
			break
		}
		var next operand
		p.suffixed(&next)
		if next.state == isLocal {
			p.f.keep(targets, next.reg)
		}
		if len(targets) > maxLocals {
			p.f.fail("variables in assignment", maxLocals)
		}
		targets = append(targets, next)
	}
	p.expect(scan.Assign)

	f := p.f
	var e operand
	n := p.expressions(&e)
	last := len(targets) - 1
	if last == 0 && n == 1 && e.state == isNil && !e.hasJumps() && first.state == isIndexed && !first.field && p.opts.Operators.Clear != nil {
		f.clear(&first)
		return
	}
	if n == len(targets) {
		f.oneResult(&e)
		f.store(&targets[last], &e)
		last--
	} else {
		f.adjust(len(targets), n, &e)
		if n > len(targets) {
			f.free -= n - len(targets)
		}
	}
	// The other values are in the last registers; the last target comes first.
	for ; last >= 0; last-- {
		value := operand{state: isRegister, reg: f.free - 1}
		f.store(&targets[last], &value)
	}
}

// clear emits a call that sets an element to nil.
func (f *function) clear(target *operand) {
	base := f.free
	f.reserve(3)
	f.load(base+1, target.reg)
	f.load(base+2, target.key)
	f.emit(encodeABx(lua.OP_LOADK, base, f.functionConstant("clear", f.p.opts.Operators.Clear)))
	f.abc(lua.OP_CALL, base, 3, 1)
}

// keep copies the variable in register reg if one of the targets needs its
// value to find its table or key, for the variable is about to be assigned to.
func (f *function) keep(targets []operand, reg int) {
	copied := -1
	for i := range targets {
		t := &targets[i]
		if t.state != isIndexed {
			continue
		}
		for _, used := range []*int{&t.reg, &t.key} {
			if *used != reg {
				continue
			}
			if copied < 0 {
				copied = f.free
				f.abc(lua.OP_MOVE, copied, reg, 0)
				f.reserve(1)
			}
			*used = copied
		}
	}
}

// adjust brings n expressions, of which the last is in e, to count values in
// the next registers.
func (f *function) adjust(count, n int, e *operand) {
	extra := count - n
	if e.isMulti() {
		extra = max(extra+1, 0)
		f.setResults(e, extra)
		if extra > 1 {
			f.reserve(extra - 1)
		}
		return
	}
	if e.state != isVoid {
		f.intoNext(e)
	}
	if extra > 0 {
		from := f.free
		f.reserve(extra)
		f.loadNil(from, extra)
	}
}

func (p *parser) localStatement() {
	f := p.f
	count := 0
	for {
		f.declare(p.name(), count)
		count++
		if !p.accept(scan.Comma) {
			break
		}
	}
	var e operand
	n := 0
	if p.accept(scan.Assign) {
		n = p.expressions(&e)
	}
	f.adjust(count, n, &e)
	f.activate(len(f.locals)-count, count)
}
