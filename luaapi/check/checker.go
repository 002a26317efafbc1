package check

import (
	"slices"
	"strings"

	"github.com/simplex-lua/simplex-lua/internal/nearest"
	"github.com/simplex-lua/simplex-lua/luaapi/lua51"
	"github.com/simplex-lua/simplex-lua/luaapi/luadoc"
)

// checker checks one file.
type checker struct {
	*session
	file     string
	libs     map[string][]string
	assigned map[string]bool // names whose values may change
	scopes   []map[string]value
}

// value is what is known about an expression: a type, a function of the type
// files, a table of names such as bot.api, or the class of a module.
type value struct {
	typ    *luadoc.Type
	fn     *luadoc.Entry
	names  string
	module string
}

func (c *checker) find(at pos, format string, args ...any) { c.add(c.file, at, format, args...) }

func (c *checker) block(block []stat) {
	c.scopes = append(c.scopes, map[string]value{})
	for _, s := range block {
		c.stat(s)
	}
	c.scopes = c.scopes[:len(c.scopes)-1]
}

// declare adds a local. Of one that is assigned to later nothing is known.
func (c *checker) declare(n *nameExpr, v value) {
	if c.assigned[n.name] {
		v = value{}
	}
	c.scopes[len(c.scopes)-1][n.name] = v
}

func (c *checker) stat(s stat) {
	switch s := s.(type) {
	case localStat:
		values := c.exprs(s.values)
		for i, n := range s.names {
			v := value{}
			if i < len(values) {
				v = values[i]
			}
			c.declare(n, v)
		}
	case localFunctionStat:
		c.declare(s.name, value{})
		c.expr(s.fn)
	case assignStat:
		c.setsItself(s)
		c.exprs(s.values)
		for _, t := range s.targets {
			c.target(t)
		}
	case callStat:
		c.expr(s.call)
	case returnStat:
		c.exprs(s.values)
	case blockStat:
		c.exprs(s.before)
		c.scopes = append(c.scopes, map[string]value{})
		for _, n := range s.names {
			c.declare(n, value{})
		}
		for _, inner := range s.body {
			c.stat(inner)
		}
		c.exprs(s.after) // until sees the block's locals
		c.scopes = c.scopes[:len(c.scopes)-1]
	}
}

// target is what is assigned to.
func (c *checker) target(t expr) {
	ix, ok := t.(*indexExpr)
	if !ok {
		return
	}
	if ix.key != nil {
		c.expr(ix.key)
	}
	obj := c.expr(ix.obj)
	c.stateIsSet(ix)
	if obj.names != "" && ix.name != "" && obj.names+"."+ix.name != "bot.state" && c.documented(obj.names) {
		c.find(ix.pos, "%s.%s cannot be set", obj.names, ix.name)
	}
	if c.isMessage(obj.typ) && ix.name != "" {
		c.find(ix.pos, "a message cannot be changed: keep %s somewhere else", ix.name)
	}
}

// setsItself finds a global that is only ever set by what reads it, so that the
// first time it is not there: count = (count or 0) + 1.
func (c *checker) setsItself(s assignStat) {
	for _, t := range s.targets {
		n, ok := t.(*nameExpr)
		if ok && !c.isLocal(n.name) && !c.begun[n.name] && !c.fields[n.name] && slices.ContainsFunc(s.values, func(e expr) bool { return reads(e, n.name) }) {
			c.find(n.pos, "%s is read before anything sets it: begin with local %s = … at the top", n.name, n.name)
		}
	}
}

func (c *checker) isLocal(name string) bool {
	return slices.ContainsFunc(c.scopes, func(scope map[string]value) bool { _, ok := scope[name]; return ok })
}

func (c *checker) exprs(list []expr) []value {
	out := make([]value, len(list))
	for i, e := range list {
		out[i] = c.expr(e)
	}
	return out
}

func (c *checker) expr(e expr) value {
	switch e := e.(type) {
	case *nameExpr:
		return c.variable(e)
	case *indexExpr:
		return c.index(e)
	case *callExpr:
		return c.call(e)
	case *functionExpr:
		c.function(e, nil)
	case *tableExpr:
		for _, it := range e.items {
			c.expr(it.key)
			c.expr(it.value)
		}
	case *opExpr:
		c.exprs(e.parts)
	}
	return value{}
}

// function checks a function's body; params are the types of its parameters,
// as far as known.
func (c *checker) function(f *functionExpr, params []luadoc.Param) {
	c.scopes = append(c.scopes, map[string]value{})
	for i, n := range f.params {
		v := value{}
		if i < len(params) {
			v.typ = params[i].Type
		}
		c.declare(n, v)
	}
	c.block(f.body)
	c.scopes = c.scopes[:len(c.scopes)-1]
}

func (c *checker) variable(e *nameExpr) value {
	for _, scope := range slices.Backward(c.scopes) {
		if v, ok := scope[e.name]; ok {
			return v
		}
	}
	if c.globals[e.name] {
		return value{}
	}
	if d := c.doc.Find(e.name); d != nil && d.Kind == luadoc.Func {
		return value{fn: d}
	} else if d != nil && d.Kind == luadoc.Value {
		return value{names: e.name, typ: d.Type}
	}
	if names, ok := c.libs[e.name]; ok {
		if len(names) > 0 {
			return value{names: e.name}
		}
		return value{}
	}
	c.find(e.pos, "unknown global %s%s", e.name, hint(e.name, nearest.Hint(e.name, c.globalNames())))
	return value{}
}

func (c *checker) globalNames() []string {
	var names []string
	for name := range c.libs {
		names = append(names, name)
	}
	for name := range c.globals {
		names = append(names, name)
	}
	for _, e := range c.doc.Entries {
		if (e.Kind == luadoc.Func || e.Kind == luadoc.Value) && !strings.ContainsAny(e.Name, ".:") {
			names = append(names, e.Name)
		}
	}
	for _, scope := range c.scopes {
		for name := range scope {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// documented tells whether all names in a table are those of the type files.
func (c *checker) documented(names string) bool {
	d := c.doc.Find(names)
	return d != nil && d.Kind == luadoc.Value && d.Type == nil
}

func (c *checker) index(e *indexExpr) value {
	obj := c.expr(e.obj)
	c.stateIsSet(e)
	if e.key != nil {
		c.expr(e.key)
	}
	if e.name == "" {
		return value{}
	}
	switch {
	case obj.names != "":
		return c.member(obj.names, e)
	case obj.module != "":
		return c.moduleMember(obj.module, e)
	}
	return c.field(obj.typ, e.name, e.pos)
}

// stateIsSet finds an access to what is in bot.state where nothing ever sets it.
func (c *checker) stateIsSet(e *indexExpr) {
	state, ok := e.obj.(*indexExpr)
	if !ok || state.name != "state" || c.fields["state"] {
		return
	}
	if bot, ok := state.obj.(*nameExpr); ok && bot.name == "bot" {
		c.find(state.pos, "bot.state is nil, for nothing sets it: begin with bot.state = {}")
	}
}

// member is a name in bot, bot.api, string and the like.
func (c *checker) member(names string, e *indexExpr) value {
	full := names + "." + e.name
	if d := c.doc.Find(full); d != nil {
		switch {
		case d.Kind == luadoc.Func:
			return value{fn: d}
		case d.Kind == luadoc.Value && d.Type == nil:
			return value{names: full}
		}
		return value{typ: d.Type}
	}
	var known []string
	if lib, ok := c.libs[names]; ok {
		known = lib
		if slices.Contains(known, e.name) {
			return value{}
		}
	} else if c.documented(names) {
		for _, d := range c.doc.Entries {
			if rest, ok := strings.CutPrefix(d.Name, names+"."); ok && !strings.ContainsAny(rest, ".:") {
				known = append(known, rest)
			}
		}
	} else {
		return value{}
	}
	if short, ok := strings.CutPrefix(e.name, "api_"); ok && names == "bot.api" && slices.Contains(known, short) {
		c.find(e.pos, "bot.api.%s is called bot.api.%s here", e.name, short)
		return value{fn: c.doc.Find("bot.api." + short)}
	}
	c.find(e.pos, "%s has no %s%s", names, e.name, hint(full, nearest.Hint(e.name, known)))
	return value{}
}

// hint says what to use for a name of Lua's that is not there; near is what is
// said of others.
func hint(name, near string) string {
	if instead := lua51.Instead(name); instead != "" {
		return ": " + instead
	}
	return near
}

// isMessage tells whether a value is a message, which has only the documented
// fields.
func (c *checker) isMessage(t *luadoc.Type) bool {
	for name := className(t); name != ""; {
		if name == "Message" {
			return true
		}
		d := c.doc.Find(name)
		if d == nil {
			return false
		}
		name = d.Parent
	}
	return false
}

// className is the class of a value that is of one class or nil.
func className(t *luadoc.Type) string {
	if t == nil {
		return ""
	}
	if t.Kind == luadoc.Union {
		name := ""
		for _, a := range t.Alts {
			if a.Kind != luadoc.Named || name != "" && a.Name != "nil" {
				return ""
			}
			if a.Name != "nil" {
				name = a.Name
			}
		}
		return name
	}
	if t.Kind == luadoc.Named {
		return t.Name
	}
	return ""
}

func (c *checker) field(t *luadoc.Type, name string, at pos) value {
	class := className(t)
	if f, ok := c.doc.Field(class, name); ok {
		return value{typ: f.Type}
	}
	if c.isMessage(t) {
		c.find(at, "a message has no %s%s", name, nearest.Hint(name, c.fieldNames("Message")))
	}
	return value{}
}

// fieldNames are the fields and methods of a class.
func (c *checker) fieldNames(class string) []string {
	var names []string
	for d := c.doc.Find(class); d != nil; d = c.doc.Find(d.Parent) {
		for _, f := range d.Fields {
			names = append(names, f.Name)
		}
		for _, e := range c.doc.Entries {
			if rest, ok := strings.CutPrefix(e.Name, d.Name+":"); ok {
				names = append(names, rest)
			}
		}
		if d.Parent == "" {
			break
		}
	}
	return names
}

// method finds a method of a class or of one it extends.
func (c *checker) method(class, name string) *luadoc.Entry {
	for d := c.doc.Find(class); d != nil; d = c.doc.Find(d.Parent) {
		if m := c.doc.Find(d.Name + ":" + name); m != nil {
			return m
		}
		if d.Parent == "" {
			break
		}
	}
	return nil
}
