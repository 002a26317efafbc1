package api

import (
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"strings"
)

// json writes a value as JSON, by its type.
func (w *writer) json(t *typ, v any) error {
	switch t.kind {
	case record:
		values, err := w.object(v)
		if err != nil {
			return err
		}
		if !w.reading {
			w.facts.narrow(t, values)
		}
		if err := w.whole(t.record, values); err != nil {
			return err
		}
		return w.jsonFields(t.record, values)
	case union:
		values, err := w.object(v)
		if err != nil {
			return err
		}
		fs, err := w.member(t, values)
		if err != nil {
			return err
		}
		if fs == nil { // a tag that a newer core may know
			return w.anything(values)
		}
		if err := w.whole(fs, values); err != nil {
			return err
		}
		return w.jsonFields(fs, values)
	case enum:
		s, err := w.utf8(v)
		if err == nil && !t.open && !slices.Contains(t.values, s) && !slices.Contains(t.also, s) {
			err = w.oneOf(t.values, s)
		}
		if err != nil {
			return err
		}
		return w.jsonString(s)
	case array:
		list, err := w.list(t, v)
		if err != nil {
			return err
		}
		return w.jsonList(list, func(x any) error { return w.json(t.elem, x) })
	case mapping:
		values, err := w.object(v)
		if err != nil {
			return err
		}
		return w.jsonObject(sortedKeys(values), values, func(_ string, x any) error { return w.json(t.elem, x) })
	}
	return w.jsonPrimitive(t, v)
}

func (w *writer) jsonPrimitive(t *typ, v any) error {
	switch t.name {
	case "bool":
		b, ok := v.(bool)
		if !ok {
			return w.want("true or false", v)
		}
		w.b = strconv.AppendBool(w.b, b)
	case "int", "int64", "word32":
		n, err := w.integer(t, v)
		if err != nil {
			return err
		}
		w.b = strconv.AppendInt(w.b, n, 10)
	case "double":
		if !isNumber(v) {
			return w.want("a number", v)
		}
		return w.anything(v)
	case "string", "time":
		s, err := w.utf8(v)
		if err != nil {
			return err
		}
		return w.jsonString(s)
	default: // object
		values, err := w.object(v)
		if err != nil {
			return err
		}
		return w.anything(values)
	}
	return nil
}

// whole refuses a record that lacks a field or has one too many.
func (w *writer) whole(fs *fields, values map[string]any) error {
	for _, fd := range fs.list {
		if !fd.optional && values[fd.name] == nil {
			return w.at(fd.name, func() error { return w.fail("is missing") })
		}
	}
	return w.known(fs, values)
}

// member returns the fields of a union's member, nil for one that is not known
// where others can come.
func (w *writer) member(t *typ, values map[string]any) (fs *fields, err error) {
	err = w.at("type", func() error {
		tag, ok := values["type"].(string)
		if !ok {
			if values["type"] == nil {
				return w.fail("is missing: one of %s", strings.Join(t.tags, ", "))
			}
			return w.want("a string", values["type"])
		}
		fs = t.members[tag]
		if fs == nil && !t.open && !slices.Contains(t.also, tag) {
			return w.oneOf(t.tags, tag)
		}
		return nil
	})
	return fs, err
}

// jsonFields writes the tag, the fields in the order of the tables, and then
// those that are not known.
func (w *writer) jsonFields(fs *fields, values map[string]any) error {
	var keys []string
	if fs.tagged {
		keys = append(keys, "type")
	}
	for _, fd := range fs.list {
		if _, ok := values[fd.name]; ok {
			keys = append(keys, fd.name)
		}
	}
	for _, k := range sortedKeys(values) {
		if fs.byName[k] == nil && !(fs.tagged && k == "type") {
			keys = append(keys, k)
		}
	}
	return w.jsonObject(keys, values, func(name string, x any) error {
		if fd := fs.byName[name]; fd != nil && x != nil {
			return w.json(fd.typ, x)
		}
		return w.anything(x)
	})
}

func (w *writer) jsonObject(keys []string, values map[string]any, write func(name string, x any) error) error {
	w.b = append(w.b, '{')
	for i, k := range keys {
		if i > 0 {
			w.b = append(w.b, ',')
		}
		err := w.at(k, func() error {
			if err := w.jsonString(k); err != nil {
				return err
			}
			w.b = append(w.b, ':')
			return write(k, values[k])
		})
		if err != nil {
			return err
		}
	}
	w.b = append(w.b, '}')
	return nil
}

func (w *writer) jsonList(list []any, write func(x any) error) error {
	w.b = append(w.b, '[')
	for i, x := range list {
		if i > 0 {
			w.b = append(w.b, ',')
		}
		if err := w.index(i, func() error { return write(x) }); err != nil {
			return err
		}
	}
	w.b = append(w.b, ']')
	return nil
}

// anything writes a value whose type is not known.
func (w *writer) anything(v any) error {
	switch v := v.(type) {
	case nil:
		w.b = append(w.b, "null"...)
	case bool:
		w.b = strconv.AppendBool(w.b, v)
	case string:
		s, err := w.utf8(v)
		if err != nil {
			return err
		}
		return w.jsonString(s)
	case json.Number:
		w.b = append(w.b, v...)
	case int:
		w.b = strconv.AppendInt(w.b, int64(v), 10)
	case int64:
		w.b = strconv.AppendInt(w.b, v, 10)
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return w.fail("%v is no number that JSON has", v)
		}
		format := byte('g')
		if v == math.Trunc(v) && math.Abs(v) < 1e21 {
			format = 'f' // an integer stays one to look at
		}
		w.b = strconv.AppendFloat(w.b, v, format, -1, 64)
	case Empty:
		w.b = append(w.b, "{}"...)
	case []any:
		return w.jsonList(v, w.anything)
	case map[string]any:
		return w.jsonObject(sortedKeys(v), v, func(_ string, x any) error { return w.anything(x) })
	default:
		return w.fail("a %T cannot be written", v)
	}
	return nil
}

// object reads a value as an object, as a copy.
func (w *writer) object(v any) (map[string]any, error) {
	switch v := v.(type) {
	case map[string]any:
		c := make(map[string]any, len(v))
		for k, x := range v {
			c[k] = x
		}
		return c, nil
	case Empty:
		return map[string]any{}, nil
	}
	return nil, w.want("an object", v)
}

func (w *writer) list(t *typ, v any) ([]any, error) {
	var list []any
	switch v := v.(type) {
	case []any:
		list = v
	case []int64:
		for _, n := range v {
			list = append(list, n)
		}
	case Empty:
	default:
		return nil, w.want("a list", v)
	}
	if len(list) == 0 && t.nonEmpty {
		return nil, w.fail("must not be empty")
	}
	return list, nil
}
