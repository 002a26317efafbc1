package compiler

import lua "github.com/yuin/gopher-lua"

// ObjectName says what a program calls the value that register reg holds when
// the instruction at pc runs: the kind ("local", "global", "field", "upvalue",
// "method") and the name, or two empty strings for an intermediate result. It
// is what Lua 5.1 puts in "attempt to index local 'x' (a nil value)".
func ObjectName(p *lua.FunctionProto, pc, reg int) (kind, name string) {
	for depth := 0; depth < 200; depth++ {
		if name := localName(p, reg, pc); name != "" {
			return "local", name
		}
		setter := lastSetter(p, pc, reg)
		if setter < 0 {
			return "", ""
		}
		switch i := Decode(p.Code[setter]); i.Code {
		case lua.OP_MOVE, lua.OP_MOVEN:
			if i.B >= i.A {
				return "", ""
			}
			pc, reg = setter, i.B
		case lua.OP_GETGLOBAL:
			return "global", constantName(p, i.Bx)
		case lua.OP_GETTABLE, lua.OP_GETTABLEKS:
			return "field", operandName(p, i.C)
		case lua.OP_SELF:
			return "method", operandName(p, i.C)
		case lua.OP_GETUPVAL:
			if i.B < len(p.DbgUpvalues) {
				return "upvalue", p.DbgUpvalues[i.B]
			}
			return "upvalue", "?"
		default:
			return "", ""
		}
	}
	return "", ""
}

// SetsGlobal tells whether a function assigns to a global of that name.
func SetsGlobal(p *lua.FunctionProto, name string) bool {
	for at := 0; at < len(p.Code); at++ {
		switch i := Decode(p.Code[at]); i.Code {
		case lua.OP_SETGLOBAL:
			if constantName(p, i.Bx) == name {
				return true
			}
		case lua.OP_SETLIST:
			if i.C == 0 {
				at++ // the next word is a number
			}
		}
	}
	return false
}

// Receiver returns the name of the global whose field the register reg holds when
// the instruction at pc runs, "" where it is none.
func Receiver(p *lua.FunctionProto, pc, reg int) string {
	setter := lastSetter(p, pc, reg)
	if setter < 0 {
		return ""
	}
	if i := Decode(p.Code[setter]); i.Code == lua.OP_GETTABLE || i.Code == lua.OP_GETTABLEKS {
		if kind, name := ObjectName(p, setter, i.B); kind == "global" {
			return name
		}
	}
	return ""
}

// localName returns the name of the local variable in register reg at pc.
func localName(p *lua.FunctionProto, reg, pc int) string {
	for _, v := range p.DbgLocals {
		if v.StartPc > pc {
			break
		}
		if pc < v.EndPc {
			if reg == 0 {
				return v.Name
			}
			reg--
		}
	}
	return ""
}

func operandName(p *lua.FunctionProto, operand int) string {
	if k, ok := IsConstant(operand); ok {
		return constantName(p, k)
	}
	return "?"
}

func constantName(p *lua.FunctionProto, k int) string {
	if k < len(p.Constants) {
		if s, ok := p.Constants[k].(lua.LString); ok {
			return string(s)
		}
	}
	return "?"
}

// lastSetter runs over the code before pc as if every test failed and every
// forward jump were taken, and returns the last instruction that put a value in
// register reg, or -1.
func lastSetter(p *lua.FunctionProto, pc, reg int) int {
	last := -1
	for at := 0; at < pc && at < len(p.Code); at++ {
		i := Decode(p.Code[at])
		sets := false
		switch i.Code {
		case lua.OP_LOADNIL:
			sets = i.A <= reg && reg <= i.B
		case lua.OP_SELF:
			sets = reg == i.A || reg == i.A+1
		case lua.OP_CALL, lua.OP_TAILCALL:
			sets = reg >= i.A
		case lua.OP_TFORLOOP:
			sets = reg >= i.A+2
		case lua.OP_FORLOOP, lua.OP_FORPREP, lua.OP_JMP:
			if setsA[i.Code] && reg == i.A {
				last = at
			}
			if to := at + 1 + i.Jump; to > at && to <= pc {
				at = to - 1
			}
			continue
		case lua.OP_SETLIST:
			if i.C == 0 {
				at++
			}
		case lua.OP_CLOSURE:
			if reg == i.A {
				last = at
			}
			if i.Bx < len(p.FunctionPrototypes) {
				at += int(p.FunctionPrototypes[i.Bx].NumUpvalues)
			}
			continue
		default:
			sets = setsA[i.Code] && reg == i.A
		}
		if sets {
			last = at
		}
	}
	return last
}
