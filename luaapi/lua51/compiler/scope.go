package compiler

import (
	lua "github.com/yuin/gopher-lua"
)

// block is a stretch of code with variables of its own.
type block struct {
	outer    *block
	variable int  // how many variables were in scope when it began
	loop     bool // break leaves it
	captured bool // a closure uses one of its variables
	labels   []label
	pending  int // gotos in function.pending when it began
}

type label struct {
	name      string
	pc, line  int
	variables int // in scope at the label
}

// pendingGoto is a goto whose label has not been seen. Its jump comes after an
// instruction that does nothing unless variables have to be closed.
type pendingGoto struct {
	name      string
	pc, line  int
	variables int // in scope at the goto, or in the block it has left
	close     bool
}

func (f *function) enter(loop bool) *block {
	f.block = &block{outer: f.block, variable: len(f.active), loop: loop, pending: len(f.pending)}
	return f.block
}

// leave ends a block: its variables go out of scope and are closed if closures
// share them.
func (f *function) leave() {
	b := f.block
	f.block = b.outer
	f.endVariables(b.variable)
	if b.captured && b.outer != nil { // a return closes what is left
		f.abc(lua.OP_CLOSE, b.variable, 0, 0)
	}
	f.free = len(f.active)
	if b.loop {
		f.bindGotos(b, label{name: breakLabel, pc: f.here(), variables: b.variable})
	}
	f.leaveGotos(b)
}

// declare adds a variable that comes into scope with activate, after the
// number of others already declared.
func (f *function) declare(name string, declared int) {
	if len(f.active)+declared >= maxLocals {
		f.fail("local variables", maxLocals)
	}
	f.locals = append(f.locals, &lua.DbgLocalInfo{Name: name})
}

// activate brings n declared variables into scope, the first of which is
// f.locals[first]. They have the registers after those in scope.
func (f *function) activate(first, n int) {
	for i := first; i < first+n; i++ {
		f.locals[i].StartPc = f.here()
		f.active = append(f.active, i)
	}
}

func (f *function) endVariables(count int) {
	for _, i := range f.active[count:] {
		f.locals[i].EndPc = f.here()
	}
	f.active = f.active[:count]
}

// assigned notes that the variable in register reg gets a value.
func (f *function) assigned(reg int) { delete(f.counter, f.active[reg]) }

// find looks a name up: as a variable of this function, of an enclosing one,
// or else as a global.
func (f *function) find(name string, e *operand) {
	if !f.findVariable(name, e, false) {
		e.set(isGlobal, f.globalIndex(name))
	}
}

// findVariable reports false for globals. Capture is set if a function inside
// this one asks.
func (f *function) findVariable(name string, e *operand, capture bool) bool {
	for reg := len(f.active) - 1; reg >= 0; reg-- {
		if f.locals[f.active[reg]].Name != name {
			continue
		}
		e.set(isLocal, reg)
		if capture {
			f.assigned(reg) // perhaps
			b := f.block
			for b.variable > reg {
				b = b.outer
			}
			b.captured = true
		}
		return true
	}
	if f.parent == nil || !f.parent.findVariable(name, e, true) {
		return false
	}
	e.set(isUpvalue, f.upvalueIndex(upvalue{name, e.state == isLocal, e.reg}))
	return true
}

func (f *function) upvalueIndex(u upvalue) int {
	for i, have := range f.upvalues {
		if have.local == u.local && have.index == u.index {
			return i
		}
	}
	if len(f.upvalues) >= maxUpvalues {
		f.fail("upvalues", maxUpvalues)
	}
	f.upvalues = append(f.upvalues, u)
	return len(f.upvalues) - 1
}
