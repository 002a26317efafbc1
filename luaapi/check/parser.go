package check

import "fmt"

// parse makes the tree of a script. It is called with scripts that compile, so
// an error means that this parser knows less than the compiler.
func parse(src string) (block []stat, err error) {
	p := &parser{toks: tokens(src)}
	defer func() {
		if r := recover(); r != nil {
			bad, ok := r.(parseError)
			if !ok {
				panic(r)
			}
			err = fmt.Errorf("%d:%d: %s", bad.line, bad.column, bad.text)
		}
	}()
	block = p.block()
	if p.kind() != kindEnd {
		p.fail("want the end of the file")
	}
	return block, nil
}

type parseError struct {
	pos
	text string
}

type parser struct{ toks []token }

func (p *parser) kind() string { return p.toks[0].kind }

func (p *parser) take() token {
	t := p.toks[0]
	if len(p.toks) > 1 {
		p.toks = p.toks[1:]
	}
	return t
}

func (p *parser) eat(kind string) bool {
	if p.kind() != kind {
		return false
	}
	p.take()
	return true
}

func (p *parser) need(kind string) token {
	if p.kind() != kind {
		p.fail("want " + kind)
	}
	return p.take()
}

func (p *parser) fail(text string) {
	t := p.toks[0]
	panic(parseError{t.pos, fmt.Sprintf("%s, got %s %s", text, t.kind, t.text)})
}

func (p *parser) block() []stat {
	var out []stat
	for {
		switch p.kind() {
		case kindEnd, "end", "else", "elseif", "until":
			return out
		case ";":
			p.take()
		case "return":
			p.take()
			s := returnStat{}
			switch p.kind() {
			case kindEnd, "end", "else", "elseif", "until", ";":
			default:
				s.values = p.exprs()
			}
			out = append(out, s)
		default:
			out = append(out, p.statement()...)
		}
	}
}

func (p *parser) statement() []stat {
	switch p.kind() {
	case "if":
		var out []stat
		for p.kind() == "if" || p.kind() == "elseif" {
			p.take()
			s := blockStat{before: []expr{p.expr()}}
			p.need("then")
			s.body = p.block()
			out = append(out, s)
		}
		if p.eat("else") {
			out = append(out, blockStat{body: p.block()})
		}
		p.need("end")
		return out
	case "while":
		p.take()
		s := blockStat{before: []expr{p.expr()}}
		s.body = p.doBlock()
		return []stat{s}
	case "do":
		return []stat{blockStat{body: p.doBlock()}}
	case "for":
		p.take()
		s := blockStat{names: p.names()}
		if !p.eat("=") {
			p.need("in")
		}
		s.before = p.exprs()
		s.body = p.doBlock()
		return []stat{s}
	case "repeat":
		p.take()
		s := blockStat{body: p.block()}
		p.need("until")
		s.after = []expr{p.expr()}
		return []stat{s}
	case "break":
		p.take()
		return nil
	case "::":
		p.take()
		p.need(kindName)
		p.need("::")
		return nil
	case "function":
		return []stat{p.functionStatement()}
	case "local":
		p.take()
		if p.eat("function") {
			return []stat{localFunctionStat{name: p.name(), fn: p.functionBody()}}
		}
		s := localStat{names: p.names()}
		if p.eat("=") {
			s.values = p.exprs()
		}
		return []stat{s}
	}
	if p.kind() == kindName && p.toks[0].text == "goto" && p.toks[1].kind == kindName {
		p.take()
		p.take()
		return nil
	}
	return []stat{p.exprStatement()}
}

func (p *parser) doBlock() []stat {
	p.need("do")
	body := p.block()
	p.need("end")
	return body
}

// functionStatement reads function a.b:c(…) … end as an assignment.
func (p *parser) functionStatement() stat {
	p.take()
	var target expr = p.name()
	method := false
	for !method && (p.kind() == "." || p.kind() == ":") {
		method = p.take().kind == ":"
		n := p.name()
		target = &indexExpr{pos: n.pos, obj: target, name: n.name}
	}
	fn := p.functionBody()
	if method {
		fn.params = append([]*nameExpr{{fn.pos, "self"}}, fn.params...)
	}
	return assignStat{targets: []expr{target}, values: []expr{fn}}
}

func (p *parser) exprStatement() stat {
	e := p.suffixed()
	if _, ok := e.(*callExpr); ok {
		return callStat{e}
	}
	s := assignStat{targets: []expr{e}}
	for p.eat(",") {
		s.targets = append(s.targets, p.suffixed())
	}
	p.need("=")
	s.values = p.exprs()
	return s
}

func (p *parser) name() *nameExpr {
	t := p.need(kindName)
	return &nameExpr{t.pos, t.text}
}

func (p *parser) names() []*nameExpr {
	out := []*nameExpr{p.name()}
	for p.eat(",") {
		out = append(out, p.name())
	}
	return out
}
