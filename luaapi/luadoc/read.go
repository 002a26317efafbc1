package luadoc

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
)

// Doc is what the type files say.
type Doc struct {
	// Entries are in the order of the files.
	Entries []*Entry
	byName  map[string]*Entry
}

// EntryKind is what an Entry is about.
type EntryKind string

const (
	Func  EntryKind = "function" // bot.send, or Message:reply with a colon
	Class EntryKind = "class"
	Alias EntryKind = "alias"
	Value EntryKind = "value" // bot, json.null
)

// Entry is one thing with a name.
type Entry struct {
	Kind EntryKind
	Name string
	// Text is the description, without the marks; it may have code blocks.
	Text []string
	// Parent is the class that a class extends.
	Parent string
	Fields []Param // of a class
	Type   *Type   // of an alias or a value
	// Params, Returns and Overloads are those of a function.
	Params    []Param
	Returns   []Param
	Overloads []*Type
	// File and Line are where it stands.
	File string
	Line int
}

// Method tells whether a function is called with a colon.
func (e *Entry) Method() bool { return e.Kind == Func && strings.Contains(e.Name, ":") }

// Signature is a function as it is called: bot.send(chat, content, options?).
func (e *Entry) Signature() string {
	var names []string
	for _, p := range e.Params {
		name := p.Name
		if p.Optional {
			name += "?"
		}
		names = append(names, name)
	}
	return e.Name + "(" + strings.Join(names, ", ") + ")"
}

// Find returns the entry of that name, nil for none.
func (d *Doc) Find(name string) *Entry { return d.byName[name] }

// Read reads all .lua files in the folders: type files, which begin with
// ---@meta, and modules written in Lua. The error tells file and line of
// everything that is not understood.
func Read(fsys fs.FS, dirs ...string) (*Doc, error) {
	var files []string
	for _, dir := range dirs {
		list, err := fs.Glob(fsys, path.Join(dir, "*.lua"))
		if err != nil {
			return nil, err
		}
		files = append(files, list...)
	}
	d := &Doc{byName: map[string]*Entry{}}
	var all []error
	for _, file := range files {
		text, err := fs.ReadFile(fsys, file)
		if err != nil {
			return nil, err
		}
		if err := d.read(path.Base(file), string(text)); err != nil {
			all = append(all, err)
		}
	}
	return d, errors.Join(all...)
}

// reader reads one file.
type reader struct {
	doc  *Doc
	file string
	line int
	// text and tags are the comment lines before what they are about.
	text    []string
	params  []Param
	returns []Param
	over    []*Type
	typ     *Type
	class   *Entry // that ---@field lines belong to
	errs    []error
	// module tells that the file is a module in Lua, not a type file; tables then
	// has the classes of its tables by their local names.
	module bool
	tables map[string]string
}

func (d *Doc) read(file, text string) error {
	r := &reader{doc: d, file: file, module: !metaLine.MatchString(text), tables: map[string]string{}}
	for i, line := range strings.Split(text, "\n") {
		r.line = i + 1
		comment, isComment := strings.CutPrefix(line, "---")
		switch {
		case isComment && strings.HasPrefix(comment, "@"):
			r.tag(comment[1:])
		case isComment:
			r.text = append(r.text, strings.TrimPrefix(comment, " "))
		case r.module:
			r.moduleCode(line)
		default:
			r.code(line)
		}
	}
	return errors.Join(r.errs...)
}

func (r *reader) fail(format string, args ...any) {
	r.errs = append(r.errs, fmt.Errorf("%s:%d: %s", r.file, r.line, fmt.Sprintf(format, args...)))
}

func (r *reader) tag(s string) {
	name, rest, _ := strings.Cut(s, " ")
	switch name {
	case "meta", "private", "cast", "diagnostic": // for editors only
	case "class":
		class, parent, _ := strings.Cut(rest, ":")
		class, _, _ = strings.Cut(strings.TrimSpace(class), " ")
		if have := r.doc.byName[class]; have != nil && have.Kind == Class && parent == "" && len(r.text) == 0 {
			r.class = have // another file adds to it
			return
		}
		r.class = &Entry{Kind: Class, Name: class, Parent: strings.TrimSpace(parent), Text: r.takeText()}
		r.add(r.class)
	case "field":
		field, typ, _ := strings.Cut(rest, " ")
		p := r.param(field, typ)
		if r.class == nil {
			r.fail("a field without a class")
			return
		}
		r.class.Fields = append(r.class.Fields, p)
	case "alias":
		alias, typ, _ := strings.Cut(rest, " ")
		p := r.param(alias, typ)
		r.add(&Entry{Kind: Alias, Name: alias, Type: p.Type, Text: r.takeText()})
	case "param":
		param, typ, _ := strings.Cut(rest, " ")
		r.params = append(r.params, r.param(param, typ))
	case "return":
		p := r.param("", rest)
		if words := strings.SplitN(p.Text, " ", 2); p.Text != "" {
			p.Name, p.Text = words[0], strings.Join(words[1:], "")
		}
		r.returns = append(r.returns, p)
	case "overload":
		r.over = append(r.over, r.param("", rest).Type)
	case "type":
		r.typ = r.param("", rest).Type
	default:
		r.fail("---@%s is not understood", name)
	}
}

// param reads "type text" after a name that may end in ?.
func (r *reader) param(name, s string) Param {
	t, rest, err := ParseType(strings.TrimSpace(s))
	if err != nil {
		r.fail("%v", err)
		t = &Type{Name: "any"}
	}
	p := Param{Type: t, Text: strings.TrimSpace(rest)}
	p.Name, p.Optional = strings.CutSuffix(name, "?")
	if rest != "" && rest[0] != ' ' {
		r.fail("%s: not understood from %q on", name, rest)
	}
	return p
}

func (r *reader) takeText() []string {
	text := r.text
	r.text = nil
	return text
}

var (
	functionLine = regexp.MustCompile(`^function ([\w.:]+)\((.*)\)\s*end$`)
	valueLine    = regexp.MustCompile(`^(local )?([\w.]+) = (nil|\{\}|true|false|[\d.]+|"[^"]*")$`)
)

// forget drops the comment lines, after what they are about.
func (r *reader) forget() {
	r.text, r.params, r.returns, r.over, r.typ, r.class = nil, nil, nil, nil, nil, nil
}

var (
	metaLine       = regexp.MustCompile(`(?m)^---@meta\b`)
	moduleFunction = regexp.MustCompile(`^function (\w+)([.:]\w+)\(([^)]*)\)`)
	moduleTable    = regexp.MustCompile(`^local (\w+) = (\{|setmetatable\()`)
	moduleValue    = regexp.MustCompile(`^(\w+)(\.\w+) = `)
)

// moduleCode reads a line of a module in Lua. Only the functions and the values
// of the tables that have a class are documented; functions without a text, and
// values without a type, are the module's own.
func (r *reader) moduleCode(line string) {
	defer r.forget()
	if m := moduleTable.FindStringSubmatch(line); m != nil && r.class != nil {
		r.tables[m[1]] = r.class.Name
	}
	if m := moduleValue.FindStringSubmatch(line); m != nil && r.typ != nil && r.tables[m[1]] != "" {
		r.add(&Entry{Kind: Value, Name: r.tables[m[1]] + m[2], Type: r.typ, Text: r.takeText()})
		return
	}
	m := moduleFunction.FindStringSubmatch(line)
	if m == nil || len(r.text) == 0 && len(r.params) == 0 {
		return
	}
	class, ok := r.tables[m[1]]
	if !ok {
		r.fail("%s%s belongs to a table without a ---@class", m[1], m[2])
		return
	}
	r.function(class+m[2], m[3])
}

// code reads a line that is no comment: what the comments before it are about.
func (r *reader) code(line string) {
	line = strings.TrimSpace(line)
	defer r.forget()
	if line == "" || strings.HasPrefix(line, "--") || strings.HasPrefix(line, "return ") {
		return
	}
	if m := functionLine.FindStringSubmatch(line); m != nil {
		r.function(m[1], m[2])
		return
	}
	m := valueLine.FindStringSubmatch(line)
	switch {
	case m == nil:
		r.fail("%q is not understood", line)
	case m[1] == "": // a local is the name of a class's methods
		r.add(&Entry{Kind: Value, Name: m[2], Type: r.typ, Text: r.takeText()})
	}
}

// function adds a function. A second definition without a text of its own adds
// its overloads to the first.
func (r *reader) function(name, args string) {
	var names []string
	for _, a := range strings.Split(args, ",") {
		if a = strings.TrimSpace(a); a != "" {
			names = append(names, a)
		}
	}
	if have := r.doc.byName[name]; have != nil && len(r.text) == 0 {
		have.Overloads = append(have.Overloads, r.over...)
		return
	}
	e := &Entry{Kind: Func, Name: name, Text: r.takeText(), Returns: r.returns, Overloads: r.over}
	for _, p := range r.params {
		if !slices.Contains(names, p.Name) {
			r.fail("%s has no parameter %s", name, p.Name)
		}
	}
	for _, n := range names {
		p := Param{Name: n, Type: &Type{Name: "any"}, Optional: n == "..."}
		for _, given := range r.params {
			if given.Name == n {
				p = given
			}
		}
		e.Params = append(e.Params, p)
	}
	r.add(e)
}

func (r *reader) add(e *Entry) {
	e.File, e.Line = r.file, r.line
	have := r.doc.byName[e.Name]
	switch {
	case have == nil:
	case have.Kind == Func && e.Kind == Func && len(have.Text) == 0:
		// The overloads came in an earlier file than the function.
		e.Overloads = append(e.Overloads, have.Overloads...)
		*have = *e
		return
	case have.Kind == e.Kind:
		r.fail("%s is there already, at %s:%d", e.Name, have.File, have.Line)
		return
	}
	r.doc.Entries = append(r.doc.Entries, e)
	r.doc.byName[e.Name] = e
}

// basic are the types that need no definition.
var basic = []string{"any", "nil", "boolean", "string", "number", "integer", "table", "function", "userdata", "thread", "unknown", "self"}

// Problems lists every name that nothing defines and every class that
// extends itself.
func (d *Doc) Problems() []string {
	var out []string
	for _, e := range d.Entries {
		problem := func(name, where string) {
			if have := d.byName[name]; slices.Contains(basic, name) || have != nil && (have.Kind == Class || have.Kind == Alias) {
				return
			}
			out = append(out, fmt.Sprintf("%s:%d: %s: no type %s%s", e.File, e.Line, e.Name, name, where))
		}
		e.Type.names(func(n string) { problem(n, "") })
		for _, list := range [][]Param{e.Fields, e.Params, e.Returns} {
			for _, p := range list {
				p.Type.names(func(n string) { problem(n, ", in "+p.Name) })
			}
		}
		for _, o := range e.Overloads {
			o.names(func(n string) { problem(n, ", in an overload") })
		}
		if e.Parent != "" {
			problem(e.Parent, ", which it extends")
		}
		seen := []string{}
		for c := e; c != nil && c.Parent != ""; c = d.byName[c.Parent] {
			if slices.Contains(seen, c.Name) {
				out = append(out, fmt.Sprintf("%s:%d: %s extends itself", e.File, e.Line, e.Name))
				break
			}
			seen = append(seen, c.Name)
		}
		if e.Kind == Func {
			owner := strings.NewReplacer(":", ".").Replace(e.Name)
			if i := strings.LastIndexByte(owner, '.'); i > 0 {
				if have := d.byName[owner[:i]]; have == nil {
					out = append(out, fmt.Sprintf("%s:%d: %s belongs to nothing", e.File, e.Line, e.Name))
				}
			}
		}
	}
	return out
}

// Field returns a class's field or method, also of the classes it extends.
func (d *Doc) Field(class, name string) (Param, bool) {
	for c := d.byName[class]; c != nil; c = d.byName[c.Parent] {
		for _, f := range c.Fields {
			if f.Name == name {
				return f, true
			}
		}
		if m := d.byName[c.Name+":"+name]; m != nil {
			return Param{Name: name, Type: &Type{Kind: Function, Params: m.Params}}, true
		}
		if c.Parent == "" {
			break
		}
	}
	return Param{}, false
}
