package main

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// meta writes the type file for editors: every type, event and answer as a
// class, every method with its arguments, and what narrows the handlers.
func (m *model) meta() (string, error) {
	w := &metaWriter{model: m}
	w.printf("%s---@meta\n\n", m.header("--"))
	w.types()
	w.tags("Event", "An event of the core. Unknown ones come too.", m.events)
	w.tags("Response", "An answer of the core to a command.", m.responses)
	w.params()
	for _, r := range m.methods {
		if err := w.method(r); err != nil {
			return "", fmt.Errorf("method %s: %w", r.name, err)
		}
	}
	w.calls()
	w.narrow()
	return w.b.String(), nil
}

type metaWriter struct {
	*model
	b bytes.Buffer
}

func (w *metaWriter) printf(format string, args ...any) { fmt.Fprintf(&w.b, format, args...) }

// luaFields are a list of fields in the notation, as LuaLS fields.
func luaFields(list string) string {
	var b strings.Builder
	for _, f := range splitFields(list) {
		opt := ""
		if f.optional {
			opt = "?"
		}
		fmt.Fprintf(&b, "---@field %s%s %s%s\n", f.name, opt, luaType(f.typ), f.note)
	}
	return b.String()
}

// noted is a field of the notation, taken apart.
type noted struct {
	name, typ, note string
	optional        bool
}

func splitFields(list string) []noted {
	var out []noted
	if list == "" {
		return nil
	}
	for _, text := range strings.Split(list, ", ") {
		words := strings.Fields(text)
		f := noted{name: strings.TrimPrefix(words[0], "-"), typ: words[1]}
		f.name, f.optional = strings.CutSuffix(f.name, "?")
		if name, ok := strings.CutSuffix(f.name, "=false"); ok {
			f.name, f.optional, f.note = name, true, " default false"
		}
		for _, mark := range words[2:] {
			f.note += noteOf(mark)
		}
		if i := slices.IndexFunc(out, func(o noted) bool { return o.name == f.name }); i >= 0 {
			out[i].typ += "|" + f.typ // of another version
			continue
		}
		out = append(out, f)
	}
	return out
}

// noteOf explains a mark of the notation.
func noteOf(mark string) string {
	switch {
	case strings.HasPrefix(mark, "@-"):
		return " up to core " + mark[2:]
	case strings.HasPrefix(mark, "@"):
		return " since core " + mark[1:]
	}
	return map[string]string{"!path": " a file: checked against the permissions", "!host": " a server: checked against the permissions", "!key": " a password: scripts may not give it"}[mark]
}

// luaType writes a type of the notation for LuaLS.
func luaType(t string) string {
	if a, b, ok := strings.Cut(t, "|"); ok {
		return luaType(a) + "|" + luaType(b)
	}
	if rest, ok := strings.CutPrefix(t, "[]"); ok {
		return luaType(rest) + "[]"
	}
	if rest, ok := strings.CutPrefix(t, "[+]"); ok {
		return luaType(rest) + "[]"
	}
	if rest, ok := strings.CutPrefix(t, "map[string]"); ok {
		return "table<string, " + luaType(rest) + ">"
	}
	basic := map[string]string{
		"bool": "boolean", "int": "integer", "int64": "integer", "word32": "integer",
		"double": "number", "time": "string", "object": "table", "Chat": "ChatLike", "AChatItem": "AChatItem",
	}
	if b := basic[t]; b != "" {
		return b
	}
	return t
}

func (w *metaWriter) types() {
	w.printf("---What names a chat: `msg.chat`, a message, \"@4\", { \"direct\", 4 }, a ChatRef or a ChatInfo.\n---@alias ChatLike Chat|Message|string|table|ChatRef|ChatInfo\n\n")
	for _, t := range w.model.types {
		switch t.kind {
		case "record":
			w.printf("---@class %s\n%s\n", t.name, luaFields(strings.Join(t.rows, ", ")))
		case "enum":
			var values []string
			for _, v := range t.rows {
				values = append(values, fmt.Sprintf("%q", strings.Fields(v)[0]))
			}
			for _, v := range t.also {
				values = append(values, fmt.Sprintf("%q", v))
			}
			if t.open {
				values = append(values, "string")
			}
			w.printf("---@alias %s %s\n\n", t.name, strings.Join(values, "|"))
		case "union":
			var members []string
			for _, r := range t.rows {
				tag, fields, _ := strings.Cut(r, ":")
				words := strings.Fields(tag)
				name := t.name + "." + words[0]
				members = append(members, name)
				note := ""
				for _, mark := range words[1:] {
					note += noteOf(mark)
				}
				w.printf("---@class %s\n---@field type %q%s\n%s\n", name, words[0], note, luaFields(strings.TrimSpace(fields)))
			}
			if t.open || len(t.also) > 0 {
				members = append(members, "table")
			}
			w.printf("---@alias %s %s\n\n", t.name, strings.Join(members, "|"))
		}
	}
}

// tags writes a class for each event or answer.
func (w *metaWriter) tags(class, about string, rows []tagRow) {
	w.printf("---%s\n---@class %s\n---@field type string\n\n", about, class)
	for _, r := range rows {
		words := strings.Fields(r.tag)
		var notes []string
		if r.category != "" {
			notes = append(notes, r.category+".")
		}
		for _, mark := range words[1:] {
			notes = append(notes, "S"+strings.TrimPrefix(noteOf(mark), " s")+".")
		}
		if !r.documented {
			notes = append(notes, "Not documented by SimpleX: its fields are not listed.")
		}
		if len(notes) > 0 {
			w.printf("---%s\n", strings.Join(notes, " "))
		}
		w.printf("---@class %s.%s: %s\n---@field type %q\n%s\n", class, words[0], class, words[0], luaFields(r.fields))
	}
}

// params writes a class for the parameters of each command.
func (w *metaWriter) params() {
	for _, c := range w.commands {
		about := c.category
		if about == "" {
			about = "Not documented by SimpleX"
		}
		w.printf("---%s%s: %s\n---@class %sParams\n%s\n", about, strings.TrimSuffix(sinceNote(c.mark), "."), syntaxOf(c), c.name, luaFields(c.params))
	}
}

func sinceNote(mark string) string {
	if mark = strings.TrimSpace(mark); mark != "" {
		return "," + noteOf(mark)
	}
	return ""
}

// conditions are what stands in front of an optional part of a syntax.
var conditions = regexp.MustCompile(`\[[^|\]]*\|`)

// syntaxOf is the fuller syntax of a command, as people read it.
func syntaxOf(c commandRow) string {
	s := c.syntax
	if c.full != "" {
		s = c.full
	}
	return "`" + conditions.ReplaceAllString(s, "[") + "`"
}

// method writes a function of bot.api.
func (w *metaWriter) method(r methodRow) error {
	w.printf("---%s Waits.\n---\n---```lua\n---%s\n---```\n---Sends %s.\n", r.does, r.example, r.command)
	var names []string
	for _, a := range r.params {
		opt, note := "", ""
		if a.optional || a.def != "" {
			opt = "?"
		}
		if a.def != "" {
			note = " default " + a.def
		}
		names = append(names, a.name)
		w.printf("---@param %s%s %s%s\n", a.name, opt, luaType(a.typ), note)
	}
	results, err := w.results(r)
	if err != nil {
		return err
	}
	for _, t := range results {
		w.printf("---@return %s\n", t)
	}
	w.printf("function bot.api.%s(%s) end\n\n", r.name, strings.Join(names, ", "))
	return nil
}

// results are the types of what a method returns.
func (w *metaWriter) results(r methodRow) ([]string, error) {
	var all [][]string
	longest := 0
	for _, line := range r.returns {
		tag, text, _ := strings.Cut(line, ":")
		tag, _, _ = strings.Cut(tag, "(")
		text = strings.TrimSpace(text)
		var types []string
		switch {
		case text == "":
		case strings.HasPrefix(text, "="):
			types = []string{fmt.Sprintf("%q", text[1:])}
		default:
			paths := strings.Split(strings.Split(text, "|")[0], ", ")
			for _, path := range paths {
				t, err := w.typeAt(tag, path)
				if err != nil {
					return nil, err
				}
				types = append(types, t)
			}
		}
		all, longest = append(all, types), max(longest, len(types))
	}
	out := make([]string, longest)
	for i := range out {
		var alternatives []string
		missing := r.nullOn != ""
		for _, types := range all {
			if i >= len(types) {
				missing = true
			} else if !slices.Contains(alternatives, types[i]) {
				alternatives = append(alternatives, types[i])
			}
		}
		out[i] = strings.Join(alternatives, "|")
		if missing {
			out[i] += "?"
		}
	}
	return out, nil
}

// typeAt is the type at a path in an answer.
func (w *metaWriter) typeAt(tag, path string) (string, error) {
	i := slices.IndexFunc(w.responses, func(r tagRow) bool { return strings.Fields(r.tag)[0] == tag })
	if i < 0 {
		return "", fmt.Errorf("no answer %s", tag)
	}
	fields := w.responses[i].fields
	typ := ""
	for _, name := range strings.Split(path, ".") {
		list := splitFields(fields)
		j := slices.IndexFunc(list, func(f noted) bool { return f.name == name })
		if j < 0 {
			return "", fmt.Errorf("answer %s has no %s", tag, path)
		}
		typ, fields = list[j].typ, ""
		for _, t := range w.model.types {
			if t.name == typ && t.kind == "record" {
				fields = strings.Join(t.rows, ", ")
			}
		}
	}
	return luaType(typ), nil
}

// calls writes bot.api.call with one overload for each command.
func (w *metaWriter) calls() {
	w.printf("---Sends any command of the chat API and returns the whole answer. The command is given by its name,\n---or by the words that its string begins with (\"/_read chat\"). Waits.\n---\n---```lua\n---bot.api.call(\"APIChatRead\", { chatRef = { chatType = \"direct\", chatId = 4 } })\n---```\n")
	for _, c := range w.commands {
		opt := "?"
		for _, f := range splitFields(c.params) {
			if !f.optional {
				opt = ""
			}
		}
		var answers []string
		for _, a := range strings.Fields(c.answers) {
			answers = append(answers, "Response."+a)
		}
		if len(answers) == 0 {
			answers = []string{"Response"}
		}
		w.printf("---@overload fun(command: %q, params%s: %sParams): %s\n", c.name, opt, c.name, strings.Join(answers, "|"))
	}
	w.printf("---@param command string\n---@param params? table\n---@return Response\nfunction bot.api.call(command, params) end\n\n")
}

// narrow tells editors what a handler gets for a tag or a kind of content.
func (w *metaWriter) narrow() {
	var kinds []string
	for _, t := range w.model.types {
		if t.name == "MsgContent" {
			for _, r := range t.rows {
				tag, _, _ := strings.Cut(r, ":")
				kinds = append(kinds, strings.Fields(tag)[0])
			}
		}
	}
	for _, kind := range kinds {
		if kind != "unknown" {
			w.printf("---@class Message.%s: Message\n---@field content_type %q\n---@field content MsgContent.%s\n\n---@class Filter.%s: Filter\n---@field content_type %q\n\n", kind, kind, kind, kind, kind)
		}
	}
	for _, kind := range kinds {
		if kind != "unknown" {
			w.printf("---@overload fun(filter: Filter.%s, fn: fun(msg: Message.%s, data: table): any): Handle\n", kind, kind)
		}
	}
	w.printf("function bot.on_message(filter, fn) end\n\n")
	for _, e := range w.events {
		tag := strings.Fields(e.tag)[0]
		w.printf("---@overload fun(tag: %q, fn: fun(event: Event.%s): any): Handle\n", tag, tag)
	}
	w.printf("function bot.on_event(tag, fn) end\n")
}
