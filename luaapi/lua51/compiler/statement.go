package compiler

import lua "github.com/yuin/gopher-lua"

// statements reads statements up to the end of their block.
func (p *parser) statements() {
	p.nest()
	for !p.blockEnds(true) {
		last := p.statement()
		p.accept(tokSemicolon)
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
	switch p.tok.kind {
	case tokElse, tokElseif, tokEnd, tokEOF:
		return true
	case tokUntil:
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
	line := p.tok.line
	switch p.tok.kind {
	case tokIf:
		p.ifStatement(line)
	case tokWhile:
		p.whileStatement(line)
	case tokDo:
		p.advance()
		p.inBlock()
		p.expectMatch(tokEnd, tokDo, line)
	case tokFor:
		p.forStatement(line)
	case tokRepeat:
		p.repeatStatement(line)
	case tokFunction:
		p.functionStatement(line)
	case tokLocal:
		p.advance()
		if p.accept(tokFunction) {
			p.localFunction()
		} else {
			p.localStatement()
		}
	case tokReturn:
		p.returnStatement()
		return true
	case tokBreak:
		p.advance()
		p.f.breakLoop()
		return true
	case tokDoubleColon:
		p.labelStatement(line)
	case tokName:
		if p.tok.text == "goto" && p.lookAhead() == tokName {
			p.advance()
			p.f.gotoLabel(p.name(), line)
			return false
		}
		p.expressionStatement()
	default:
		p.expressionStatement()
	}
	return false
}

func (p *parser) labelStatement(line int) {
	p.advance()
	name := p.name()
	p.f.checkLabel(name, line)
	p.expect(tokDoubleColon)
	for p.tok.kind == tokSemicolon || p.tok.kind == tokDoubleColon {
		if p.accept(tokSemicolon) {
			continue
		}
		p.labelStatement(p.tok.line)
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
		p.expect(tokThen)
		body := f.here()
		p.inBlock()
		if p.tok.kind == tokEnd && len(end) == 0 && f.skipOne(no, body) {
			break
		}
		if p.tok.kind == tokElseif || p.tok.kind == tokElse {
			end = append(end, f.jump())
		}
		f.bindHere(no)
		if p.tok.kind != tokElseif {
			break
		}
	}
	if p.accept(tokElse) {
		p.inBlock()
	}
	p.expectMatch(tokEnd, tokIf, line)
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
	if !p.blockEnds(true) && p.tok.kind != tokSemicolon {
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
