package compiler

import (
	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/luaapi/lua51/scan"
)

func (p *parser) functionStatement(line int) {
	f := p.f
	p.advance()
	var target operand
	f.find(p.name(), &target)
	method := false
	for p.tok.Kind == scan.Dot || p.tok.Kind == scan.Colon {
		method = p.tok.Kind == scan.Colon
		f.intoAny(&target)
		p.advance()
		f.index(&target, &operand{state: isConst, reg: f.stringConstant(p.name())})
		if method {
			break
		}
	}
	var body operand
	p.functionBody(&body, method, line)
	f.store(&target, &body)
	if n := len(f.lines); n > 0 {
		f.lines[n-1] = line // an assignment of the first line
	}
}

func (p *parser) localFunction() {
	f := p.f
	f.declare(p.name(), 0)
	f.activate(len(f.locals)-1, 1) // in scope of its own body
	f.reserve(1)
	reg := f.free - 1
	var body operand
	p.functionBody(&body, false, p.tok.Line)
	f.releaseOperand(&body)
	f.into(&body, reg)
	f.locals[f.active[len(f.active)-1]].StartPc = f.here()
}

// functionBody reads parameters and body of a function and leaves in e the
// instruction that makes a closure of it.
func (p *parser) functionBody(e *operand, method bool, line int) {
	outer := p.f
	f := newFunction(p, outer, line)
	p.f = f
	f.enter(false)
	terms := p.terms
	p.terms = 0
	p.expect(scan.OpenParen)
	if method {
		f.declare("self", 0)
		f.activate(0, 1)
	}
	p.parameters()
	p.expect(scan.CloseParen)
	p.opened = append(p.opened, open{scan.Function, line})
	p.statements()
	end := p.tok.Line
	p.expectMatch(scan.End, scan.Function, line)
	p.opened = p.opened[:len(p.opened)-1]
	f.leave()
	proto := f.finish(end)
	p.f, p.terms = outer, terms
	outer.closure(e, f, proto)
}

func (p *parser) parameters() {
	f := p.f
	names := 0
	if p.tok.Kind != scan.CloseParen {
		for {
			if p.accept(scan.Dots) {
				f.vararg = lua.VarArgHasArg | lua.VarArgIsVarArg | lua.VarArgNeedsArg
				break
			}
			if p.tok.Kind != scan.Name {
				p.fail("<name> or '...' expected")
			}
			f.declare(p.name(), names)
			names++
			if !p.accept(scan.Comma) {
				break
			}
		}
	}
	f.activate(len(f.locals)-names, names)
	f.params = len(f.active)
	if f.vararg != 0 {
		// The table of extra arguments, which is there if "..." is not used.
		f.declare("arg", 0)
		f.activate(len(f.locals)-1, 1)
	}
	f.reserve(len(f.active))
}

// closure emits the instruction that makes a closure of a function, and for
// each upvalue one that says where it comes from.
func (f *function) closure(e *operand, inner *function, proto *lua.FunctionProto) {
	if len(f.children) >= maxBx {
		f.fail("functions", maxBx)
	}
	f.children = append(f.children, proto)
	pc := f.emit(encodeABx(lua.OP_CLOSURE, 0, len(f.children)-1))
	for _, u := range inner.upvalues {
		op := lua.OP_GETUPVAL
		if u.local {
			op = lua.OP_MOVE
		}
		f.abc(op, 0, u.index, 0)
	}
	*e = operand{state: isPending, reg: pc}
}
