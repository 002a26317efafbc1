package check

import (
	"fmt"
	"slices"
	"strings"

	"github.com/simplex-lua/simplex-lua/internal/nearest"
	"github.com/simplex-lua/simplex-lua/luaapi/luadoc"
)

// match holds a written value against a type. Whatever is no literal, table or
// function is taken to be right. path names the value in findings.
func (c *checker) match(e expr, t *luadoc.Type, path string) []Finding {
	switch e.(type) {
	case *literalExpr, *tableExpr, *functionExpr:
	default:
		return nil
	}
	t = c.resolve(t)
	wrong := func() []Finding {
		return []Finding{*c.finding(e.at(), "%s: want %s, got %s", path, t, describe(e))}
	}
	table, isTable := e.(*tableExpr)
	switch t.Kind {
	case luadoc.Named:
		if d := c.doc.Find(t.Name); d != nil && d.Kind == luadoc.Class {
			if !isTable {
				return wrong()
			}
			if t.Name == "Message" {
				return nil // modules take what has the fields they need
			}
			return c.matchFields(table, c.classFields(t.Name), path, false)
		}
		if !isBasic(e, t.Name) {
			return wrong()
		}
	case luadoc.Literal:
		if l, ok := e.(*literalExpr); !ok || l.kind == "string" && t.Name != `"`+l.text+`"` || l.kind != "string" && t.Name != l.text {
			return wrong()
		}
	case luadoc.Union:
		return c.matchUnion(e, t, path)
	case luadoc.List:
		if !isTable {
			return wrong()
		}
		var out []Finding
		for i, it := range table.items {
			if it.name != "" {
				out = append(out, *c.finding(it.pos, "%s: want a list, but it has the key %s", path, it.name))
				continue
			}
			out = append(out, c.match(it.value, t.Elem, fmt.Sprintf("%s[%d]", path, i+1))...)
		}
		return out
	case luadoc.Map:
		if !isTable {
			return wrong()
		}
		var out []Finding
		for _, it := range table.items {
			out = append(out, c.match(it.value, t.Elem, path+"."+it.name)...)
		}
		return out
	case luadoc.Table:
		if !isTable {
			return wrong()
		}
		return c.matchFields(table, t.Fields, path, false)
	case luadoc.Function:
		if _, ok := e.(*functionExpr); !ok {
			return []Finding{*c.finding(e.at(), "%s: want a function, got %s", path, describe(e))}
		}
	}
	return nil
}

// classFields are a class's fields with those of the classes it extends; its
// own go before theirs.
func (c *checker) classFields(class string) []luadoc.Param {
	var out []luadoc.Param
	seen := map[string]bool{}
	for d := c.doc.Find(class); d != nil; d = c.doc.Find(d.Parent) {
		for _, f := range d.Fields {
			if !seen[f.Name] {
				seen[f.Name] = true
				out = append(out, f)
			}
		}
		if d.Parent == "" {
			break
		}
	}
	return out
}

// matchFields holds a table against the fields of a class; with anyKey, other
// keys are no mistake.
func (c *checker) matchFields(t *tableExpr, fields []luadoc.Param, path string, anyKey bool) []Finding {
	var out []Finding
	var names []string
	given := map[string]bool{"[integer]": true} // as many as there are
	for _, f := range fields {
		names = append(names, f.Name)
	}
	place := 0
	for _, it := range t.items {
		if it.key != nil {
			return nil // anything may be in it
		}
		if it.name == "" {
			place++
			it.name = fmt.Sprintf("[%d]", place)
			if !slices.Contains(names, it.name) {
				it.name = "[integer]"
			}
			if !slices.Contains(names, it.name) {
				out = append(out, *c.finding(it.pos, "%s: want names with values, got a list", path))
				continue
			}
		}
		given[it.name] = true
		known := false
		for _, f := range fields {
			if f.Name == it.name {
				known = true
				if l, ok := it.value.(*literalExpr); !ok || l.kind != "nil" {
					out = append(out, c.match(it.value, f.Type, inside(path, it.name))...)
				}
			}
		}
		if !known && !anyKey {
			given[nearest.Name(it.name, names)] = true // meant, so it is not missing too
			out = append(out, *c.finding(it.pos, "%s: unknown key %s%s", path, it.name, nearest.Hint(it.name, names)))
		}
	}
	for _, f := range fields {
		if !f.Optional && !given[f.Name] && !acceptsNil(f.Type) {
			out = append(out, *c.finding(t.pos, "%s: %s is missing", path, f.Name))
		}
	}
	return out
}

// inside is the path of a name, or of a [place], in what path names.
func inside(path, name string) string {
	if strings.HasPrefix(name, "[") {
		return path + name
	}
	return path + "." + name
}

// matchUnion finds the alternative that is meant. Tables with a written type
// are held against the member with that tag.
func (c *checker) matchUnion(e expr, t *luadoc.Type, path string) []Finding {
	table, isTable := e.(*tableExpr)
	var best []Finding
	anyTable, matched := false, false
	if near := c.nearLiteral(e, t); near != "" {
		return []Finding{*c.finding(e.at(), "%s: %s%s", path, describe(e), near)}
	}
	for _, a := range t.Alts {
		a = c.resolve(a)
		if isTable && a.Kind == luadoc.Named && a.Name == "table" {
			anyTable = true
			continue
		}
		if isTable && c.hasTag(table, a) {
			return c.matchFields(table, c.classFields(a.Name), path, hasTable(t))
		}
		found := c.match(e, a, path)
		if len(found) == 0 {
			return nil
		}
		// Findings about what is in a table say more than that it is one.
		if isTable && tableLike(a) && (!matched || len(found) < len(best)) {
			best, matched = found, true
		}
	}
	switch {
	case anyTable:
		return nil
	case matched:
		return best
	}
	return []Finding{*c.finding(e.at(), "%s: want %s, got %s", path, t, describe(e))}
}

// nearLiteral suggests one of the strings that a union names, for one that is
// nearly the same: any string may be right, but that one is a slip.
func (c *checker) nearLiteral(e expr, t *luadoc.Type) string {
	l, ok := e.(*literalExpr)
	if !ok || l.kind != "string" {
		return ""
	}
	var known []string
	open := false
	var add func(t *luadoc.Type)
	add = func(t *luadoc.Type) {
		switch t = c.resolve(t); t.Kind {
		case luadoc.Literal:
			known = append(known, strings.Trim(t.Name, `"`))
		case luadoc.Named:
			open = open || t.Name == "string"
		case luadoc.Union:
			for _, a := range t.Alts {
				add(a)
			}
		}
	}
	add(t)
	if !open || slices.Contains(known, l.text) {
		return ""
	}
	return nearest.Hint(l.text, known)
}

// hasTable tells whether any table will do.
func hasTable(t *luadoc.Type) bool {
	for _, a := range t.Alts {
		if a.Kind == luadoc.Named && a.Name == "table" {
			return true
		}
	}
	return false
}

func tableLike(t *luadoc.Type) bool {
	switch t.Kind {
	case luadoc.List, luadoc.Map, luadoc.Table:
		return true
	}
	return t.Kind == luadoc.Named && !isBasicName(t.Name)
}

// hasTag tells whether a table's type is the one that a class has.
func (c *checker) hasTag(t *tableExpr, class *luadoc.Type) bool {
	if class.Kind != luadoc.Named {
		return false
	}
	f, ok := c.doc.Field(class.Name, "type")
	if !ok || f.Type.Kind != luadoc.Literal {
		return false
	}
	for _, it := range t.items {
		if it.name == "type" {
			return isLiteral(f.Type, it.value)
		}
	}
	return false
}

func isBasicName(name string) bool {
	return strings.Contains(" any nil boolean string number integer table function userdata thread unknown self ", " "+name+" ")
}

// isBasic tells whether a literal is of a basic type.
func isBasic(e expr, name string) bool {
	if name == "any" || name == "unknown" || name == "self" {
		return true
	}
	switch e := e.(type) {
	case *literalExpr:
		if e.kind == "number" {
			return name == "number" || name == "integer" && e.whole
		}
		return e.kind == name
	case *tableExpr:
		return name == "table"
	case *functionExpr:
		return name == "function"
	}
	return true
}

func describe(e expr) string {
	switch e := e.(type) {
	case *literalExpr:
		switch e.kind {
		case "string":
			if len(e.text) > 40 {
				return "a string"
			}
			return fmt.Sprintf("%q", e.text)
		case "number":
			return "the number " + e.text
		}
		return e.text
	case *tableExpr:
		return "a table"
	}
	return "a function"
}
