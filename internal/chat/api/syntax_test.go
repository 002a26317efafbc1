package api

import (
	"slices"
	"strings"
	"testing"

	"github.com/simplex-lua/simplex-lua/internal/chat/syntax"
)

// sample makes a value of a type: the smallest, or one with everything in it.
func sample(t *typ, full bool) any {
	switch t.kind {
	case record:
		return sampleFields(t.record, full)
	case union:
		v := sampleFields(t.members[t.tags[0]], full)
		v["type"] = t.tags[0]
		return v
	case enum:
		if only := writable[t.name]; only != nil {
			return only[0]
		}
		return t.values[0]
	case array:
		return []any{sample(t.elem, full)}
	case mapping:
		return map[string]any{"a": sample(t.elem, full)}
	}
	switch t.name {
	case "bool":
		return full
	case "string", "time":
		return "x"
	case "object":
		return map[string]any{"a": int64(1)}
	}
	return int64(7)
}

func sampleFields(fs *fields, full bool) map[string]any {
	values := map[string]any{}
	for _, fd := range fs.list {
		if (full || !fd.optional) && fd.written {
			values[fd.name] = sample(fd.typ, full)
		}
	}
	return values
}

// samples are parameters that need more than any value of their type.
func samples(name string, full bool, p Params) {
	for _, ref := range []string{"chatRef", "sendRef", "toChat", "fromChat"} {
		if v, ok := p[ref].(map[string]any); ok && full {
			v["chatType"] = "group"
		}
	}
	if r, ok := p["reaction"].(map[string]any); ok {
		r["emoji"] = emojis[0]
	}
	if p["text"] != nil && p["message"] != nil {
		delete(p, "text")
	}
	fixed := map[string]any{"fileLink": "simplex:/file#x", "connectTarget": "simplex:/x", "connTarget_": "simplex:/x", "ttl": "day", "content": "text"}
	for k, v := range fixed {
		if _, ok := p[k].(string); ok {
			p[k] = v
		}
	}
	for _, k := range []string{"connLink", "preparedLink_"} {
		if link, ok := p[k].(map[string]any); ok && full {
			link["connShortLink"] = "https://x"
		}
	}
}

// TestGrammar holds the tables against the grammar that reads commands: each
// command that is written must be read as itself, with the same walls.
func TestGrammar(t *testing.T) {
	t.Parallel()
	f := For(versions[len(versions)-1])
	for _, name := range f.commandNames() {
		for _, full := range []bool{false, true} {
			if name == "APIConnect" && !full {
				continue // without a link the core reads APIAddContact
			}
			p := sampleFields(f.commands[name].params, full)
			samples(name, full, p)
			s, err := f.Encode(name, p)
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			cmd, ok := syntax.Parse(s)
			want := syntax.BotNeeded
			if f.commands[name].row.group != "" {
				want = syntax.Documented
			}
			switch {
			case !ok:
				t.Errorf("%s: %q does not parse", name, s)
				continue
			case cmd.Name != name || cmd.Class != want:
				t.Errorf("%s: %q is read as %s, %v", name, s, cmd.Name, cmd.Class)
			}
			if got, want := wallsRead(cmd), f.wallsIn(name, p); full && !slices.Equal(got, want) {
				t.Errorf("%s: %q: walls read %v, in the tables %v", name, s, got, want)
			}
		}
	}
}

func wallsRead(c syntax.Command) []string {
	kinds := map[syntax.WallKind]string{syntax.Path: "path", syntax.Host: "host", syntax.Key: "key"}
	var walls []string
	for _, w := range c.Walls() {
		walls = append(walls, kinds[w.Kind])
	}
	slices.Sort(walls)
	return slices.Compact(walls)
}

// wallsIn lists the kinds of walls that the tables mark in a command's sample.
func (f *Facts) wallsIn(command string, p Params) []string {
	var walls []string
	var inFields func(fs *fields, values map[string]any)
	var inType func(t *typ, v any)
	inFields = func(fs *fields, values map[string]any) {
		for _, fd := range fs.list {
			if v := values[fd.name]; v != nil {
				// Servers are objects of any form; the sample has no address.
				if fd.wall != "" && !strings.Contains(fd.typ.name, "object") {
					walls = append(walls, fd.wall)
				}
				inType(fd.typ, v)
			}
		}
	}
	inType = func(t *typ, v any) {
		switch t.kind {
		case record:
			inFields(t.record, v.(map[string]any))
		case union:
			m := v.(map[string]any)
			inFields(t.members[m["type"].(string)], m)
		case array:
			inType(t.elem, v.([]any)[0])
		}
	}
	inFields(f.commands[command].params, p)
	slices.Sort(walls)
	return slices.Compact(walls)
}

// TestGrammarOfVectors parses what is written for the golden commands.
func TestGrammarOfVectors(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"v6.5.1", "v7"} {
		version, vectors := readVectors(t, name)
		for _, v := range vectors {
			call, err := ParseCall([]byte(`{"command":"` + v.Command + `","params":` + string(v.Params) + `}`))
			if err != nil {
				t.Fatal(err)
			}
			s, err := For(version).Documented(call.Command, call.Params)
			if err != nil {
				continue
			}
			if _, ok := syntax.Parse(s); !ok {
				t.Errorf("%s: %q does not parse", v.ID, s)
			}
		}
	}
}
