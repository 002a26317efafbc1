package main

import (
	"fmt"
	"strings"
)

// primitives are the names of basic types in the tables.
var primitives = map[string]string{
	"bool": "bool", "string": "string", "int": "int", "int64": "int64", "word32": "word32", "double": "double",
	"JSONObject": "object", "UTCTime": "time",
}

// String writes a type as the tables do: int64, ChatRef, []string,
// [+]ComposedMessage, map[string]int64.
func (t typeExpr) String() string {
	switch {
	case t.Prim != "":
		return primitives[t.Prim]
	case t.Ref != "":
		return t.Ref
	case t.Array != nil && t.NonEmpty:
		return "[+]" + t.Array.String()
	case t.Array != nil:
		return "[]" + t.Array.String()
	case len(t.Map) == 2:
		return "map[" + t.Map[0].String() + "]" + t.Map[1].String()
	}
	return ""
}

// check finds a type that the notation cannot write.
func (t typeExpr) check() error {
	s := t.String()
	if s == "" || strings.HasSuffix(s, "]") {
		return fmt.Errorf("a type of a form not known: %+v", t)
	}
	return nil
}

// text writes a field: "ttl? int"; for parameters also "live=false bool" for a
// flag with a default and "-resolve bool" for one that is never written.
func (f field) text() string {
	name := f.Name
	written := f.InSyntax == nil || *f.InSyntax
	required := f.Required != nil && *f.Required
	switch {
	case !written:
		name = "-" + name + "?"
	case f.Default == false:
		name += "=false"
	case f.Optional && !required:
		name += "?"
	}
	return name + " " + f.Type.String()
}

// syntaxText writes the nodes as the tables do; see internal/chat/api/doc.go.
func syntaxText(nodes []node) (string, error) {
	var b strings.Builder
	for _, n := range nodes {
		switch {
		case n.Lit != "":
			if strings.ContainsAny(n.Lit, "<>[]{}|") {
				return "", fmt.Errorf("literal %q has a character of the notation", n.Lit)
			}
			b.WriteString(n.Lit)
		case n.Param != "" && n.As == "json":
			fmt.Fprintf(&b, "<%s:json>", n.Param)
		case n.Param != "" && n.As == "join" && n.Sep != ",":
			return "", fmt.Errorf("separator %q", n.Sep)
		case n.Param != "":
			fmt.Fprintf(&b, "<%s>", n.Param)
		case n.Opt != "":
			inner, err := syntaxText(n.Parts)
			if err != nil {
				return "", err
			}
			on := map[any]string{"present": "", true: "=on", false: "=off"}
			when, ok := on[n.When]
			if !ok {
				return "", fmt.Errorf("condition %v of %s", n.When, n.Opt)
			}
			fmt.Fprintf(&b, "[%s%s|%s]", n.Opt, when, inner)
		case n.Choice != "":
			fmt.Fprintf(&b, "{%s", n.Choice)
			for _, c := range n.Cases {
				inner, err := syntaxText(c.Parts)
				if err != nil {
					return "", err
				}
				fmt.Fprintf(&b, "|%s=%s", c.Is, inner)
			}
			inner, err := syntaxText(n.Else)
			if err != nil {
				return "", err
			}
			if inner != "" {
				fmt.Fprintf(&b, "|*=%s", inner)
			}
			b.WriteString("}")
		default:
			return "", fmt.Errorf("a node of a form not known: %+v", n)
		}
	}
	return b.String(), nil
}
