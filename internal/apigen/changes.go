package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// takeOver keeps what the older release's facts know and documentation does not
// say.
func (f *facts) takeOver(old facts) {
	f.Primitives, f.Undocumented = old.Primitives, old.Undocumented
	nonEmpty := map[string]bool{}
	for _, c := range old.Commands {
		for _, p := range c.Params {
			nonEmpty[c.Name+" "+p.Name] = p.Type.NonEmpty
		}
	}
	for i := range f.Commands {
		c := &f.Commands[i]
		for j := range c.Params {
			p := &c.Params[j]
			p.Type.NonEmpty = p.Type.Array != nil && (nonEmpty[c.Name+" "+p.Name] || strings.Contains(c.Syntax, p.Name+".join"))
		}
		if k := slices.IndexFunc(old.Commands, func(o command) bool { return o.Name == c.Name }); k >= 0 {
			c.Hidden = old.Commands[k].Hidden
		}
	}
	for i := range f.Types {
		t := &f.Types[i]
		k := slices.IndexFunc(old.Types, func(o typeDef) bool { return o.Name == t.Name })
		if k < 0 {
			continue
		}
		o := old.Types[k]
		t.Open, t.UsedIn = o.Open, o.UsedIn
		t.UndocumentedTags, t.UndocumentedValues = o.UndocumentedTags, o.UndocumentedValues
		keepNonEmpty(t.Fields, o.Fields)
		for _, m := range t.Members {
			for _, om := range o.Members {
				if m.Tag == om.Tag {
					keepNonEmpty(m.Fields, om.Fields)
				}
			}
		}
	}
	documented := func(tags []tagged) func(string) bool {
		return func(name string) bool {
			return slices.ContainsFunc(tags, func(t tagged) bool { return t.Tag == name })
		}
	}
	f.Undocumented.Responses = slices.DeleteFunc(slices.Clone(old.Undocumented.Responses), documented(f.Responses))
	f.Undocumented.Events = slices.DeleteFunc(slices.Clone(old.Undocumented.Events), documented(f.Events))
	f.Undocumented.Commands = slices.DeleteFunc(slices.Clone(old.Undocumented.Commands), func(name string) bool {
		return slices.ContainsFunc(f.Commands, func(c command) bool { return c.Name == name })
	})
}

// keepNonEmpty marks the lists that the older fields say are never empty.
func keepNonEmpty(fields, old []field) {
	for i := range fields {
		for _, o := range old {
			if o.Name == fields[i].Name && fields[i].Type.Array != nil {
				fields[i].Type.NonEmpty = o.Type.NonEmpty
			}
		}
	}
}

// printChanges says what a release adds, removes and changes.
func printChanges(w io.Writer, old, now facts) error {
	var lines []string
	compare := func(what string, before, after map[string][]string) {
		var names []string
		for name := range before {
			names = append(names, name)
		}
		for name := range after {
			if before[name] == nil {
				names = append(names, name)
			}
		}
		slices.Sort(names)
		for _, name := range names {
			b, a := before[name], after[name]
			switch {
			case b == nil:
				lines = append(lines, fmt.Sprintf("+ %s %s: %s", what, name, strings.Join(a, ", ")))
			case a == nil:
				lines = append(lines, fmt.Sprintf("- %s %s", what, name))
			case !slices.Equal(b, a):
				lines = append(lines, fmt.Sprintf("~ %s %s", what, name))
				for _, x := range b {
					if !slices.Contains(a, x) {
						lines = append(lines, "    - "+x)
					}
				}
				for _, x := range a {
					if !slices.Contains(b, x) {
						lines = append(lines, "    + "+x)
					}
				}
			}
		}
	}
	for _, part := range []struct {
		what string
		of   func(facts) (map[string][]string, error)
	}{{"command", commandTexts}, {"type", typeTexts}, {"response", responseTexts}, {"event", eventTexts}} {
		before, err := part.of(old)
		if err != nil {
			return err
		}
		after, err := part.of(now)
		if err != nil {
			return err
		}
		compare(part.what, before, after)
	}
	if len(lines) == 0 {
		lines = []string{"nothing changed since " + old.Version}
	}
	_, err := fmt.Fprintln(w, strings.Join(lines, "\n"))
	return err
}

func fieldTexts(fields []field) []string {
	out := []string{}
	for _, f := range fields {
		out = append(out, f.text())
	}
	return out
}

func commandTexts(f facts) (map[string][]string, error) {
	out := map[string][]string{}
	for _, c := range f.Commands {
		syntax, err := syntaxText(c.AST)
		if err != nil {
			return nil, fmt.Errorf("command %s: %w", c.Name, err)
		}
		out[c.Name] = append([]string{syntax}, fieldTexts(c.Params)...)
	}
	return out, nil
}

func typeTexts(f facts) (map[string][]string, error) {
	out := map[string][]string{}
	for _, t := range f.Types {
		texts := append(fieldTexts(t.Fields), t.Values...)
		for _, m := range t.Members {
			texts = append(texts, m.Tag)
			for _, field := range fieldTexts(m.Fields) {
				texts = append(texts, m.Tag+"."+field)
			}
		}
		if t.Syntax != nil && !t.Syntax.Derived {
			syntax, err := syntaxText(t.Syntax.AST)
			if err != nil {
				return nil, fmt.Errorf("type %s: %w", t.Name, err)
			}
			texts = append(texts, "syntax "+syntax)
		}
		out[t.Name] = texts
	}
	return out, nil
}

func responseTexts(f facts) (map[string][]string, error) { return tagTexts(f.Responses), nil }
func eventTexts(f facts) (map[string][]string, error)    { return tagTexts(f.Events), nil }

func tagTexts(tags []tagged) map[string][]string {
	out := map[string][]string{}
	for _, t := range tags {
		out[t.Tag] = fieldTexts(t.Fields)
	}
	return out
}
