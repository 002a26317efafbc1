package compiler

import (
	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/luaapi/lua51/scan"
)

// anyRegister stands for a register that is chosen later.
const anyRegister = maxA

// value turns a variable, call or vararg into a value: known, pending or in a
// register.
func (f *function) value(e *operand) {
	switch e.state {
	case isLocal:
		e.state = isRegister
	case isUpvalue:
		e.set(isPending, f.abc(lua.OP_GETUPVAL, 0, e.reg, 0))
	case isGlobal:
		e.set(isPending, f.emit(encodeABx(lua.OP_GETGLOBAL, 0, e.reg)))
	case isIndexed:
		f.release(e.key)
		f.release(e.reg)
		op := lua.OP_GETTABLE
		if e.field {
			op = lua.OP_GETTABLEKS
		}
		e.set(isPending, f.abc(op, 0, e.reg, e.key))
	case isCall, isVararg:
		f.oneResult(e)
	}
}

// oneResult makes a call or vararg return exactly one value.
func (f *function) oneResult(e *operand) {
	switch e.state {
	case isCall:
		f.setResults(e, 1)
		e.set(isRegister, f.at(e.reg).A)
	case isVararg:
		i := f.at(e.reg)
		f.code[e.reg] = encodeABC(lua.OP_VARARG, i.A, 2, 0)
		e.state = isPending
	}
}

// setResults makes a call or vararg return n values, or all with lua.MultRet.
func (f *function) setResults(e *operand, n int) {
	i := f.at(e.reg)
	switch e.state {
	case isCall:
		f.code[e.reg] = encodeABC(i.Code, i.A, i.B, n+1)
	case isVararg:
		f.code[e.reg] = encodeABC(i.Code, f.free, n+1, 0)
		f.reserve(1)
	}
}

// intoRegister puts the value of e, its jumps aside, in register reg.
func (f *function) intoRegister(e *operand, reg int) {
	f.value(e)
	switch e.state {
	case isNil:
		f.loadNil(reg, 1)
	case isFalse:
		f.abc(lua.OP_LOADBOOL, reg, 0, 0)
	case isTrue:
		f.abc(lua.OP_LOADBOOL, reg, 1, 0)
	case isConst:
		f.emit(encodeABx(lua.OP_LOADK, reg, e.reg))
	case isNumber:
		f.emit(encodeABx(lua.OP_LOADK, reg, f.numberConstant(e.num)))
	case isPending:
		f.setA(e.reg, reg)
	case isRegister:
		if e.reg != reg {
			f.abc(lua.OP_MOVE, reg, e.reg, 0)
		}
	default: // isVoid, isJump
		return
	}
	e.set(isRegister, reg)
}

// zeroConstant returns the index of a constant that is 0 and not -0, or -1 if
// instructions cannot name it.
func (f *function) zeroConstant() int {
	return f.smallConstant(constant{kind: scan.Number, text: "+0"}, lua.LNumber(0))
}

// into puts e in register reg, jumps included.
func (f *function) into(e *operand, reg int) {
	f.intoRegister(e, reg)
	if e.state == isJump {
		e.yes = append(e.yes, e.reg)
	}
	if e.hasJumps() {
		f.bindValues(e, reg)
	}
	e.yes, e.no = nil, nil
	e.set(isRegister, reg)
}

// intoNext puts e in the next free register.
func (f *function) intoNext(e *operand) {
	f.value(e)
	f.releaseOperand(e)
	f.reserve(1)
	f.into(e, f.free-1)
}

// intoAny puts e in a register, if it is not in one, and returns it.
func (f *function) intoAny(e *operand) int {
	f.value(e)
	if e.state == isRegister {
		if !e.hasJumps() {
			return e.reg
		}
		if e.reg >= len(f.active) {
			f.into(e, e.reg)
			return e.reg
		}
	}
	f.intoNext(e)
	return e.reg
}

// settle gives e a single place: a register if it has jumps.
func (f *function) settle(e *operand) {
	if e.hasJumps() {
		f.intoAny(e)
	} else {
		f.value(e)
	}
}

// operand returns the register or constant that an instruction can name for e.
func (f *function) operand(e *operand) int {
	f.settle(e)
	k := -1
	switch e.state {
	case isNumber:
		k = f.smallConstant(constant{kind: scan.Number, num: e.num}, lua.LNumber(e.num))
	case isTrue:
		k = f.smallConstant(constant{kind: scan.True}, lua.LTrue)
	case isFalse:
		k = f.smallConstant(constant{kind: scan.False}, lua.LFalse)
	case isNil:
		k = f.smallConstant(constant{kind: scan.Nil}, lua.LNil)
	case isConst:
		if e.reg < constantBit {
			k = e.reg
		}
	}
	if k < 0 {
		return f.intoAny(e)
	}
	e.set(isConst, k)
	return k | constantBit
}

// smallConstant returns the index of a constant if instructions can name it,
// else -1.
func (f *function) smallConstant(key constant, v lua.LValue) int {
	if i, ok := f.constants[key]; ok && i < constantBit {
		return i
	}
	if len(f.values) >= constantBit {
		return -1
	}
	return f.constantIndex(key, v)
}

// store assigns e to a variable.
func (f *function) store(to, e *operand) {
	switch to.state {
	case isLocal:
		f.releaseOperand(e)
		f.into(e, to.reg)
		f.assigned(to.reg)
		return
	case isUpvalue:
		f.abc(lua.OP_SETUPVAL, f.intoAny(e), to.reg, 0)
	case isGlobal:
		f.emit(encodeABx(lua.OP_SETGLOBAL, f.intoAny(e), to.reg))
	case isIndexed:
		op := lua.OP_SETTABLE
		if to.field {
			op = lua.OP_SETTABLEKS
		}
		f.abc(op, to.reg, to.key, f.operand(e))
	}
	f.releaseOperand(e)
}

// index makes e[key] of e, which is in a register.
func (f *function) index(e, key *operand) {
	// gopher-lua's faster instructions for fields need the string itself.
	e.field = key.state == isConst && !key.hasJumps() && f.isString(key.reg)
	e.key = f.operand(key)
	_, constant := IsConstant(e.key)
	e.field = e.field && constant
	e.state = isIndexed
}

func (f *function) isString(k int) bool {
	_, ok := f.values[k].(lua.LString)
	return ok
}

// self makes of e the method named by key and e itself, in two registers.
func (f *function) self(e *operand, name string) {
	f.intoAny(e)
	f.releaseOperand(e)
	base := f.free
	f.reserve(2)
	object := e.reg
	key := operand{state: isConst, reg: f.stringConstant(name)}
	k := f.operand(&key)
	f.abc(lua.OP_SELF, base, object, k)
	f.releaseOperand(&key)
	e.set(isRegister, base)
}
