package api

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/simplex-lua/simplex-lua/internal/nearest"
)

// Params are the parameters of a command by name. Values are what
// encoding/json decodes to (with UseNumber, so that integers keep all digits),
// Go's int, int64 and float64, and Empty. Nil is the same as leaving out.
type Params = map[string]any

// Empty is a value that is an empty list or an empty object, as its type asks.
type Empty struct{}

// Encode writes a command's string. The name is that of the documentation, or
// the words that the string begins with ("/_read chat items"). The error is a *ParamError or an
// *UnknownCommandError; then nothing was written that may be sent. Values that
// the core's parser is known to refuse are refused here, with their path.
//
// Where the core takes more than its documentation says (incognito in
// APIConnect), Encode writes it; Documented does not.
func (f *Facts) Encode(name string, params Params) (string, error) {
	return f.encode(name, params, false)
}

// Documented writes a command exactly as documented, as the official libraries
// do: parameters that have no place in the documented string are left out.
func (f *Facts) Documented(name string, params Params) (string, error) {
	return f.encode(name, params, true)
}

// Has tells whether the core has the command; the error says why not.
func (f *Facts) Has(name string) error {
	c := f.commands[name]
	switch {
	case c == nil:
		return &UnknownCommandError{Name: name, Version: f.Version(), Nearest: nearest.Name(name, f.commandNames())}
	case !f.inVersion(c.marks):
		return &UnknownCommandError{Name: name, Version: f.Version(), Since: strings.TrimPrefix(c.marks[0], "@")}
	}
	return nil
}

func (f *Facts) encode(name string, params Params, documented bool) (string, error) {
	name = f.byWords(name, params)
	if err := f.Has(name); err != nil {
		return "", err
	}
	c := f.commands[name]
	w := &writer{facts: f, nul: documented}
	syntax := c.full
	if documented {
		syntax = c.syntax
	}
	params = withNewNames(name, params)
	if err := w.command(c, syntax, params, documented); err != nil {
		var bad *ParamError
		if errors.As(err, &bad) {
			bad.Command = name
		}
		return "", err
	}
	return string(w.b), nil
}

// byWords finds the command that a string's first words stand for. Of several,
// as /_info of a contact, a group and a member, it is the one that has all the
// parameters and needs no others.
func (f *Facts) byWords(words string, params Params) string {
	if !strings.HasPrefix(words, "/") {
		return words
	}
	best, most := words, math.MinInt
	for _, name := range f.commandNames() {
		c := f.commands[name]
		first := strings.TrimRight(c.syntax[0].lit, " #@*:")
		if first != words {
			continue
		}
		fits := 0
		for _, p := range c.params.list {
			switch _, given := params[p.name]; {
			case given:
				fits += 2
			case !p.optional && p.written:
				fits--
			}
		}
		if fits > most {
			best, most = name, fits
		}
	}
	return best
}

// withNewNames gives renamed parameters the name that the tables have.
func withNewNames(command string, params Params) Params {
	for _, r := range renamed {
		v, old := params[r[1]]
		if _, both := params[r[2]]; r[0] != command || !old || both {
			continue
		}
		out := Params{r[2]: v}
		for name, v := range params {
			if name != r[1] {
				out[name] = v
			}
		}
		return out
	}
	return params
}

// writer writes one command.
type writer struct {
	facts *Facts
	b     []byte
	path  []byte
	// nul lets NUL through where JSON can write it.
	nul bool
	// reading tells that the value came from a core: nothing is put right.
	reading bool
}

func (w *writer) fail(format string, args ...any) error {
	return &ParamError{Path: string(w.path), Reason: fmt.Sprintf(format, args...)}
}

// at runs write with a field's name added to the path.
func (w *writer) at(name string, write func() error) error {
	n := len(w.path)
	if n > 0 {
		w.path = append(w.path, '.')
	}
	w.path = append(w.path, name...)
	err := write()
	w.path = w.path[:n]
	return err
}

// index is at for an element of a list; i counts from 0.
func (w *writer) index(i int, write func() error) error {
	n := len(w.path)
	w.path = fmt.Appendf(w.path, "[%d]", i+1)
	err := write()
	w.path = w.path[:n]
	return err
}

func (w *writer) command(c *command, syntax []part, params Params, documented bool) error {
	if err := w.known(c.params, params); err != nil {
		return err
	}
	for _, p := range c.params.list {
		v := params[p.name]
		err := w.at(p.name, func() error {
			switch {
			case v == nil && !p.optional && p.written:
				return w.fail("is missing")
			case v == nil:
				return nil
			case writes(syntax, p.name):
				return nil // checked when it is written
			case !documented && v != false:
				return w.fail("cannot be given: the command has no place for it")
			}
			return w.checkOnly(p.typ, v)
		})
		if err != nil {
			return err
		}
	}
	if err := w.parts(syntax, c.params, params); err != nil {
		return err
	}
	return w.rule(commandRules[strings.Fields(c.row.name)[0]], params)
}

// known refuses fields that the record does not have.
func (w *writer) known(fs *fields, value map[string]any) error {
	for _, name := range sortedKeys(value) {
		if fs.byName[name] != nil || fs.tagged && name == "type" {
			continue
		}
		err := w.at(name, func() error {
			near := nearest.Name(name, fs.names())
			switch marks, elsewhere := fs.absent[name]; {
			case elsewhere:
				return w.fail("core %s does not have it (%s)", w.facts.Version(), sinceText(marks))
			case fs.open || !w.facts.exact && near == "":
				return nil // a newer core may know it
			}
			return w.fail("is not known here%s", nearest.DidYouMean(near))
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// sinceText explains a mark: "new in 7.0.0", "up to 6.5.1".
func sinceText(mark string) string {
	if until, ok := strings.CutPrefix(mark, "@-"); ok {
		return "only up to " + until
	}
	return "new in " + strings.TrimPrefix(mark, "@")
}

// checkOnly checks a value that has no place in the string.
func (w *writer) checkOnly(t *typ, v any) error {
	n := len(w.b)
	err := w.json(t, v)
	w.b = w.b[:n]
	return err
}

func (w *writer) rule(rule func(map[string]any) (path, reason string), value map[string]any) error {
	if rule == nil {
		return nil
	}
	if path, reason := rule(value); reason != "" {
		return w.at(path, func() error { return w.fail("%s", reason) })
	}
	return nil
}

// writes tells whether a syntax has a place for a parameter.
func writes(parts []part, param string) bool {
	return slices.ContainsFunc(parts, func(p part) bool {
		return p.param == param || writes(p.inner, param) ||
			slices.ContainsFunc(p.cases, func(c choice) bool { return writes(c.parts, param) })
	})
}

func sortedKeys(m map[string]any) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
