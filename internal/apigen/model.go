package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
)

// model is the facts of all versions in one, in the notation of the tables.
type model struct {
	versions  []string // oldest first, without the v
	commands  []commandRow
	types     []typeRow
	responses []tagRow
	events    []tagRow
	errors    []string // tags of ChatErrorType
	methods   []methodRow
	renamed   [][3]string // parameters: command, older name, name
	others    []string    // methods of the libraries that scripts do not have
}

// commandRow is a command. Documented ones have a category.
type commandRow struct {
	name, category, network             string
	params, syntax, full, answers, mark string
}

type typeRow struct {
	name, kind string
	open       bool
	rows       []string // fields or members or values, in the notation
	also       []string // tags or values without documentation
	syntax     string
}

type tagRow struct {
	tag, category, group, fields string
	documented                   bool
}

// newModel reads the facts in dir.
func newModel(dir string) (*model, error) {
	files, err := filepath.Glob(filepath.Join(dir, "v*.json"))
	if err != nil {
		return nil, err
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("%s: no facts (v*.json)", dir)
	}
	var all []facts
	for _, file := range files {
		var f facts
		if err := readJSON(file, &f); err != nil {
			return nil, err
		}
		all = append(all, f)
	}
	slices.SortFunc(all, func(a, b facts) int { return compareVersions(a.Version, b.Version) })
	blocks, err := readAdditions(filepath.Join(dir, "additions.txt"))
	if err != nil {
		return nil, err
	}
	m := &model{}
	for _, f := range all {
		m.versions = append(m.versions, strings.TrimPrefix(f.Version, "v"))
	}
	m.renamed = renamedParams(all)
	var table methods
	if err := readJSON(filepath.Join(dir, "chatapi-methods.json"), &table); err != nil {
		return nil, err
	}
	return m, errors.Join(m.addTypes(all, blocks), m.addCommands(all, blocks), m.addTags(all, blocks), m.addMethods(table, blocks),
		m.describe(filepath.Join(dir, "descriptions.txt")))
}

// fields merges the fields of a record over the versions. Those in optional may
// be left out, whatever the documentation says; walls have a mark.
func (m *model) fields(lists [][]field, b block) (string, error) {
	optional := strings.Fields(b.one("optional"))
	for i, list := range lists {
		lists[i] = slices.Clone(list)
		for j, f := range list {
			if err := f.Type.check(); err != nil {
				return "", fmt.Errorf("%s: %w", f.Name, err)
			}
			if slices.Contains(optional, f.Name) {
				lists[i][j].Optional = true
			}
			for _, line := range b.lines["retype"] {
				if name, prim, _ := strings.Cut(line, " "); name == f.Name {
					lists[i][j].Type = typeExpr{Prim: prim}
				}
			}
		}
	}
	merged, err := merge(lists, field.text)
	if err != nil {
		return "", err
	}
	texts := make([]string, 0, len(merged))
	for _, f := range merged {
		texts = append(texts, f.value.text()+wallMark(b, f.value.Name)+f.span.mark(m.versions))
	}
	return strings.Join(texts, ", "), nil
}

// wallMark is " !path" for a parameter that additions call a path.
func wallMark(b block, name string) string {
	for _, w := range b.lines["wall"] {
		if field, kind, _ := strings.Cut(w, " "); field == name {
			return " !" + kind
		}
	}
	return ""
}

// walled adds the marks to fields that were written by hand.
func walled(b block, fields string) string {
	if fields == "" {
		return ""
	}
	parts := strings.Split(fields, ", ")
	for i, f := range parts {
		name, _, _ := strings.Cut(f, " ")
		parts[i] += wallMark(b, strings.TrimRight(name, "?"))
	}
	return strings.Join(parts, ", ")
}

func (m *model) addTypes(all []facts, blocks []block) error {
	lists := make([][]typeDef, len(all))
	for i, f := range all {
		lists[i] = f.Types
	}
	merged, err := merge(lists, func(t typeDef) string { return t.Name })
	if err != nil {
		return err
	}
	for _, k := range merged {
		var versions []typeDef // of this type, one per version; empty where it is absent
		for _, f := range all {
			i := slices.IndexFunc(f.Types, func(t typeDef) bool { return t.Name == k.value.Name })
			if i < 0 {
				versions = append(versions, typeDef{})
				continue
			}
			versions = append(versions, f.Types[i])
		}
		b, _ := find(blocks, "type", k.value.Name)
		row, err := m.typeRow(k.value, versions[k.span.from:k.span.to+1], k.span.from, b)
		if err != nil {
			return fmt.Errorf("type %s: %w", k.value.Name, err)
		}
		m.types = append(m.types, row)
	}
	for _, b := range blocks {
		documented := slices.ContainsFunc(m.types, func(t typeRow) bool { return t.name == b.name })
		if b.kind != "type" || documented {
			continue
		}
		row := typeRow{name: b.name, kind: "record", rows: b.lines["field"], syntax: b.one("syntax")}
		if len(b.lines["member"]) > 0 {
			row.kind, row.rows = "union", b.lines["member"]
		}
		m.types = append(m.types, row)
	}
	slices.SortFunc(m.types, func(a, b typeRow) int { return strings.Compare(a.name, b.name) })
	return nil
}

// typeRow merges one type. versions are those that have it, the first of them
// the version with index first.
func (m *model) typeRow(newest typeDef, versions []typeDef, first int, b block) (typeRow, error) {
	row := typeRow{name: newest.Name, kind: newest.Kind, open: newest.Open, also: append(newest.UndocumentedTags, newest.UndocumentedValues...)}
	// Inside a type a mark counts from the first version that has the type.
	inner := &model{versions: m.versions[first : first+len(versions)]}
	if s := newest.Syntax; s != nil && !s.Derived {
		text, err := syntaxText(s.AST)
		if err != nil {
			return row, err
		}
		row.syntax = text
	}
	switch newest.Kind {
	case "record":
		var lists [][]field
		for _, v := range versions {
			lists = append(lists, v.Fields)
		}
		fields, err := inner.fields(lists, b)
		row.rows = []string{fields}
		return row, err
	case "enum":
		var lists [][]string
		for _, v := range versions {
			lists = append(lists, v.Values)
		}
		merged, err := merge(lists, func(s string) string { return s })
		for _, v := range merged {
			row.rows = append(row.rows, v.value+v.span.mark(inner.versions))
		}
		return row, err
	case "union":
		if newest.TagField != "type" {
			return row, fmt.Errorf("its tag is in %q, not in type", newest.TagField)
		}
		var lists [][]tagged
		for _, v := range versions {
			lists = append(lists, v.Members)
		}
		rows, err := inner.tagRows(lists)
		for _, r := range rows {
			row.open = row.open || r.tag == "unknown"
			row.rows = append(row.rows, strings.TrimRight(r.tag+": "+r.fields, " "))
		}
		return extend(row, b), err
	}
	return row, fmt.Errorf("its kind is %q", newest.Kind)
}

// extend adds members to a union that the documentation does not have.
func extend(row typeRow, b block) typeRow {
	for _, member := range b.lines["member"] {
		row.rows = append(row.rows, member)
		tag, _, _ := strings.Cut(member, ":")
		row.also = slices.DeleteFunc(row.also, func(t string) bool { return t == tag })
	}
	if s := b.one("syntax"); s != "" {
		row.syntax = s
	}
	return row
}

// tagRows merges members of a union, responses or events. The tag has the mark.
func (m *model) tagRows(lists [][]tagged) ([]tagRow, error) {
	merged, err := merge(lists, func(t tagged) string { return t.Tag })
	if err != nil {
		return nil, err
	}
	var rows []tagRow
	for _, k := range merged {
		var fields [][]field
		for _, list := range lists[k.span.from : k.span.to+1] {
			for _, t := range list {
				if t.Tag == k.value.Tag {
					fields = append(fields, t.Fields)
				}
			}
		}
		inner := &model{versions: m.versions[k.span.from : k.span.to+1]}
		text, err := inner.fields(fields, block{})
		if err != nil {
			return nil, fmt.Errorf("%s: %w", k.value.Tag, err)
		}
		row := tagRow{tag: k.value.Tag + k.span.mark(m.versions), category: k.value.Category, fields: text, documented: true}
		if k.value.Group != nil {
			row.group = *k.value.Group
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// addTags merges responses and events, and adds the names of undocumented ones.
func (m *model) addTags(all []facts, blocks []block) error {
	var responses, events [][]tagged
	var moreResponses, moreEvents []string
	for _, f := range all {
		responses = append(responses, f.Responses)
		events = append(events, f.Events)
		moreResponses = append(moreResponses, f.Undocumented.Responses...)
		moreEvents = append(moreEvents, f.Undocumented.Events...)
	}
	var errR, errE error
	m.responses, errR = m.tagRows(responses)
	m.events, errE = m.tagRows(events)
	more := func(rows []tagRow, names []string) []tagRow {
		slices.Sort(names)
		for _, name := range slices.Compact(names) {
			if !slices.ContainsFunc(rows, func(r tagRow) bool { return strings.Fields(r.tag)[0] == name }) {
				rows = append(rows, tagRow{tag: name})
			}
		}
		return rows
	}
	for _, b := range blocks {
		if b.kind == "response" {
			m.responses = append(m.responses, tagRow{tag: b.name, fields: b.one("fields"), documented: true})
		}
	}
	m.responses, m.events = more(m.responses, moreResponses), more(m.events, moreEvents)
	for _, t := range m.types {
		if t.name == "ChatErrorType" {
			for _, member := range t.rows {
				tag, _, _ := strings.Cut(member, ":")
				m.errors = append(m.errors, strings.Fields(tag)[0])
			}
		}
	}
	return errors.Join(errR, errE)
}

// compactJSON removes the white space of a JSON text; "" for none and for null.
func compactJSON(raw json.RawMessage) string {
	if len(raw) == 0 || string(raw) == "null" {
		return ""
	}
	var v any
	if err := json.Unmarshal(raw, &v); err != nil {
		return ""
	}
	b, _ := json.Marshal(v)
	return string(b)
}
