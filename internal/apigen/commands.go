package main

import (
	"fmt"
	"slices"
	"strings"
)

// addCommands merges the documented commands and adds those of additions.txt.
func (m *model) addCommands(all []facts, blocks []block) error {
	newest := all[len(all)-1].Commands
	lists := make([][]commandRow, len(all))
	for i, f := range all {
		for _, c := range f.Commands {
			row, err := newCommandRow(c, newest, blocks)
			if err != nil {
				return fmt.Errorf("command %s: %w", c.Name, err)
			}
			lists[i] = append(lists[i], row)
		}
	}
	merged, err := merge(lists, func(c commandRow) string { return c.name + "\n" + c.params + "\n" + c.syntax })
	if err != nil {
		return err
	}
	for _, k := range merged {
		k.value.mark = k.span.mark(m.versions)
		if b, _ := find(blocks, "command", k.value.name); b.one("in") != "" {
			k.value.mark = m.since(b.one("in"))
		}
		m.commands = append(m.commands, k.value)
	}
	for _, b := range blocks {
		if b.kind != "command" || b.one("syntax") == "" {
			continue
		}
		m.commands = append(m.commands, commandRow{
			name: b.name, params: walled(b, b.one("params")), syntax: b.one("syntax"), answers: b.one("answers"), mark: m.since(b.one("in")),
		})
	}
	return nil
}

// since is the mark of what a version brought; the oldest one's is empty.
func (m *model) since(version string) string {
	if version == "" || version == m.versions[0] {
		return ""
	}
	return " @" + version
}

func newCommandRow(c command, newest []command, blocks []block) (commandRow, error) {
	row := commandRow{name: c.Name, category: c.Category, network: c.Network}
	b, _ := find(blocks, "command", c.Name)
	var params []string
	for i, p := range c.Params {
		if err := p.Type.check(); err != nil {
			return row, err
		}
		text := p.text()
		if name := renamed(c, newest, i); name != p.Name {
			c.AST = rename(c.AST, p.Name, name)
			p.Name = name
			text = p.text()
		}
		params = append(params, text+wallMark(b, p.Name))
	}
	if more := b.one("params"); more != "" {
		params = append(params, more)
	}
	syntax, err := syntaxText(c.AST)
	if err != nil {
		return row, err
	}
	row.params, row.syntax, row.full = strings.Join(params, ", "), syntax, b.one("full")
	answers := slices.DeleteFunc(slices.Clone(c.Responses), func(s string) bool { return s == "chatCmdError" })
	row.answers = strings.Join(answers, " ")
	return row, nil
}

// renamed returns what the newest version calls parameter i of c, where that
// is all that changed about it.
func renamed(c command, newest []command, i int) string {
	for _, n := range newest {
		if n.Name != c.Name || len(n.Params) != len(c.Params) {
			continue
		}
		old, now := c.Params[i], n.Params[i]
		isNew := !slices.ContainsFunc(c.Params, func(p field) bool { return p.Name == now.Name })
		if old.Type.String() == now.Type.String() && isNew {
			return now.Name
		}
	}
	return c.Params[i].Name
}

// rename replaces a parameter's name in the nodes.
func rename(nodes []node, from, to string) []node {
	nodes = slices.Clone(nodes)
	for i := range nodes {
		n := &nodes[i]
		for _, name := range []*string{&n.Param, &n.Opt, &n.Choice} {
			if *name == from {
				*name = to
			}
		}
		n.Parts = rename(n.Parts, from, to)
	}
	return nodes
}

// renamedParams lists the older names of renamed parameters: command, old name, new name.
func renamedParams(all []facts) [][3]string {
	newest := all[len(all)-1].Commands
	var out [][3]string
	for _, f := range all[:len(all)-1] {
		for _, c := range f.Commands {
			for i, p := range c.Params {
				if name := renamed(c, newest, i); name != p.Name {
					out = append(out, [3]string{c.Name, p.Name, name})
				}
			}
		}
	}
	return out
}
