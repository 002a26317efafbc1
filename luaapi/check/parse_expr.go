package check

import (
	"strconv"
	"strings"
)

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
	case kindString:
		p.take()
		return &literalExpr{t.pos, "string", t.text, false}
	case kindNumber:
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
		case "(", "{", kindString:
			e = &callExpr{e.at(), e, "", p.args()}
		default:
			return e
		}
	}
}

func (p *parser) args() []expr {
	switch t := p.toks[0]; t.kind {
	case kindString:
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
		case p.kind() == kindName && p.toks[1].kind == "=":
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
