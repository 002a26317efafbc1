package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// adopt reads the documentation of a new release, writes its facts beside the
// others, and says on w what changed since the newest of them.
//
// What the documentation does not say (which lists may not be empty, where
// further enum values can come) is taken over from that release.
func adopt(w io.Writer, upstream, version, dir string) error {
	if !strings.HasPrefix(version, "v") {
		return errors.New("-version: want a release, as v7.1.0")
	}
	known, err := filepath.Glob(filepath.Join(dir, "v*.json"))
	if err != nil {
		return err
	}
	slices.SortFunc(known, func(a, b string) int { return compareVersions(factsVersion(a), factsVersion(b)) })
	known = slices.DeleteFunc(known, func(f string) bool { return compareVersions(factsVersion(f), version) >= 0 })
	if len(known) == 0 {
		return fmt.Errorf("%s: no facts of a release before %s", dir, version)
	}
	var old facts
	if err := readJSON(known[len(known)-1], &old); err != nil {
		return err
	}
	now, err := readUpstream(upstream, version)
	if err != nil {
		return err
	}
	now.takeOver(old)
	if err := now.deriveSyntax(); err != nil {
		return err
	}
	data, err := json.MarshalIndent(now, "", " ")
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, version+".json"), append(data, '\n'), 0o644); err != nil {
		return err
	}
	return printChanges(w, old, *now)
}

func factsVersion(file string) string { return strings.TrimSuffix(filepath.Base(file), ".json") }

func readUpstream(dir, version string) (*facts, error) {
	f := &facts{Schema: 1, Version: version}
	for name, read := range map[string]func(*facts, *section) error{
		"COMMANDS.md": (*facts).readCommand, "EVENTS.md": (*facts).readEvent, "TYPES.md": (*facts).readType,
	} {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			return nil, err
		}
		for _, s := range sections(string(data)) {
			if err := read(f, s); err != nil {
				return nil, fmt.Errorf("%s: %s: %w", name, s.title, err)
			}
		}
	}
	return f, nil
}

// section is a heading with its lines up to the next heading. Headings of the
// second level are categories in COMMANDS.md and EVENTS.md.
type section struct {
	title, category, group string
	level                  int
	lines                  []string
}

func sections(text string) []*section {
	groups := eventGroups(text)
	var out []*section
	category := ""
	cur := &section{}
	for _, line := range strings.Split(text, "\n") {
		marks, title, ok := strings.Cut(line, " ")
		if ok && strings.Trim(marks, "#") == "" && marks != "" {
			cur = &section{title: title, level: len(marks), category: category, group: groups[title]}
			if len(marks) == 2 {
				category = title
			}
			out = append(out, cur)
			continue
		}
		cur.lines = append(cur.lines, line)
	}
	return out
}

// eventGroups reads from the table of contents which events are main ones.
func eventGroups(text string) map[string]string {
	groups := map[string]string{}
	group := ""
	for _, line := range strings.Split(text, "\n") {
		switch {
		case strings.HasPrefix(line, "- Main event"):
			group = "main"
		case strings.HasPrefix(line, "- Other event"):
			group = "other"
		case strings.HasPrefix(line, "  - [") && group != "":
			title, _, _ := strings.Cut(line[5:], "]")
			groups[title] = group
		case strings.HasPrefix(line, "## "):
			return groups
		default:
			if !strings.HasPrefix(line, "  ") {
				group = ""
			}
		}
	}
	return groups
}

// after returns the lines after the one that begins with one of the markers, up
// to the next marker or rule.
func (s *section) after(markers ...string) []string {
	var out []string
	inside := false
	for _, line := range s.lines {
		switch {
		case slices.ContainsFunc(markers, func(m string) bool { return strings.HasPrefix(line, m) }):
			inside = true
		case strings.HasPrefix(line, "**") || line == "---":
			inside = false
		case inside:
			out = append(out, line)
		}
	}
	return out
}

// script is the section's syntax in JavaScript, "" for none.
func (s *section) script() string {
	for i, line := range s.lines {
		if line == "```javascript" && i+1 < len(s.lines) {
			text, _, _ := strings.Cut(s.lines[i+1], " // JavaScript")
			return text
		}
	}
	return ""
}

func (f *facts) readCommand(s *section) error {
	if s.level != 3 {
		return nil
	}
	c := command{Name: s.title, Category: s.category, Syntax: s.script(), Responses: []string{}, Errors: []string{}, Hidden: []string{}}
	for _, line := range s.lines {
		if usage, ok := strings.CutPrefix(line, "*Network usage*: "); ok {
			c.Network = strings.TrimSuffix(usage, ".")
		}
	}
	var err error
	if c.Params, err = readFields(s.after("**Parameters**")); err != nil {
		return err
	}
	answers, err := readTagged(s.after("**Response"))
	if err != nil {
		return err
	}
	for _, a := range answers {
		c.Responses = append(c.Responses, a.Tag)
		i := slices.IndexFunc(f.Responses, func(t tagged) bool { return t.Tag == a.Tag })
		if i < 0 {
			i = len(f.Responses)
			f.Responses = append(f.Responses, a)
		}
		f.Responses[i].Commands = append(f.Responses[i].Commands, c.Name)
	}
	for _, line := range s.after("**Errors**") {
		if name, _, ok := strings.Cut(strings.TrimPrefix(line, "- "), ":"); ok {
			c.Errors = append(c.Errors, strings.ToLower(name[:1])+name[1:])
		}
	}
	f.Commands = append(f.Commands, c)
	return nil
}

func (f *facts) readEvent(s *section) error {
	if s.level != 3 {
		return nil
	}
	fields, err := readFields(s.after("**Record type**"))
	if err != nil {
		return err
	}
	e := tagged{Category: s.category, Tag: strings.ToLower(s.title[:1]) + s.title[1:]}
	if s.group != "" {
		e.Group = &s.group
	}
	e.Tag, e.Fields = takeTag(e.Tag, fields)
	f.Events = append(f.Events, e)
	return nil
}

func (f *facts) readType(s *section) error {
	if s.level != 2 {
		return nil
	}
	t := typeDef{Name: s.title}
	var err error
	switch {
	case s.has("**Record type**"):
		t.Kind = "record"
		t.Fields, err = readFields(s.after("**Record type**"))
	case s.has("**Discriminated union type**"):
		t.Kind, t.TagField = "union", "type"
		t.Members, err = readTagged(s.after("**Discriminated union type**"))
	case s.has("**Enum type**"):
		t.Kind = "enum"
		for _, line := range s.after("**Enum type**") {
			if value, ok := strings.CutPrefix(line, "- "); ok {
				t.Values = append(t.Values, strings.Trim(value, `"`))
			}
		}
	default:
		err = errors.New("neither record nor union nor enum")
	}
	t.script = s.script()
	f.Types = append(f.Types, t)
	return err
}

func (s *section) has(marker string) bool {
	return slices.ContainsFunc(s.lines, func(l string) bool { return strings.HasPrefix(l, marker) })
}

// readTagged reads "Name: about" lines, each with its fields, the tag among them.
func readTagged(lines []string) ([]tagged, error) {
	var out []tagged
	for i, line := range lines {
		name, _, ok := strings.Cut(line, ":")
		if !ok || strings.HasPrefix(line, "- ") || strings.HasPrefix(line, "`") {
			continue
		}
		end := i + 1
		for end < len(lines) && strings.HasPrefix(lines[end], "- ") {
			end++
		}
		fields, err := readFields(lines[i+1 : end])
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		t := tagged{}
		t.Tag, t.Fields = takeTag("", fields)
		if t.Tag == "" {
			return nil, fmt.Errorf("%s has no type", name)
		}
		out = append(out, t)
	}
	return out, nil
}

// takeTag takes the field type: "tag" out of the others.
func takeTag(tag string, fields []field) (string, []field) {
	out := []field{}
	for _, f := range fields {
		if f.Name == "type" && f.Type.literal != "" {
			tag = f.Type.literal
			continue
		}
		out = append(out, f)
	}
	return tag, out
}

func readFields(lines []string) ([]field, error) {
	out := []field{}
	for _, line := range lines {
		name, typ, ok := strings.Cut(strings.TrimPrefix(line, "- "), ": ")
		if !ok || !strings.HasPrefix(line, "- ") {
			continue
		}
		f := field{Name: name}
		typ, f.Optional = strings.CutSuffix(strings.TrimSpace(typ), "?")
		var err error
		if f.Type, err = readTypeExpr(typ); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		out = append(out, f)
	}
	return out, nil
}

var link = regexp.MustCompile(`\[(\w+)\]\([^)]*\)`)

// readTypeExpr reads int64, "tag", [Name](…), [[Name](…)], {string : int64}.
func readTypeExpr(s string) (typeExpr, error) {
	s = link.ReplaceAllString(s, "$1")
	switch {
	case primitives[s] != "":
		return typeExpr{Prim: s}, nil
	case strings.HasPrefix(s, `"`):
		return typeExpr{literal: strings.Trim(s, `"`)}, nil
	case strings.HasPrefix(s, "[") && strings.HasSuffix(s, "]"):
		elem, err := readTypeExpr(s[1 : len(s)-1])
		return typeExpr{Array: &elem}, err
	case strings.HasPrefix(s, "{") && strings.HasSuffix(s, "}"):
		key, value, ok := strings.Cut(s[1:len(s)-1], " : ")
		k, errK := readTypeExpr(key)
		v, errV := readTypeExpr(value)
		if !ok || errK != nil || errV != nil {
			return typeExpr{}, fmt.Errorf("a type of a form not known: %s", s)
		}
		return typeExpr{Map: []typeExpr{k, v}}, nil
	case regexp.MustCompile(`^[A-Z]\w*$`).MatchString(s):
		return typeExpr{Ref: s}, nil
	}
	return typeExpr{}, fmt.Errorf("a type of a form not known: %s", s)
}
