package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// writeDocs writes facts in the form of upstream's documentation.
func writeDocs(t *testing.T, dir string, f facts) {
	t.Helper()
	var commands, events, types strings.Builder
	for _, c := range f.Commands {
		fmt.Fprintf(&commands, "## %s\n\n### %s\n\n*Network usage*: %s.\n\n**Parameters**:\n%s\n", c.Category, c.Name, c.Network, docFields(c.Params))
		fmt.Fprintf(&commands, "```javascript\n%s // JavaScript\n```\n\n**Responses**:\n\n", script(c.AST))
		for _, tag := range c.Responses {
			for _, r := range f.Responses {
				if r.Tag == tag {
					fmt.Fprintf(&commands, "%s: x\n- type: %q\n%s\n", strings.ToUpper(tag[:1])+tag[1:], tag, docFields(r.Fields))
				}
			}
		}
		commands.WriteString("---\n")
	}
	for _, e := range f.Events {
		fmt.Fprintf(&events, "## %s\n\n### %s\n\n**Record type**:\n- type: %q\n%s\n---\n", e.Category, strings.ToUpper(e.Tag[:1])+e.Tag[1:], e.Tag, docFields(e.Fields))
	}
	for _, typ := range f.Types {
		fmt.Fprintf(&types, "## %s\n\n", typ.Name)
		switch typ.Kind {
		case "record":
			fmt.Fprintf(&types, "**Record type**:\n%s\n", docFields(typ.Fields))
		case "enum":
			fmt.Fprintf(&types, "**Enum type**:\n- \"%s\"\n\n", strings.Join(typ.Values, "\"\n- \""))
		case "union":
			types.WriteString("**Discriminated union type**:\n\n")
			for _, m := range typ.Members {
				fmt.Fprintf(&types, "%s:\n- type: %q\n%s\n", m.Tag, m.Tag, docFields(m.Fields))
			}
		}
		if typ.Syntax != nil && !typ.Syntax.Derived {
			fmt.Fprintf(&types, "**Syntax**:\n\n```javascript\n%s // JavaScript\n```\n", script(typ.Syntax.AST))
		}
		types.WriteString("---\n")
	}
	for name, text := range map[string]string{"COMMANDS.md": commands.String(), "EVENTS.md": events.String(), "TYPES.md": types.String()} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func docFields(fields []field) string {
	var b strings.Builder
	for _, f := range fields {
		opt := ""
		if f.Optional {
			opt = "?"
		}
		fmt.Fprintf(&b, "- %s: %s%s\n", f.Name, docType(f.Type), opt)
	}
	return b.String()
}

func docType(t typeExpr) string {
	switch {
	case t.Ref != "":
		return "[" + t.Ref + "](./TYPES.md#x)"
	case t.Array != nil:
		return "[" + docType(*t.Array) + "]"
	case t.Map != nil:
		return "{" + docType(t.Map[0]) + " : " + docType(t.Map[1]) + "}"
	}
	return t.Prim
}

// script writes nodes as upstream's JavaScript.
func script(nodes []node) string {
	var terms []string
	for _, n := range nodes {
		switch {
		case n.Lit != "":
			terms = append(terms, "'"+n.Lit+"'")
		case n.As == "json":
			terms = append(terms, "JSON.stringify("+n.Param+")")
		case n.As == "join":
			terms = append(terms, n.Param+".join(',')")
		case n.As == "onoff":
			terms = append(terms, "("+n.Param+" ? 'on' : 'off')")
		case n.As == "type":
			terms = append(terms, n.Type+".cmdString(self."+n.Param+")")
		case n.Param != "":
			terms = append(terms, n.Param)
		case n.Opt != "":
			cond := map[any]string{true: n.Opt, false: "!" + n.Opt, "present": n.Opt}[n.When]
			if n.When == "present" && strings.Contains(script(n.Parts), "'off'") {
				cond = "typeof " + n.Opt + " == 'boolean'"
			}
			terms = append(terms, "("+cond+" ? "+script(n.Parts)+" : '')")
		case n.Choice != "":
			s := "(" + script(n.Else) + ")"
			for i := len(n.Cases) - 1; i >= 0; i-- {
				s = fmt.Sprintf("%s == '%s' ? %s : %s", n.Choice, n.Cases[i].Is, script(n.Cases[i].Parts), s)
			}
			terms = append(terms, "("+s+")")
		}
	}
	if len(terms) == 0 {
		return "''"
	}
	return strings.Join(terms, " + ")
}
