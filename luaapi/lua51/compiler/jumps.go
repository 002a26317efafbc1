package compiler

import lua "github.com/yuin/gopher-lua"

// unbound is the distance of a jump that has no target yet.
const unbound = -1

// jump emits a jump to be bound later.
func (f *function) jump() int { return f.emit(encodeJump(lua.OP_JMP, 0, unbound)) }

// jumpTo emits a jump back to target.
func (f *function) jumpTo(target int) { f.bind(f.jump(), target) }

// bind makes the jump at pc go to target.
func (f *function) bind(pc, target int) {
	distance := target - (pc + 1)
	if distance > maxJump || distance < -maxJump {
		f.p.failAt(f.p.tok.Line, "control structure too long", f.p.near())
	}
	i := f.at(pc)
	f.code[pc] = encodeJump(i.Code, i.A, distance)
	f.lastTarget = max(f.lastTarget, target)
}

// skipOne shortens a conditional whose body, at pc body, is one instruction. A
// test skips the instruction after it, which usually is a jump around the body;
// turned around it can skip the body itself.
func (f *function) skipOne(no []int, body int) bool {
	if len(no) != 1 || no[0] != body-1 || f.here() != body+1 || f.lastTarget >= body {
		return false
	}
	at := f.control(no[0])
	if at == no[0] {
		return false
	}
	f.setTested(no[0], anyRegister)
	if i := f.at(at); i.Code == lua.OP_TEST {
		f.code[at] = encodeABC(lua.OP_TEST, i.A, 0, 1-i.C)
	} else {
		f.setA(at, 1-i.A)
	}
	f.code[body-1], f.lines[body-1] = f.code[body], f.lines[body]
	f.code, f.lines = f.code[:body], f.lines[:body]
	if n := len(f.calls); n > 0 && f.calls[n-1].Pc == body {
		f.calls[n-1].Pc--
	}
	return true
}

// bindAll makes jumps go to target; a test that would set a register does not.
func (f *function) bindAll(list []int, target int) {
	f.bindTests(list, target, anyRegister, target)
}

func (f *function) bindHere(list []int) { f.bindAll(list, f.here()) }

// bindTests binds the jumps of tests that can put the tested value in register
// reg to target, and the others to otherwise.
func (f *function) bindTests(list []int, target, reg, otherwise int) {
	for _, pc := range list {
		if f.setTested(pc, reg) {
			f.bind(pc, target)
		} else {
			f.bind(pc, otherwise)
		}
	}
}

// control returns the pc of the instruction that decides whether the jump at pc
// is taken: the test before it, or the jump itself.
func (f *function) control(pc int) int {
	if pc > 0 {
		switch f.at(pc - 1).Code {
		case lua.OP_EQ, lua.OP_LT, lua.OP_LE, lua.OP_TEST, lua.OP_TESTSET:
			return pc - 1
		}
	}
	return pc
}

// setTested makes the test of the jump at pc put its value in register reg, or
// only test if reg is anyRegister. It reports false if the test has no value.
func (f *function) setTested(pc, reg int) bool {
	at := f.control(pc)
	i := f.at(at)
	if i.Code != lua.OP_TESTSET {
		return false
	}
	if reg != anyRegister && reg != i.B {
		f.setA(at, reg)
	} else {
		f.code[at] = encodeABC(lua.OP_TEST, i.B, 0, i.C)
	}
	return true
}

// needValue tells whether any of the jumps leaves without a value.
func (f *function) needValue(list []int) bool {
	for _, pc := range list {
		if f.at(f.control(pc)).Code != lua.OP_TESTSET {
			return true
		}
	}
	return false
}

// bindValues lets all jumps of e arrive here with their value in register reg.
func (f *function) bindValues(e *operand, reg int) {
	no, yes := -1, -1
	if f.needValue(e.yes) || f.needValue(e.no) {
		skip := -1
		if e.state != isJump {
			skip = f.jump()
		}
		no = f.abc(lua.OP_LOADBOOL, reg, 0, 1)
		yes = f.abc(lua.OP_LOADBOOL, reg, 1, 0)
		if skip >= 0 {
			f.bind(skip, f.here())
		}
	}
	end := f.here()
	f.bindTests(e.no, end, reg, no)
	f.bindTests(e.yes, end, reg, yes)
}

// test emits a test and the jump that follows it.
func (f *function) test(op, a, b, c int) int {
	f.abc(op, a, b, c)
	return f.jump()
}

// invert turns the comparison of the jump at pc around.
func (f *function) invert(pc int) {
	at := f.control(pc)
	i := f.at(at)
	f.setA(at, 1-i.A)
}

// jumpIf emits a jump that is taken if e is cond.
func (f *function) jumpIf(e *operand, cond bool) int {
	c := 0
	if cond {
		c = 1
	}
	if e.state == isPending {
		if i := f.at(e.reg); i.Code == lua.OP_NOT && e.reg == f.here()-1 {
			f.code, f.lines = f.code[:e.reg], f.lines[:e.reg]
			return f.test(lua.OP_TEST, i.B, 0, 1-c)
		}
	}
	f.discharged(e)
	f.releaseOperand(e)
	return f.test(lua.OP_TESTSET, anyRegister, e.reg, c)
}

// discharged puts the value of e, its jumps aside, in some register.
func (f *function) discharged(e *operand) {
	if e.state == isRegister {
		return
	}
	f.reserve(1)
	f.intoRegister(e, f.free-1)
}

// ifTrue goes on behind e if it is true; the jumps for false are e.no.
func (f *function) ifTrue(e *operand) {
	f.value(e)
	switch e.state {
	case isConst, isNumber, isTrue:
	case isJump:
		f.invert(e.reg)
		e.no = append(e.no, e.reg)
	default:
		e.no = append(e.no, f.jumpIf(e, false))
	}
	f.bindHere(e.yes)
	e.yes = nil
}

// ifFalse goes on behind e if it is false; the jumps for true are e.yes.
func (f *function) ifFalse(e *operand) {
	f.value(e)
	switch e.state {
	case isNil, isFalse:
	case isJump:
		e.yes = append(e.yes, e.reg)
	default:
		e.yes = append(e.yes, f.jumpIf(e, true))
	}
	f.bindHere(e.no)
	e.no = nil
}

// not negates e.
func (f *function) not(e *operand) {
	f.value(e)
	switch e.state {
	case isNil, isFalse:
		e.state = isTrue
	case isConst, isNumber, isTrue:
		e.state = isFalse
	case isJump:
		f.invert(e.reg)
	default:
		f.discharged(e)
		f.releaseOperand(e)
		e.set(isPending, f.abc(lua.OP_NOT, 0, e.reg, 0))
	}
	e.yes, e.no = e.no, e.yes
	for _, list := range [][]int{e.yes, e.no} {
		for _, pc := range list {
			f.setTested(pc, anyRegister)
		}
	}
}
