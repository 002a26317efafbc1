package luadoc

import (
	"fmt"
	"regexp"
	"strings"
)

// Kind is what a Type is.
type Kind uint8

const (
	// Named is a class, an alias or a basic type, by Name.
	Named Kind = iota
	// Literal is one value: Name is it as written, "on" with its quotes, 5 or true.
	Literal
	// Union is one of Alts.
	Union
	// List is a list of Elem.
	List
	// Map is table<Key, Elem>.
	Map
	// Table is a table with Fields.
	Table
	// Function takes Params and gives Returns.
	Function
)

// Type is a type expression.
type Type struct {
	Kind    Kind
	Name    string
	Alts    []*Type
	Key     *Type
	Elem    *Type
	Fields  []Param
	Params  []Param
	Returns []*Type
}

// Param is a parameter, a field or a result.
type Param struct {
	Name     string
	Type     *Type
	Optional bool
	Text     string // what is said about it
}

// ParseType reads a type expression at the beginning of s and returns what
// follows it.
func ParseType(s string) (t *Type, rest string, err error) {
	p := &typeParser{s: s}
	defer func() {
		if r := recover(); r != nil {
			bad, ok := r.(typeError)
			if !ok {
				panic(r)
			}
			err = fmt.Errorf("type %q: %s", s, string(bad))
		}
	}()
	t = p.union()
	return t, p.s, nil
}

// typeError ends the parsing of a type from any depth.
type typeError string

var nextParam = regexp.MustCompile(`^ *, *[\w.]+\??:`)

type typeParser struct{ s string }

func (p *typeParser) space() { p.s = strings.TrimLeft(p.s, " ") }

func (p *typeParser) eat(token string) bool {
	rest, ok := strings.CutPrefix(strings.TrimLeft(p.s, " "), token)
	if ok {
		p.s = rest
	}
	return ok
}

func (p *typeParser) need(token string) {
	if !p.eat(token) {
		panic(typeError(fmt.Sprintf("want %q before %q", token, p.s)))
	}
}

func (p *typeParser) union() *Type {
	alts := []*Type{p.postfix()}
	for strings.HasPrefix(p.s, "|") {
		p.s = p.s[1:]
		alts = append(alts, p.postfix())
	}
	t := alts[0]
	if len(alts) > 1 {
		t = &Type{Kind: Union, Alts: alts}
	}
	if strings.HasPrefix(p.s, "?") { // of the last one, or of all: the same
		p.s = p.s[1:]
		t = &Type{Kind: Union, Alts: append(alts, &Type{Name: "nil"})}
	}
	return t
}

func (p *typeParser) postfix() *Type {
	t := p.primary()
	for strings.HasPrefix(p.s, "[]") {
		p.s = p.s[2:]
		t = &Type{Kind: List, Elem: t}
	}
	return t
}

func (p *typeParser) primary() *Type {
	p.space()
	switch {
	case p.eat("("):
		t := p.union()
		p.need(")")
		return t
	case p.eat("{"):
		t := &Type{Kind: Table}
		for !p.eat("}") {
			t.Fields = append(t.Fields, p.param("}"))
		}
		return t
	case strings.HasPrefix(p.s, "fun("):
		p.s = p.s[len("fun("):]
		t := &Type{Kind: Function}
		for !p.eat(")") {
			t.Params = append(t.Params, p.param(")"))
		}
		if p.eat(":") {
			t.Returns = append(t.Returns, p.union())
			// "fun(): A, b: B" inside a list of parameters: b is the next of them.
			for !nextParam.MatchString(p.s) && p.eat(",") {
				t.Returns = append(t.Returns, p.union())
			}
		}
		return t
	case strings.HasPrefix(p.s, `"`):
		end := strings.IndexByte(p.s[1:], '"')
		if end < 0 {
			panic(typeError("a string is not closed"))
		}
		t := &Type{Kind: Literal, Name: p.s[:end+2]}
		p.s = p.s[end+2:]
		return t
	}
	name := p.word()
	if name == "" {
		panic(typeError(fmt.Sprintf("want a type before %q", p.s)))
	}
	if name == "table" && p.eat("<") {
		t := &Type{Kind: Map, Key: p.union()}
		p.need(",")
		t.Elem = p.union()
		p.need(">")
		return t
	}
	if strings.Trim(name, "0123456789") == "" || name == "true" || name == "false" {
		return &Type{Kind: Literal, Name: name}
	}
	return &Type{Name: name}
}

// param reads "name?: type", with the comma after it unless end follows.
func (p *typeParser) param(end string) Param {
	p.space()
	var a Param
	if p.eat("...") {
		a.Name = "..."
	} else if a.Name = p.word(); a.Name == "" {
		panic(typeError(fmt.Sprintf("want a name before %q", p.s)))
	}
	a.Optional = p.eat("?")
	if p.eat(":") {
		a.Type = p.union()
	} else {
		a.Type = &Type{Name: "any"}
	}
	if !p.eat(",") && !strings.HasPrefix(strings.TrimLeft(p.s, " "), end) {
		panic(typeError(fmt.Sprintf("want %q before %q", end, p.s)))
	}
	return a
}

// word reads a name, dots included.
func (p *typeParser) word() string {
	n := 0
	for n < len(p.s) && (isLetter(p.s[n]) || p.s[n] == '.' && n > 0 && n+1 < len(p.s) && isLetter(p.s[n+1]) || p.s[n] == '-' && n > 0) {
		n++
	}
	w := p.s[:n]
	p.s = p.s[n:]
	return w
}

func isLetter(c byte) bool {
	return c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
}

// String writes the type in the notation it was read from.
func (t *Type) String() string {
	switch t.Kind {
	case Union:
		parts := make([]string, 0, len(t.Alts))
		opt := ""
		for _, a := range t.Alts {
			if a.Kind == Named && a.Name == "nil" && len(t.Alts) > 1 {
				opt = "?"
				continue
			}
			parts = append(parts, a.String())
		}
		return strings.Join(parts, "|") + opt
	case List:
		if t.Elem.Kind == Union || t.Elem.Kind == Function {
			return "(" + t.Elem.String() + ")[]"
		}
		return t.Elem.String() + "[]"
	case Map:
		return "table<" + t.Key.String() + ", " + t.Elem.String() + ">"
	case Table:
		return "{ " + joinParams(t.Fields) + " }"
	case Function:
		s := "fun(" + joinParams(t.Params) + ")"
		for i, r := range t.Returns {
			s += map[bool]string{true: ": ", false: ", "}[i == 0] + r.String()
		}
		return s
	}
	return t.Name
}

func joinParams(params []Param) string {
	parts := make([]string, len(params))
	for i, p := range params {
		opt := ""
		if p.Optional {
			opt = "?"
		}
		parts[i] = p.Name + opt + ": " + p.Type.String()
	}
	return strings.Join(parts, ", ")
}

// names calls visit with every name in the type.
func (t *Type) names(visit func(string)) {
	if t == nil {
		return
	}
	if t.Kind == Named {
		visit(t.Name)
	}
	t.Key.names(visit)
	t.Elem.names(visit)
	for _, list := range [][]*Type{t.Alts, t.Returns} {
		for _, x := range list {
			x.names(visit)
		}
	}
	for _, list := range [][]Param{t.Fields, t.Params} {
		for _, p := range list {
			p.Type.names(visit)
		}
	}
}
