package luadoc

import (
	"slices"
	"strings"
)

// Members are what an entry has besides its fields, in the order of the files:
// all names of a table, the methods of a class and of those it extends. Of a
// module it is its functions, and then the methods of what they make.
func (d *Doc) Members(of *Entry) []*Entry {
	own := func(e *Entry) bool {
		part, ok := strings.CutPrefix(e.Name, of.Name+".")
		return ok && !strings.ContainsAny(part, ".:") && (of.Kind == Value || e.Kind != Class)
	}
	switch of.Kind {
	case Value:
		return d.all(own)
	case Class:
	default:
		return nil
	}
	functions := d.all(own)
	members := append(functions, d.methods(of.Name)...)
	for _, fn := range functions {
		for _, made := range fn.Returns {
			for _, class := range classesIn(made.Type) {
				if c := d.Find(class); c != nil && !slices.ContainsFunc(members, func(e *Entry) bool { return e.Method() && e.class() == class }) {
					members = append(members, d.methods(class)...)
				}
			}
		}
	}
	return members
}

// all are the entries of which is is true.
func (d *Doc) all(is func(*Entry) bool) []*Entry {
	var out []*Entry
	for _, e := range d.Entries {
		if is(e) {
			out = append(out, e)
		}
	}
	return out
}

// methods are those of a class and of the classes it extends.
func (d *Doc) methods(class string) []*Entry {
	var out []*Entry
	for c := d.Find(class); c != nil; c = d.Find(c.Parent) {
		out = append(out, d.all(func(e *Entry) bool { return e.Method() && e.class() == c.Name })...)
	}
	return out
}

// class is the class of a method.
func (e *Entry) class() string {
	class, _, _ := strings.Cut(e.Name, ":")
	return class
}

// classesIn are the names in a type that stand for one value, not for a list.
func classesIn(t *Type) []string {
	switch {
	case t == nil:
	case t.Kind == Named:
		return []string{t.Name}
	case t.Kind == Union:
		var names []string
		for _, alt := range t.Alts {
			names = append(names, classesIn(alt)...)
		}
		return names
	}
	return nil
}
