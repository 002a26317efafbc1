package api

import (
	"slices"
	"strings"
)

// The rows of the generated tables; doc.go has their notation.
type (
	commandRow struct {
		name, group, network    string
		params, syntax, answers string
		// full is the syntax with what the documentation leaves out; "" for none.
		full string
	}
	typeRow struct {
		name   string
		kind   kind
		open   bool     // further tags or values can come
		also   []string // tags or values that are not documented
		syntax string
		rows   []string
	}
	tagRow struct {
		tag, group, category, fields string
		known                        bool // the fields are documented
	}
	methodRow struct {
		name, command string
		args          []string // "name? type where-it-goes", "name=default type where"
		fixed         string   // JSON of the parameters that are always the same
		returns       []string // "tag: path"
		nilOn         string   // the error for which the method returns nil
	}
)

// kind is what a type is.
type kind uint8

const (
	primitive kind = iota
	record
	union
	enum
	array
	mapping
)

// typ is a type of one core version.
type typ struct {
	name     string
	kind     kind
	open     bool
	nonEmpty bool               // of an array
	elem     *typ               // of an array or map
	record   *fields            // of a record
	members  map[string]*fields // of a union, by tag
	tags     []string           // of a union
	values   []string           // of an enum
	also     []string           // further tags or values, of which no more is known
	syntax   []part
}

// fields are the fields of a record or a member, or the parameters of a command.
type fields struct {
	list   []*field
	byName map[string]*field
	absent map[string]string // fields of other versions, and their marks
	// tagged tells that the values have a tag, in type; open that they may have
	// further fields.
	tagged, open bool
}

type field struct {
	name     string
	typ      *typ
	optional bool // also a flag with a default
	flag     bool // has the default false
	written  bool // has a place in the command's string
	wall     string
}

// command is a command of one core version.
type command struct {
	row    *commandRow
	marks  []string
	params *fields
	syntax []part
	full   []part
}

// newFacts reads the tables as far as they concern one version.
func newFacts(version int, exact bool) *Facts {
	f := &Facts{
		version: version, exact: exact,
		commands: map[string]*command{}, types: map[string]*typ{},
		responses: map[string]*fields{}, events: map[string]*fields{},
	}
	for _, name := range []string{"bool", "string", "int", "int64", "word32", "double", "time", "object"} {
		f.types[name] = &typ{name: name}
	}
	for i := range typeRows {
		f.types[typeRows[i].name] = &typ{name: typeRows[i].name, kind: typeRows[i].kind, open: typeRows[i].open, also: typeRows[i].also}
	}
	for i := range typeRows {
		f.fill(f.types[typeRows[i].name], &typeRows[i])
	}
	for i := range commandRows {
		row := &commandRows[i]
		c := &command{row: row, params: f.fields(row.params), syntax: parseSyntax(row.syntax)}
		c.full = c.syntax
		if row.full != "" {
			c.full = parseSyntax(row.full)
		}
		words := strings.Fields(row.name)
		c.marks = words[1:]
		f.commands[words[0]] = c
	}
	tags := func(rows []tagRow, to map[string]*fields) {
		for _, r := range rows {
			words := strings.Fields(r.tag)
			to[words[0]] = nil
			if r.known && f.inVersion(words[1:]) {
				to[words[0]] = f.fields(r.fields)
			}
		}
	}
	tags(responseRows, f.responses)
	tags(eventRows, f.events)
	return f
}

func (f *Facts) fill(t *typ, row *typeRow) {
	t.syntax = parseSyntax(row.syntax)
	switch t.kind {
	case record:
		t.record = f.fields(row.rows[0])
	case union:
		t.members = map[string]*fields{}
		for _, r := range row.rows {
			tag, list, _ := strings.Cut(r, ":")
			words := strings.Fields(tag)
			if !f.inVersion(words[1:]) {
				continue
			}
			t.tags = append(t.tags, words[0])
			t.members[words[0]] = f.fields(strings.TrimSpace(list))
			t.members[words[0]].tagged, t.members[words[0]].open = true, row.open
		}
	case enum:
		for _, r := range row.rows {
			if words := strings.Fields(r); f.inVersion(words[1:]) {
				t.values = append(t.values, words[0])
			}
		}
	}
}

// fields reads "name? type !wall @version, …".
func (f *Facts) fields(list string) *fields {
	fs := &fields{byName: map[string]*field{}, absent: map[string]string{}}
	if list == "" {
		return fs
	}
	for _, text := range strings.Split(list, ", ") {
		words := strings.Fields(text)
		fd := &field{typ: f.typeOf(words[1]), written: true}
		var marks []string
		for _, w := range words[2:] {
			if w[0] == '!' {
				fd.wall = w[1:]
			} else {
				marks = append(marks, w)
			}
		}
		name := words[0]
		if rest, ok := strings.CutPrefix(name, "-"); ok {
			name, fd.written = rest, false
		}
		name, fd.flag = strings.CutSuffix(name, "=false")
		name, fd.optional = strings.CutSuffix(name, "?")
		fd.name, fd.optional = name, fd.optional || fd.flag
		if !f.inVersion(marks) {
			fs.absent[name] = strings.Join(marks, " ")
			continue
		}
		delete(fs.absent, name)
		fs.list = append(fs.list, fd)
		fs.byName[name] = fd
	}
	return fs
}

func (fs *fields) names() []string {
	names := make([]string, len(fs.list))
	for i, fd := range fs.list {
		names[i] = fd.name
	}
	return names
}

// typeOf reads a type of the notation. One that is not known is a mistake in a
// table.
func (f *Facts) typeOf(s string) *typ {
	if t := f.types[s]; t != nil {
		return t
	}
	t := &typ{name: s, kind: array}
	rest, ok := strings.CutPrefix(s, "[]")
	if !ok {
		rest, t.nonEmpty = strings.CutPrefix(s, "[+]")
		ok = t.nonEmpty
	}
	if !ok {
		if key, value, isMap := strings.Cut(s, "]"); isMap && key == "map[string" {
			t.kind, rest, ok = mapping, value, true
		}
	}
	if !ok {
		panic("api: no type " + s)
	}
	t.elem = f.typeOf(rest)
	f.types[s] = t
	return t
}

// commandNames are the names of the commands of this version, sorted.
func (f *Facts) commandNames() []string {
	var names []string
	for name, c := range f.commands {
		if f.inVersion(c.marks) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}
