package compiler

import (
	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/luaapi/lua51/scan"
)

// statements reads statements up to the end of their block.
func (p *parser) statements() {
	p.nest()
	for !p.blockEnds(true) {
		last := p.statement()
		p.accept(scan.Semicolon)
		p.f.free = len(p.f.active)
		if last {
			break
		}
	}
	p.unnest()
}

// blockEnds tells whether the current token ends a block. Until does only for
// those who ask.
func (p *parser) blockEnds(until bool) bool {
	switch p.tok.Kind {
	case scan.Else, scan.Elseif, scan.End, scan.EOF:
		return true
	case scan.Until:
		return until
	}
	return false
}

// inBlock reads a block with a scope of its own.
func (p *parser) inBlock() {
	p.f.enter(false)
	p.statements()
	p.f.leave()
}

// statement reads one statement and tells whether it must be the last.
func (p *parser) statement() bool {
	line := p.tok.Line
	outside := len(p.opened)
	switch p.tok.Kind {
	case scan.If, scan.While, scan.Do, scan.For, scan.Repeat:
		p.opened = append(p.opened, open{p.tok.Kind, line})
	}
	switch p.tok.Kind {
	case scan.If:
		p.ifStatement(line)
	case scan.While:
		p.whileStatement(line)
	case scan.Do:
		p.advance()
		p.inBlock()
		p.expectMatch(scan.End, scan.Do, line)
	case scan.For:
		p.forStatement(line)
	case scan.Repeat:
		p.repeatStatement(line)
	case scan.Function:
		p.functionStatement(line)
	case scan.Local:
		p.advance()
		if p.accept(scan.Function) {
			p.localFunction()
		} else {
			p.localStatement()
		}
	case scan.Return:
		p.returnStatement()
		return true
	case scan.Break:
		p.advance()
		p.f.breakLoop()
		return true
	case scan.DoubleColon:
		p.labelStatement(line)
	case scan.Name:
		if p.tok.Text == "goto" && p.lookAhead() == scan.Name {
			p.advance()
			p.f.gotoLabel(p.name(), line)
			return false
		}
		p.expressionStatement()
	case scan.CloseParen, scan.CloseBrace, scan.CloseBracket:
		p.unended()
	default:
		p.expressionStatement()
	}
	p.opened = p.opened[:outside]
	return false
}

func (p *parser) labelStatement(line int) {
	p.advance()
	name := p.name()
	p.f.checkLabel(name, line)
	p.expect(scan.DoubleColon)
	for p.tok.Kind == scan.Semicolon || p.tok.Kind == scan.DoubleColon {
		if p.accept(scan.Semicolon) {
			continue
		}
		p.labelStatement(p.tok.Line)
	}
	p.f.checkLabel(name, line)
	p.f.label(name, line, p.blockEnds(false))
}

func (p *parser) ifStatement(line int) {
	f := p.f
	var end []int
	for {
		p.advance() // if or elseif
		no := p.condition()
		p.expect(scan.Then)
		body := f.here()
		p.inBlock()
		if p.tok.Kind == scan.End && len(end) == 0 && f.skipOne(no, body) {
			break
		}
		if p.tok.Kind == scan.Elseif || p.tok.Kind == scan.Else {
			end = append(end, f.jump())
		}
		f.bindHere(no)
		if p.tok.Kind != scan.Elseif {
			break
		}
	}
	if p.accept(scan.Else) {
		if p.tok.Kind == scan.If && p.tok.Line == p.lastLine {
			p.elseIf = p.tok.Line
		}
		p.inBlock()
	}
	p.expectMatch(scan.End, scan.If, line)
	f.bindHere(end)
}

// condition reads an expression, goes on behind it if it is true, and returns
// the jumps taken if not.
func (p *parser) condition() []int {
	var e operand
	p.expression(&e)
	if e.state == isNil {
		e.state = isFalse
	}
	p.f.ifTrue(&e)
	return e.no
}

func (p *parser) expressionStatement() {
	var e operand
	p.suffixed(&e)
	if e.state != isCall {
		p.assignment(e)
		return
	}
	p.f.setResults(&e, 0)
}

func (p *parser) returnStatement() {
	f := p.f
	p.advance()
	first, count := 0, 0
	if !p.blockEnds(true) && p.tok.Kind != scan.Semicolon {
		var e operand
		count = p.expressions(&e)
		switch {
		case e.isMulti():
			f.setResults(&e, lua.MultRet)
			if e.state == isCall && count == 1 {
				i := f.at(e.reg)
				f.code[e.reg] = encodeABC(lua.OP_TAILCALL, i.A, i.B, i.C)
			}
			first, count = len(f.active), lua.MultRet
		case count == 1:
			first = f.intoAny(&e)
		default:
			f.intoNext(&e)
			first = len(f.active)
		}
	}
	f.abc(lua.OP_RETURN, first, count+1, 0)
}
