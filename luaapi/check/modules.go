package check

import (
	"slices"
	"strings"

	"github.com/simplex-lua/simplex-lua/internal/nearest"
	"github.com/simplex-lua/simplex-lua/luaapi/luadoc"
)

// fewNames is how many names of a module are listed where none is near.
const fewNames = 8

// isRequire tells whether a call is of Lua's own require, with a written name.
func (c *checker) isRequire(e *callExpr) bool {
	fn, ok := e.fn.(*nameExpr)
	if !ok || fn.name != "require" || len(e.args) == 0 || c.globals["require"] {
		return false
	}
	for _, scope := range c.scopes {
		if _, local := scope["require"]; local {
			return false
		}
	}
	arg, ok := e.args[0].(*literalExpr)
	return ok && arg.kind == "string"
}

// module is what require returns: of a module of the executable, the class that
// the type files have for it.
func (c *checker) module(e *callExpr) value {
	name := e.args[0].(*literalExpr).text
	if !c.isModule(name) {
		return value{}
	}
	class := name[strings.LastIndexByte(name, '.')+1:]
	if d := c.doc.Find(class); d == nil || d.Kind != luadoc.Class {
		return value{}
	}
	return value{module: class}
}

// moduleMember is a name in a module. One that the script sets itself is taken
// to be right.
func (c *checker) moduleMember(module string, e *indexExpr) value {
	if d := c.doc.Find(module + "." + e.name); d != nil && d.Kind == luadoc.Func {
		return value{fn: d}
	} else if d != nil {
		return value{typ: d.Type}
	}
	if m := c.method(module, e.name); m != nil {
		return value{fn: m} // a function of the module with the arguments of the method
	}
	if f, ok := c.doc.Field(module, e.name); ok {
		return value{typ: f.Type}
	}
	if c.fields[e.name] {
		return value{}
	}
	known := c.fieldNames(module)
	for _, d := range c.doc.Members(c.doc.Find(module)) {
		if name, ok := strings.CutPrefix(d.Name, module+"."); ok {
			known = append(known, name)
		}
	}
	hint := nearest.Hint(e.name, known)
	if hint == "" && len(known) <= fewNames {
		hint = "; it has " + strings.Join(known, ", ")
	}
	c.find(e.pos, "%s has no %s%s", module, e.name, hint)
	return value{}
}

// noMethod finds a method that an object of a class with methods does not have.
func (c *checker) noMethod(t *luadoc.Type, e *callExpr) {
	class := c.doc.Find(className(t))
	if class == nil || class.Kind != luadoc.Class || c.isMessage(t) || len(c.doc.Members(class)) == 0 {
		return
	}
	if known := c.fieldNames(class.Name); !c.fields[e.method] && !slices.Contains(known, e.method) {
		c.find(e.pos, "%s has no method %s%s", class.Name, e.method, nearest.Hint(e.method, known))
	}
}
