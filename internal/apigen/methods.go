package main

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
)

// methodRow is a method of bot.api.
type methodRow struct {
	name, kind, command string
	params              []methodArg
	fixed               string
	returns             []string // "tag: path", "tag: =text", "tag: a|b", "tag: a, b", "tag:"
	nullOn              string   // "errorStore/userContactLinkNotFound"
	does, example       string   // from descriptions.txt
}

// methodArg is one argument: name, type in the notation, where it goes.
type methodArg struct {
	name, typ, to, def string
	optional           bool
}

func (m *model) addMethods(table methods, blocks []block) error {
	for _, row := range table.Methods {
		if row.Kind != "command" && row.Kind != "composed" {
			m.others = append(m.others, row.Name)
			continue
		}
		r, err := newMethodRow(row, blocks)
		if err != nil {
			return fmt.Errorf("method %s: %w", row.Name, err)
		}
		m.methods = append(m.methods, r)
	}
	return nil
}

// describe reads what each method does.
func (m *model) describe(path string) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	texts := map[string][]string{}
	for _, line := range strings.Split(string(data), "\n") {
		if parts := strings.Split(line, " | "); len(parts) == 3 && line[0] != '#' {
			texts[parts[0]] = parts[1:]
		}
	}
	for i := range m.methods {
		r := &m.methods[i]
		if texts[r.name] == nil {
			return fmt.Errorf("%s: method %s has no line", path, r.name)
		}
		r.does, r.example = texts[r.name][0], texts[r.name][1]
	}
	return nil
}

func newMethodRow(row method, blocks []block) (methodRow, error) {
	b, _ := find(blocks, "method", row.Name)
	r := methodRow{name: strings.TrimPrefix(row.Name, "api_"), kind: row.Kind, command: row.Command, fixed: compactJSON(row.Fixed)}
	if c := b.one("command"); c != "" {
		r.command = c
	}
	if f := b.one("fixed"); f != "" {
		r.fixed = f
	}
	moved := map[string]string{}
	for _, pair := range strings.Fields(b.one("to")) {
		name, to, _ := strings.Cut(pair, "=")
		moved[name] = to
	}
	for _, p := range row.Params {
		typ, err := argType(p.Type)
		if err != nil {
			return r, fmt.Errorf("%s: %w", p.Name, err)
		}
		a := methodArg{name: p.Name, typ: typ, to: p.To, optional: p.Optional, def: compactJSON(p.Default)}
		if to := moved[p.Name]; to != "" {
			a.to = to
		}
		if slices.Contains(strings.Fields(b.one("require")), p.Name) {
			a.optional = false
		}
		r.params = append(r.params, a)
	}
	var err error
	if r.returns, err = returns(row); err != nil {
		return r, err
	}
	r.nullOn, err = errorPath(row.NullOn)
	return r, err
}

// argType writes the type of an argument. Beside the types of the tables there
// are Chat (whatever names a chat) and unions of two.
func argType(raw json.RawMessage) (string, error) {
	var t struct {
		typeExpr
		AnyOf []json.RawMessage `json:"any_of"`
	}
	if err := json.Unmarshal(raw, &t); err != nil {
		return "", err
	}
	if len(t.AnyOf) == 0 {
		return t.String(), t.check()
	}
	if strings.Contains(string(raw), `"ChatRef"`) {
		return "Chat", nil
	}
	var parts []string
	for _, alt := range t.AnyOf {
		s, err := argType(alt)
		if err != nil {
			return "", err
		}
		parts = append(parts, s)
	}
	return strings.Join(parts, "|"), nil
}

// returns writes what a method gives for each answer that is no error.
func returns(row method) ([]string, error) {
	table, ok := row.Returns.(map[string]any)
	if !ok {
		return nil, fmt.Errorf("returns is %v", row.Returns)
	}
	var out []string
	for _, tag := range row.OK {
		v, ok := table[tag]
		if !ok {
			return nil, fmt.Errorf("returns says nothing about %s", tag)
		}
		text, err := returnText(v)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", tag, err)
		}
		if when, ok := row.OKWhen[tag].(map[string]any); ok {
			for name, value := range when {
				tag += fmt.Sprintf("(%s=%v)", name, value)
			}
		}
		out = append(out, strings.TrimRight(tag+": "+text, " "))
	}
	return out, nil
}

func returnText(v any) (string, error) {
	list := func(v any, sep string) (string, error) {
		var parts []string
		for _, p := range v.([]any) {
			parts = append(parts, p.(string))
		}
		return strings.Join(parts, sep), nil
	}
	switch v := v.(type) {
	case nil:
		return "", nil
	case string:
		return v, nil
	case map[string]any:
		if c, ok := v["const"].(string); ok {
			return "=" + c, nil
		}
		if t, ok := v["tuple"]; ok {
			return list(t, ", ")
		}
		if t, ok := v["first_of"]; ok {
			return list(t, "|")
		}
	}
	return "", fmt.Errorf("a result of a form not known: %v", v)
}

// errorPath writes the tags of a partial ChatError: "errorStore/userContactLinkNotFound".
func errorPath(raw json.RawMessage) (string, error) {
	if compactJSON(raw) == "" {
		return "", nil
	}
	var e map[string]any
	if err := json.Unmarshal(raw, &e); err != nil {
		return "", err
	}
	outer, _ := e["type"].(string)
	for name, inner := range e {
		if in, ok := inner.(map[string]any); ok && name != "type" {
			tag, _ := in["type"].(string)
			return outer + "/" + tag, nil
		}
	}
	return "", fmt.Errorf("an error of a form not known: %s", raw)
}
