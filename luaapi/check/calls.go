package check

import (
	"fmt"
	"strings"

	"github.com/simplex-lua/simplex-lua/internal/nearest"
	"github.com/simplex-lua/simplex-lua/luaapi/luadoc"
)

// signature is one way to call a function.
type signature struct {
	params  []luadoc.Param
	returns []*luadoc.Type
}

// call checks a call and returns what is known about its first result.
func (c *checker) call(e *callExpr) value {
	if e.method != "" {
		return c.methodCall(e)
	}
	fn := c.expr(e.fn)
	switch {
	case c.isRequire(e):
		return c.module(e)
	case fn.fn != nil:
		return c.arguments(e, fn.fn.Name, signatures(fn.fn))
	case fn.typ != nil && fn.typ.Kind == luadoc.Function:
		name := "the call"
		if ix, ok := e.fn.(*indexExpr); ok {
			if class := className(c.objectType(ix)); c.method(class, ix.name) != nil {
				c.find(ix.pos, "%s is a method: write :%s(…) with a colon", ix.name, ix.name)
				c.exprs(e.args)
				return value{}
			}
			name = ix.name
		}
		return c.arguments(e, name, []signature{{fn.typ.Params, fn.typ.Returns}})
	}
	c.exprs(e.args)
	return value{}
}

// objectType is the type of what an index is taken from, without findings.
func (c *checker) objectType(ix *indexExpr) *luadoc.Type {
	before := len(c.findings)
	t := c.expr(ix.obj).typ
	c.findings = c.findings[:before]
	return t
}

func (c *checker) methodCall(e *callExpr) value {
	obj := c.expr(e.fn)
	if obj.names != "" && c.documented(obj.names) {
		full := obj.names + "." + e.method
		if c.doc.Find(full) != nil {
			c.find(e.pos, "%s is a function: write %s(…) with a dot", full, full)
		} else {
			c.member(obj.names, &indexExpr{pos: e.pos, name: e.method})
		}
		c.exprs(e.args)
		return value{}
	}
	if fn := c.doc.Find(obj.module + "." + e.method); obj.module != "" && fn != nil {
		c.find(e.pos, "%s is a function: write %s(…) with a dot", fn.Name, fn.Name)
		c.exprs(e.args)
		return value{}
	}
	class := className(obj.typ)
	if m := c.method(class, e.method); m != nil {
		return c.arguments(e, m.Name, signatures(m))
	}
	c.field(obj.typ, e.method, e.pos)
	c.noMethod(obj.typ, e)
	c.exprs(e.args)
	return value{}
}

// signatures are the ways to call a function, the special ones first.
func signatures(fn *luadoc.Entry) []signature {
	var out []signature
	for _, o := range fn.Overloads {
		out = append(out, signature{o.Params, o.Returns})
	}
	own := signature{params: fn.Params}
	for _, r := range fn.Returns {
		own.returns = append(own.returns, r.Type)
	}
	return append(out, own)
}

// arguments checks the arguments against the signature that fits them best.
func (c *checker) arguments(e *callExpr, name string, sigs []signature) value {
	best, findings := sigs[len(sigs)-1], []Finding(nil)
	for i, sig := range sigs {
		found := c.mismatches(e, name, sig)
		general := i == len(sigs)-1 // says more than the special ones where none fits
		if i == 0 || len(found) < len(findings) || general && len(found) == len(findings) && len(found) > 0 {
			best, findings = sig, found
		}
		if len(e.args) > 0 && len(sig.params) > 0 && isLiteral(sig.params[0].Type, e.args[0]) {
			best, findings = sig, found // meant, whatever the other arguments are
			break
		}
	}
	if f := c.unknownName(e, name, sigs); f != nil {
		findings = append(findings, *f)
	}
	c.findings = append(c.findings, findings...)
	for i, arg := range e.args {
		if i < len(best.params) {
			c.expected(arg, best.params[i].Type)
		} else {
			c.expr(arg)
		}
	}
	v := value{}
	if len(best.returns) > 0 {
		v.typ = best.returns[0]
	}
	return v
}

func isLiteral(t *luadoc.Type, e expr) bool {
	l, ok := e.(*literalExpr)
	return ok && t.Kind == luadoc.Literal && l.kind == "string" && t.Name == `"`+l.text+`"`
}

// unknownName finds a written first argument that no signature knows: a chat
// command that does not exist, an event that is nearly one.
func (c *checker) unknownName(e *callExpr, name string, sigs []signature) *Finding {
	if len(e.args) == 0 {
		return nil
	}
	arg, ok := e.args[0].(*literalExpr)
	if !ok || arg.kind != "string" || strings.HasPrefix(arg.text, "/") || name != "bot.api.call" && name != "bot.on_event" && name != "bot.wait_for" {
		return nil
	}
	if name == "bot.wait_for" { // the events that on_event names
		sigs = signatures(c.doc.Find("bot.on_event"))
	}
	var known []string
	for _, sig := range sigs {
		if len(sig.params) > 0 && sig.params[0].Type.Kind == luadoc.Literal {
			known = append(known, strings.Trim(sig.params[0].Type.Name, `"`))
			if isLiteral(sig.params[0].Type, arg) {
				return nil
			}
		}
	}
	near := nearest.Hint(arg.text, known)
	switch {
	case name == "bot.api.call":
		return c.finding(arg.pos, "%s is no chat command%s", arg.text, near)
	case near != "":
		return c.finding(arg.pos, "no event is called %s%s", arg.text, near)
	}
	return nil
}

func (c *checker) finding(at pos, format string, args ...any) *Finding {
	return &Finding{c.file, at.line, at.column, fmt.Sprintf(format, args...)}
}

// mismatches are the findings about arguments under one signature.
func (c *checker) mismatches(e *callExpr, name string, sig signature) []Finding {
	var out []Finding
	params := sig.params
	for i, arg := range e.args {
		if i >= len(params) {
			if n := len(params); n == 0 || params[n-1].Name != "..." {
				out = append(out, *c.finding(arg.at(), "%s takes %s, got %d", name, plural(n, "argument"), len(e.args)))
			}
			break
		}
		p := params[i]
		if p.Name == "..." {
			break
		}
		if l, ok := arg.(*literalExpr); ok && l.kind == "nil" && p.Optional {
			continue
		}
		out = append(out, c.match(arg, p.Type, p.Name)...)
	}
	if n := len(e.args); n > 0 && manyValues(e.args[n-1]) {
		return out
	}
	for i := len(e.args); i < len(params); i++ {
		if p := params[i]; !p.Optional && p.Name != "..." && !acceptsNil(p.Type) {
			out = append(out, *c.finding(e.pos, "%s: %s is missing", name, p.Name))
			break
		}
	}
	return out
}

// manyValues tells whether an expression may give more than one value.
func manyValues(e expr) bool {
	switch e := e.(type) {
	case *callExpr:
		return true
	case *opExpr:
		return len(e.parts) == 0 // …
	}
	return false
}

func acceptsNil(t *luadoc.Type) bool {
	if t.Kind == luadoc.Union {
		for _, a := range t.Alts {
			if acceptsNil(a) {
				return true
			}
		}
	}
	return t.Kind == luadoc.Named && (t.Name == "any" || t.Name == "nil")
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// expected checks an expression where a value of a type belongs, so that the
// parameters of functions in it have types.
func (c *checker) expected(e expr, t *luadoc.Type) {
	switch e := e.(type) {
	case *functionExpr:
		if f := c.functionType(t); f != nil {
			c.function(e, f.Params)
			return
		}
	case *tableExpr:
		for i, it := range e.items {
			if it.key != nil {
				c.expr(it.key)
			}
			c.expected(it.value, c.itemType(t, it, i))
		}
		return
	}
	c.expr(e)
}

func (c *checker) functionType(t *luadoc.Type) *luadoc.Type {
	switch t = c.resolve(t); {
	case t == nil:
	case t.Kind == luadoc.Function:
		return t
	case t.Kind == luadoc.Union:
		for _, a := range t.Alts {
			if f := c.functionType(a); f != nil {
				return f
			}
		}
	}
	return nil
}

// itemType is the type of a table's item, nil where it is not known.
func (c *checker) itemType(t *luadoc.Type, it tableItem, i int) *luadoc.Type {
	switch t = c.resolve(t); {
	case t == nil:
	case t.Kind == luadoc.List && it.name == "":
		return t.Elem
	case t.Kind == luadoc.Map:
		return t.Elem
	case t.Kind == luadoc.Table:
		for _, f := range t.Fields {
			if f.Name == it.name {
				return f.Type
			}
		}
	case t.Kind == luadoc.Named:
		if f, ok := c.doc.Field(t.Name, it.name); ok {
			return f.Type
		}
	case t.Kind == luadoc.Union:
		for _, a := range t.Alts {
			if typ := c.itemType(a, it, i); typ != nil {
				return typ
			}
		}
	}
	return nil
}

// resolve replaces an alias by what it stands for.
func (c *checker) resolve(t *luadoc.Type) *luadoc.Type {
	for t != nil && t.Kind == luadoc.Named {
		d := c.doc.Find(t.Name)
		if d == nil || d.Kind != luadoc.Alias {
			return t
		}
		t = d.Type
	}
	return t
}
