package compiler

import (
	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/luaapi/lua51/scan"
)

// expression reads a whole expression.
func (p *parser) expression(e *operand) {
	terms := p.terms
	p.terms = 0
	p.binary(e, 0)
	p.terms = terms
}

// expressions reads a list and returns how many there are. All but the last,
// which is in e, are in the next registers.
func (p *parser) expressions(e *operand) int {
	n := 1
	p.expression(e)
	for p.accept(scan.Comma) {
		p.f.intoNext(e)
		*e = operand{}
		p.expression(e)
		n++
	}
	return n
}

// simple reads a constant, a table, a function or a suffixed expression.
func (p *parser) simple(e *operand) {
	f := p.f
	switch p.tok.Kind {
	case scan.Number:
		*e = operand{state: isNumber, num: p.tok.Number}
	case scan.String:
		*e = operand{state: isConst, reg: f.stringConstant(p.tok.Text)}
	case scan.Nil:
		*e = operand{state: isNil}
	case scan.True:
		*e = operand{state: isTrue}
	case scan.False:
		*e = operand{state: isFalse}
	case scan.Dots:
		if f.vararg == 0 {
			p.fail("cannot use '...' outside a vararg function")
		}
		f.vararg &^= lua.VarArgNeedsArg
		*e = operand{state: isVararg, reg: f.abc(lua.OP_VARARG, 0, 2, 0)}
	case scan.OpenBrace:
		p.table(e)
		return
	case scan.Function:
		line := p.tok.Line
		p.advance()
		p.functionBody(e, false, line)
		return
	default:
		p.suffixed(e)
		return
	}
	p.advance()
}

// suffixed reads a name or parenthesis and the fields and calls after it.
func (p *parser) suffixed(e *operand) {
	f := p.f
	line, called := p.tok.Line, "?"
	switch p.tok.Kind {
	case scan.Name:
		*e = operand{}
		called = p.name()
		f.find(called, e)
	case scan.OpenParen:
		p.advance()
		p.expression(e)
		p.expectMatch(scan.CloseParen, scan.OpenParen, line)
		f.value(e) // exactly one
	default:
		p.fail("unexpected symbol")
	}
	for {
		switch p.tok.Kind {
		case scan.Dot:
			f.intoAny(e)
			p.advance()
			called = p.name()
			f.index(e, &operand{state: isConst, reg: f.stringConstant(called)})
		case scan.OpenBracket:
			f.intoAny(e)
			var key operand
			p.bracketed(&key)
			f.index(e, &key)
			called = "?"
		case scan.Colon:
			p.advance()
			called = p.name()
			f.self(e, called)
			p.call(e, called)
		case scan.OpenParen, scan.String, scan.OpenBrace:
			f.intoNext(e)
			p.call(e, called)
			called = "?"
		default:
			return
		}
	}
}

// bracketed reads a key in brackets.
func (p *parser) bracketed(key *operand) {
	p.advance()
	p.expression(key)
	p.f.settle(key)
	p.expect(scan.CloseBracket)
}

// call reads the arguments of a call of the function in e, a register with
// nothing after it but the object of a method.
func (p *parser) call(e *operand, name string) {
	f := p.f
	line := p.tok.Line
	var args operand
	switch p.tok.Kind {
	case scan.OpenParen:
		if line != p.lastLine {
			p.fail("ambiguous syntax (function call x new statement)")
		}
		p.advance()
		if p.tok.Kind != scan.CloseParen {
			p.expressions(&args)
			if args.isMulti() {
				f.setResults(&args, lua.MultRet)
			}
		}
		p.expectMatch(scan.CloseParen, scan.OpenParen, line)
	case scan.OpenBrace:
		p.table(&args)
	case scan.String:
		args = operand{state: isConst, reg: f.stringConstant(p.tok.Text)}
		p.advance()
	default:
		p.fail("function arguments expected")
	}
	base, count := e.reg, 0 // 0 means all up to the top
	if !args.isMulti() {
		if args.state != isVoid {
			f.intoNext(&args)
		}
		count = f.free - base
	}
	pc := f.emitAt(encodeABC(lua.OP_CALL, base, count, 2), line)
	f.calls = append(f.calls, lua.DbgCall{Name: name, Pc: pc})
	*e = operand{state: isCall, reg: pc}
	f.free = base + 1 // unless told otherwise it returns one value
}
