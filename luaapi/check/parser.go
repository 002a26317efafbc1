package check

import (
	"fmt"
	"strconv"
	"strings"
)

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
	if p.kind() != "end of file" {
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
		case "end of file", "end", "else", "elseif", "until":
			return out
		case ";":
			p.take()
		case "return":
			p.take()
			s := returnStat{}
			switch p.kind() {
			case "end of file", "end", "else", "elseif", "until", ";":
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
		p.need("name")
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
	if p.kind() == "name" && p.toks[0].text == "goto" && p.toks[1].kind == "name" {
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
	t := p.need("name")
	return &nameExpr{t.pos, t.text}
}

func (p *parser) names() []*nameExpr {
	out := []*nameExpr{p.name()}
	for p.eat(",") {
		out = append(out, p.name())
	}
	return out
}

func (p *parser) exprs() []expr {
	out := []expr{p.expr()}
	for p.eat(",") {
		out = append(out, p.expr())
	}
	return out
}

const binary = " + - * / % ^ .. == ~= < <= > >= and or "

// expr reads operators without their order, which nothing here depends on.
func (p *parser) expr() expr {
	e := p.unary()
	if !strings.Contains(binary, " "+p.kind()+" ") {
		return e
	}
	op := &opExpr{pos: e.at(), parts: []expr{e}}
	for strings.Contains(binary, " "+p.kind()+" ") {
		p.take()
		op.parts = append(op.parts, p.unary())
	}
	return op
}

func (p *parser) unary() expr {
	switch t := p.toks[0]; t.kind {
	case "not", "#":
		p.take()
		return &opExpr{t.pos, []expr{p.unary()}}
	case "-":
		p.take()
		e := p.unary()
		if n, ok := e.(*literalExpr); ok && n.kind == "number" {
			return &literalExpr{t.pos, "number", "-" + n.text, n.whole}
		}
		return &opExpr{t.pos, []expr{e}}
	}
	return p.simple()
}

func (p *parser) simple() expr {
	t := p.toks[0]
	switch t.kind {
	case "string":
		p.take()
		return &literalExpr{t.pos, "string", t.text, false}
	case "number":
		p.take()
		f, err := strconv.ParseFloat(t.text, 64)
		return &literalExpr{t.pos, "number", t.text, err != nil || f == float64(int64(f))}
	case "true", "false":
		p.take()
		return &literalExpr{t.pos, "boolean", t.kind, false}
	case "nil":
		p.take()
		return &literalExpr{t.pos, "nil", "nil", false}
	case "...":
		p.take()
		return &opExpr{pos: t.pos}
	case "{":
		return p.table()
	case "function":
		p.take()
		return p.functionBody()
	}
	return p.suffixed()
}

func (p *parser) suffixed() expr {
	var e expr
	if t := p.toks[0]; p.eat("(") {
		e = &opExpr{t.pos, []expr{p.expr()}} // only one value of a call
		p.need(")")
	} else {
		e = p.name()
	}
	for {
		switch t := p.toks[0]; t.kind {
		case ".":
			p.take()
			n := p.name()
			e = &indexExpr{pos: n.pos, obj: e, name: n.name}
		case "[":
			p.take()
			key := p.expr()
			p.need("]")
			ix := &indexExpr{pos: key.at(), obj: e, key: key}
			if s, ok := key.(*literalExpr); ok && s.kind == "string" {
				ix.name = s.text
			}
			e = ix
		case ":":
			p.take()
			n := p.name()
			e = &callExpr{n.pos, e, n.name, p.args()}
		case "(", "{", "string":
			e = &callExpr{e.at(), e, "", p.args()}
		default:
			return e
		}
	}
}

func (p *parser) args() []expr {
	switch t := p.toks[0]; t.kind {
	case "string":
		p.take()
		return []expr{&literalExpr{t.pos, "string", t.text, false}}
	case "{":
		return []expr{p.table()}
	}
	p.need("(")
	var out []expr
	if p.kind() != ")" {
		out = p.exprs()
	}
	p.need(")")
	return out
}

func (p *parser) table() expr {
	t := &tableExpr{pos: p.need("{").pos}
	for p.kind() != "}" {
		item := tableItem{pos: p.toks[0].pos}
		switch {
		case p.kind() == "[":
			p.take()
			item.key = p.expr()
			p.need("]")
			p.need("=")
			if s, ok := item.key.(*literalExpr); ok && s.kind == "string" {
				item.name, item.key = s.text, nil
			}
		case p.kind() == "name" && p.toks[1].kind == "=":
			item.name = p.take().text
			p.take()
		}
		item.value = p.expr()
		t.items = append(t.items, item)
		if !p.eat(",") && !p.eat(";") {
			break
		}
	}
	p.need("}")
	return t
}

func (p *parser) functionBody() *functionExpr {
	f := &functionExpr{pos: p.need("(").pos}
	for p.kind() != ")" {
		if p.eat("...") {
			f.vararg = true
			break
		}
		f.params = append(f.params, p.name())
		if !p.eat(",") {
			break
		}
	}
	p.need(")")
	f.body = p.block()
	p.need("end")
	return f
}
