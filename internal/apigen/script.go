package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// deriveSyntax reads the JavaScript that upstream prints for each command and
// for types inside commands; unlike the EBNF beside it, it names the parameter
// of every part.
func (f *facts) deriveSyntax() error {
	for i := range f.Commands {
		c := &f.Commands[i]
		nodes, err := parseScript(c.Syntax, c.Params, f)
		if err != nil {
			return fmt.Errorf("command %s: %w", c.Name, err)
		}
		c.AST = nodes
		for j := range c.Params {
			p := &c.Params[j]
			written, required, flag := place(nodes, p.Name)
			p.InSyntax, p.Required = &written, &required
			if flag {
				p.Default = false
			}
		}
	}
	for i := range f.Types {
		t := &f.Types[i]
		if t.script == "" {
			continue
		}
		fields := slices.Clone(t.Fields)
		for _, m := range t.Members {
			fields = append(fields, m.Fields...)
		}
		nodes, err := parseScript(t.script, fields, f)
		if err != nil {
			return fmt.Errorf("type %s: %w", t.Name, err)
		}
		t.Syntax = &typeSyntax{AST: nodes}
	}
	return nil
}

// place tells whether a parameter is written, whether it must be, and whether
// it is a flag that is only written when it is on.
func place(nodes []node, name string) (written, required, flag bool) {
	for _, n := range nodes {
		switch {
		case n.Param == name:
			return true, true, false
		case n.Opt == name:
			return true, false, n.When == true
		}
	}
	return false, false, false
}

// scriptParser reads the expressions of upstream's JavaScript: strings and
// values joined with +, and conditions.
type scriptParser struct {
	tokens []string
	fields []field
	facts  *facts
}

func parseScript(text string, fields []field, f *facts) ([]node, error) {
	p := &scriptParser{tokens: scriptTokens(text), fields: fields, facts: f}
	nodes, err := p.sum()
	if err == nil && len(p.tokens) > 0 {
		err = fmt.Errorf("syntax %s: not understood from %q on", text, strings.Join(p.tokens, " "))
	}
	return nodes, err
}

// scriptTokens splits into strings ('…', kept with the quote), names with dots,
// and punctuation.
func scriptTokens(s string) []string {
	var out []string
	for i := 0; i < len(s); {
		j := i + 1
		switch c := s[i]; {
		case c == ' ':
			i++
			continue
		case c == '\'' || c == '"':
			for j < len(s) && s[j] != c {
				j++
			}
			out = append(out, "'"+s[i+1:j])
			i = j + 1
			continue
		case isNameByte(c):
			for j < len(s) && (isNameByte(s[j]) || s[j] == '.') {
				j++
			}
		case strings.HasPrefix(s[i:], "=="):
			for j < len(s) && s[j] == '=' {
				j++
			}
		}
		out = append(out, strings.TrimPrefix(s[i:j], "self."))
		i = j
	}
	return out
}

func isNameByte(c byte) bool {
	return c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
}

func (p *scriptParser) peek(i int) string {
	if i < len(p.tokens) {
		return p.tokens[i]
	}
	return ""
}

func (p *scriptParser) take() string {
	t := p.peek(0)
	p.tokens = p.tokens[min(1, len(p.tokens)):]
	return t
}

func (p *scriptParser) expect(t string) error {
	if got := p.take(); got != t {
		return fmt.Errorf("want %q, got %q", t, got)
	}
	return nil
}

// sum reads term + term + …; a condition takes the rest.
func (p *scriptParser) sum() ([]node, error) {
	if p.isCondition() {
		return p.condition()
	}
	nodes, err := p.term()
	for err == nil && p.peek(0) == "+" {
		p.take()
		var more []node
		more, err = p.term()
		nodes = append(nodes, more...)
	}
	return nodes, err
}

func (p *scriptParser) isCondition() bool {
	return p.peek(0) == "!" || p.peek(0) == "typeof" || p.peek(1) == "?" || strings.HasPrefix(p.peek(1), "==")
}

func (p *scriptParser) term() ([]node, error) {
	t := p.take()
	switch {
	case t == "":
		return nil, errors.New("the syntax ends too early")
	case t == "(":
		nodes, err := p.sum()
		if err != nil {
			return nil, err
		}
		return nodes, p.expect(")")
	case t[0] == '\'' && len(t) == 1:
		return nil, nil
	case t[0] == '\'':
		return []node{{Lit: t[1:]}}, nil
	case t == "JSON.stringify" || strings.HasSuffix(t, ".cmdString"):
		if err := p.expect("("); err != nil {
			return nil, err
		}
		name := p.take()
		n := node{Param: name, As: "json"}
		if t != "JSON.stringify" {
			n.As, n.Type = "type", strings.TrimSuffix(t, ".cmdString")
		}
		return []node{n}, p.expect(")")
	case strings.HasSuffix(t, ".join"):
		for range 3 { // (',')
			p.take()
		}
		return []node{{Param: strings.TrimSuffix(t, ".join"), As: "join", Sep: ","}}, nil
	case strings.HasSuffix(t, ".toString"):
		p.take()
		return []node{{Param: strings.TrimSuffix(t, ".toString"), As: "type"}}, p.expect(")")
	}
	return p.value(t)
}

// value is a parameter as it is, by its type.
func (p *scriptParser) value(name string) ([]node, error) {
	if name == "self" || name == "type" {
		return []node{{Param: name, As: "tag"}}, nil
	}
	f, ok := p.field(name)
	if !ok {
		return nil, fmt.Errorf("no parameter %s", name)
	}
	n := node{Param: name, As: "string"}
	switch {
	case f.Type.Ref != "":
		n.As, n.Type = "enum", f.Type.Ref
	case f.Type.Prim != "string":
		n.As = "int"
	}
	return []node{n}, nil
}

func (p *scriptParser) field(name string) (field, bool) {
	i := slices.IndexFunc(p.fields, func(f field) bool { return f.Name == name })
	if i < 0 {
		return field{}, false
	}
	return p.fields[i], true
}

// condition reads the forms that upstream writes:
//
//	p ? 'on' : 'off'                 typeof p == 'boolean' ? … : ''
//	p ? … : ''                       !p ? … : ''
//	self == 'a' ? … : self == 'b' ? … : …
func (p *scriptParser) condition() ([]node, error) {
	negated := p.peek(0) == "!"
	typed := p.peek(0) == "typeof"
	if negated || typed {
		p.take()
	}
	name, is := p.take(), ""
	if strings.HasPrefix(p.peek(0), "==") {
		p.take()
		is = strings.TrimPrefix(p.take(), "'")
	}
	if err := p.expect("?"); err != nil {
		return nil, err
	}
	yes, err := p.sum()
	if err != nil {
		return nil, err
	}
	if err := p.expect(":"); err != nil {
		return nil, err
	}
	no, err := p.sum()
	if err != nil {
		return nil, err
	}
	f, _ := p.field(name)
	switch {
	case is != "" && !typed:
		return []node{chooseNode(name, is, yes, no)}, nil
	case len(yes) == 1 && yes[0].Lit == "on" && len(no) == 1 && no[0].Lit == "off":
		return []node{{Param: name, As: "onoff"}}, nil
	case len(no) > 0:
		return nil, fmt.Errorf("condition on %s has two sides", name)
	case negated:
		return []node{{Opt: name, When: false, Parts: yes}}, nil
	case f.Type.Prim == "bool" && !f.Optional:
		return []node{{Opt: name, When: true, Parts: yes}}, nil
	}
	return []node{{Opt: name, When: "present", Parts: yes}}, nil
}

// chooseNode joins a chain of comparisons into one choice.
func chooseNode(name, is string, yes, no []node) node {
	n := node{Choice: name, Cases: []choiceCase{{Is: is, Parts: yes}}, Else: no}
	if len(no) == 1 && no[0].Choice == name {
		n.Cases, n.Else = append(n.Cases, no[0].Cases...), no[0].Else
	}
	return n
}
