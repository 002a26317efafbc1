package config

import (
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2/unstable"

	"github.com/simplex-lua/simplex-lua/internal/nearest"
)

// FileName is the name of the configuration file that is looked for.
const FileName = "simplex-lua.toml"

// maxFile bounds the size of a configuration file, and with it the time that
// reading takes, which grows with the square.
const maxFile = 64 << 10

// entry is one value for a key.
type entry struct {
	key  *Key
	item string // the entry of a table, "" elsewhere
	// value is a string, a bool or a []string; a string stands also for a value of
	// another type that flags and the environment give as text.
	value  any
	source Source
	// sources are those of a list's values, where it is from a file.
	sources []Source
}

// layers are the values of one file.
type layers struct {
	path string // of the file, as people see it
	dir  string // that relative paths count from; "" leaves them as they are
	top  []entry
	bots []botTable
}

// botTable is one [[bot]].
type botTable struct {
	line    int
	entries []entry
}

// get returns the value of a string key.
func (t botTable) get(name string) (string, Source) {
	for _, e := range t.entries {
		if s, ok := e.value.(string); ok && e.key.Name == name {
			return s, e.source
		}
	}
	return "", Source{}
}

// readFile reads a configuration file.
func readFile(fsys fs.FS, name, shown, dir string) (*layers, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, &Error{File: shown, Message: "the configuration file cannot be read", Cause: rootCause(err)}
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	switch {
	case err != nil:
		return nil, &Error{File: shown, Message: "the configuration file cannot be read", Cause: rootCause(err)}
	case len(text) > maxFile:
		return nil, &Error{File: shown, Message: "a configuration file has at most 64 KiB"}
	}
	return parse(shown, dir, text)
}

// parse reads the text of a configuration file. Its error joins all mistakes.
func parse(shown, dir string, text []byte) (*layers, error) {
	leaves, err := parseTOML(shown, text)
	if err != nil {
		return nil, err
	}
	f := &layers{path: shown, dir: dir}
	var wrong mistakes
	for i := range leaves {
		f.take(&leaves[i], &wrong)
	}
	return f, wrong.err()
}

// take puts one leaf where it belongs.
func (f *layers) take(l *leaf, wrong *mistakes) {
	source := Source{Kind: FromFile, Name: f.path, Line: l.line, inBot: l.bot >= 0, bundle: f.dir == ""}
	if l.header() {
		f.takeHeader(l, source, wrong)
		return
	}
	e, problem := f.entryOf(l, source)
	if problem != "" {
		wrong.add(source, "%s", problem)
		return
	}
	if l.bot < 0 {
		f.top = append(f.top, e)
	} else {
		f.bots[l.bot].entries = append(f.bots[l.bot].entries, e)
	}
}

const notOneBot = "each bot stands below a [[bot]] of its own, with two brackets"

func (f *layers) takeHeader(l *leaf, source Source, wrong *mistakes) {
	for l.bot >= len(f.bots) {
		f.bots = append(f.bots, botTable{line: l.line})
	}
	switch name := l.name(); {
	case l.bot >= 0 && name == "":
	case l.bot < 0 && l.path[0] == "bot":
		wrong.add(source, notOneBot)
	case !slices.Contains(tables, name):
		wrong.add(source, "%s", unknown("table", name, tables))
	case l.double:
		wrong.add(source, "[[%s]]: there is one such table; write it with single brackets", name)
	}
}

// entryOf finds a leaf's key and checks the type of its value; a problem is said
// in words.
func (f *layers) entryOf(l *leaf, source Source) (e entry, problem string) {
	name := l.name()
	k := keyNamed(name)
	e = entry{source: source}
	if k == nil && len(l.path) == 2 {
		if table := keyNamed(l.path[0]); table != nil && table.Type() == "table" {
			k, e.item = table, l.path[1]
		}
	}
	switch {
	case k == nil && slices.Contains(tables, name):
		return e, name + ": want a table, as [" + name + "]"
	case k == nil && l.bot < 0 && l.path[0] == "bot":
		return e, notOneBot
	case k == nil:
		return e, unknown("key", name, keyNames(l.bot >= 0))
	case k.operator && source.bundle:
		return e, name + " is the operator's, who decides what the bot reaches: it does not stand in the file of a bundle"
	case k.NoFile && k.Secret:
		return e, fmt.Sprintf("%[1]s: a secret does not stand in this file; write %[2]s_file, %[2]s_env or %[2]s_credential with where it is", name, lastPart(name))
	case k.NoFile:
		return e, fmt.Sprintf("%s does not stand in the file; give --%s or $%s", name, k.Flag, k.Env)
	case k.Scope == OneBot && l.bot < 0:
		return e, name + " belongs to one bot: write it below a [[bot]]"
	case k.Scope == Process && l.bot >= 0:
		return e, name + " belongs to the whole process: write it at the top of the file, before the first [[bot]]"
	}
	e.key = k
	if e.value, e.sources, problem = f.valueOf(k, e.item, l, source); problem != "" {
		return e, name + ": " + problem
	}
	return e, ""
}

// valueOf takes the value of a leaf for a key.
func (f *layers) valueOf(k *Key, item string, l *leaf, source Source) (value any, sources []Source, problem string) {
	typ := k.Type()
	switch {
	case typ == "table" && item == "":
		return nil, nil, "want a table, as [" + k.Name + "]; got " + kindName(l.kind)
	case typ == "boolean" && l.kind == unstable.Bool:
		return l.text == "true", nil, ""
	case typ == "list" && l.kind == unstable.Array:
		list := []string{}
		for i := range l.items {
			it := &l.items[i]
			if it.kind != unstable.String {
				return nil, nil, "want strings in the list; got " + kindName(it.kind)
			}
			s := source
			s.Line = max(it.line, l.line)
			list, sources = append(list, f.fixGrant(it.text)), append(sources, s)
		}
		return list, sources, ""
	case (typ == "string" || typ == "duration" || typ == "table") && l.kind == unstable.String:
		if k.path {
			return f.fixPath(l.text), nil, ""
		}
		return l.text, nil, ""
	case (typ == "number" || k.Name == "limits") && l.kind == unstable.Integer:
		return strings.ReplaceAll(l.text, "_", ""), nil, ""
	}
	return nil, nil, "want " + wanted[typ] + "; got " + kindName(l.kind)
}

var wanted = map[string]string{
	"string": "a string, in quotes", "number": "a whole number", "boolean": "true or false", "duration": `a duration in quotes, as "10s" or "1m30s"`,
	"list": `a list of strings, as ["a", "b"]`, "table": "a string, in quotes",
}

func kindName(k unstable.Kind) string {
	switch k {
	case unstable.String:
		return "a string"
	case unstable.Bool:
		return "true or false"
	case unstable.Integer, unstable.Float:
		return "a number"
	case unstable.Array:
		return "a list"
	case unstable.InlineTable:
		return "a table"
	}
	return "a date or time"
}

// unknown says that there is no such name, and which one may be meant.
func unknown(what, name string, known []string) string {
	if near := nearest.Name(name, known); near != "" {
		return fmt.Sprintf("unknown %s %q; did you mean %q?", what, name, near)
	}
	return fmt.Sprintf("unknown %s %q; docs/configuration.md lists them", what, name)
}

// keyNames are the keys that may stand in a [[bot]], or at the top.
func keyNames(inBot bool) (names []string) {
	for _, k := range keys {
		if k.Scope == EachBot || inBot == (k.Scope == OneBot) {
			names = append(names, k.Name)
		}
	}
	return names
}

func lastPart(name string) string { return name[strings.LastIndexByte(name, '.')+1:] }
