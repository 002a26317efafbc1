package api

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// parts writes the pieces of a command's syntax, or of a type's inside one.
func (w *writer) parts(parts []part, fs *fields, values map[string]any) error {
	for i := range parts {
		p := &parts[i]
		var err error
		switch {
		case p.lit != "":
			w.b = append(w.b, p.lit...)
		case p.inner != nil:
			var written bool
			if written, err = w.given(p, fs, values); written {
				err = w.parts(p.inner, fs, values)
			}
		case p.cases != nil:
			tag, _ := values["type"].(string)
			err = w.parts(p.choose(tag), fs, values)
		case p.param == "type" && fs.tagged:
			w.b = append(w.b, values["type"].(string)...) // the tag; checked before
		default:
			fd := fs.byName[p.param]
			err = w.at(p.param, func() error {
				if p.json {
					return w.json(fd.typ, values[p.param])
				}
				return w.text(fd.typ, values[p.param])
			})
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// given tells whether a part under a condition is written. A string that is
// written as it is counts as given only if it is not empty: the core would not
// see it. A flag is true or false: anything else is refused, for it would be
// left out in silence.
func (w *writer) given(p *part, fs *fields, values map[string]any) (bool, error) {
	v := values[p.param]
	switch {
	case v == nil:
		return false, nil
	case p.when != "":
		on, ok := v.(bool)
		if !ok {
			return false, w.at(p.param, func() error { return w.want("true or false", v) })
		}
		return on == (p.when == "on"), nil
	case v == "" && fs.byName[p.param].typ.name == "string":
		return slices.ContainsFunc(p.inner, func(in part) bool { return in.param == p.param && in.json }), nil
	}
	return true, nil
}

func (p *part) choose(tag string) []part {
	for _, c := range p.cases {
		if c.is == tag || c.is == "*" {
			return c.parts
		}
	}
	return nil
}

// text writes a value as it stands inside a command.
func (w *writer) text(t *typ, v any) error {
	if v == nil {
		return w.fail("is missing")
	}
	switch t.kind {
	case record:
		return w.recordText(t, v)
	case union:
		return w.unionText(t, v)
	case enum:
		return w.enumText(t, v)
	case array:
		return w.listText(t, v)
	}
	switch t.name {
	case "bool":
		on, ok := v.(bool)
		if !ok {
			return w.want("true or false", v)
		}
		if on {
			w.b = append(w.b, "on"...)
		} else {
			w.b = append(w.b, "off"...)
		}
	case "int", "int64", "word32":
		n, err := w.integer(t, v)
		switch {
		case err != nil:
			return err
		case n < 0:
			return w.fail("must not be negative, got %d", n)
		}
		w.b = strconv.AppendInt(w.b, n, 10)
	case "string", "time":
		s, err := w.utf8(v)
		switch {
		case err != nil:
			return err
		case s == "":
			return w.fail("must not be empty")
		case strings.ContainsRune(s, 0):
			return w.fail("has a NUL at byte %d", strings.IndexByte(s, 0)+1)
		case t.name == "time" && strings.ContainsAny(s, " \t\r\n"):
			return w.fail("must be one word, as 2026-01-31T12:00:00Z")
		}
		w.b = append(w.b, s...)
	default:
		return w.json(t, v)
	}
	return nil
}

func (w *writer) recordText(t *typ, v any) error {
	values, err := w.object(v)
	if err != nil {
		return err
	}
	if err := w.whole(t.record, values); err != nil {
		return err
	}
	if err := w.parts(t.syntax, t.record, values); err != nil {
		return err
	}
	return w.rule(typeRules[t.name], values)
}

func (w *writer) unionText(t *typ, v any) error {
	values, err := w.object(v)
	if err != nil {
		return err
	}
	fs, err := w.member(t, values)
	if err != nil {
		return err
	}
	if fs == nil {
		return w.at("type", func() error { return w.oneOf(t.tags, values["type"].(string)) })
	}
	if err := w.whole(fs, values); err != nil {
		return err
	}
	return w.parts(t.syntax, fs, values)
}

// enumText writes an enum's value, or what its syntax has for it.
func (w *writer) enumText(t *typ, v any) error {
	s, ok := v.(string)
	if !ok {
		return w.want("a string", v)
	}
	values := t.values
	if only := writable[t.name]; only != nil {
		values = only
	} else if t.open && s != "" && strings.IndexFunc(s, func(r rune) bool { return unicode.IsSpace(r) || r == 0 }) < 0 && utf8.ValidString(s) {
		values = append(slices.Clip(values), s)
	}
	if !slices.Contains(values, s) {
		return w.oneOf(values, s)
	}
	if t.syntax == nil {
		w.b = append(w.b, s...)
		return nil
	}
	return w.parts(t.syntax[0].choose(s), nil, nil)
}

func (w *writer) listText(t *typ, v any) error {
	list, err := w.list(t, v)
	if err != nil {
		return err
	}
	for i, x := range list {
		if i > 0 {
			w.b = append(w.b, ',')
		}
		if err := w.index(i, func() error { return w.text(t.elem, x) }); err != nil {
			return err
		}
	}
	return nil
}
