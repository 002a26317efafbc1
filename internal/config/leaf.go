package config

import (
	"errors"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"
)

// leaf is one value of a TOML file, or the header of a table, which has no kind.
type leaf struct {
	path []string
	line int
	// bot is the index of the [[bot]] it stands in, -1 at the top.
	bot int

	kind unstable.Kind
	// text is a string's value, or how another one is written.
	text string
	// items are an array's values.
	items []leaf
	// double: a header in double brackets.
	double bool
}

// header tells that the leaf is [path] or [[path]].
func (l *leaf) header() bool { return l.kind == unstable.Invalid }

// name is the path as it is written.
func (l *leaf) name() string { return strings.Join(l.path, ".") }

// parseTOML takes a file apart into its leaves, in order. Inline tables and
// dotted keys become leaves of longer paths. The library's decoder checks the
// grammar, and that nothing is defined twice; it does not keep the lines.
func parseTOML(file string, text []byte) ([]leaf, error) {
	var whole map[string]any
	if err := toml.Unmarshal(text, &whole); err != nil {
		e := &Error{File: file, Message: strings.TrimPrefix(err.Error(), "toml: ")}
		if decode := (*toml.DecodeError)(nil); errors.As(err, &decode) {
			e.Line, _ = decode.Position()
		}
		return nil, e
	}
	p := &leafParser{bot: -1}
	p.Reset(text)
	for p.NextExpression() {
		p.expression(p.Expression())
	}
	if err := p.Error(); err != nil {
		return nil, &Error{File: file, Message: err.Error()} // the decoder takes what this parser takes
	}
	return p.leaves, nil
}

type leafParser struct {
	unstable.Parser
	leaves []leaf
	bots   int // how many [[bot]] there were
	// table is the path of the last header, below the [[bot]] with index bot.
	table []string
	bot   int
}

func (p *leafParser) expression(n *unstable.Node) {
	switch n.Kind {
	case unstable.Table, unstable.ArrayTable:
		path, line := p.key(n)
		double := n.Kind == unstable.ArrayTable
		if path[0] != "bot" || p.bots == 0 && (len(path) > 1 || !double) {
			p.table, p.bot = path, -1
			p.leaves = append(p.leaves, leaf{path: path, line: line, bot: -1, double: double})
			return
		}
		if p.table = path[1:]; len(p.table) == 0 {
			p.bots++
		}
		p.bot = p.bots - 1
		p.leaves = append(p.leaves, leaf{path: p.table, line: line, bot: p.bot, double: double})
	case unstable.KeyValue:
		p.value(n, p.table)
	}
}

// value appends the leaves of KEY = VALUE in a table.
func (p *leafParser) value(n *unstable.Node, table []string) {
	path, line := p.key(n)
	path = slices.Concat(table, path)
	v := n.Value()
	if v.Kind != unstable.InlineTable {
		l := p.leaf(v)
		l.path, l.line, l.bot = path, line, p.bot
		p.leaves = append(p.leaves, l)
		return
	}
	p.leaves = append(p.leaves, leaf{path: path, line: line, bot: p.bot})
	for it := v.Children(); it.Next(); {
		p.value(it.Node(), path)
	}
}

func (p *leafParser) leaf(v *unstable.Node) leaf {
	l := leaf{kind: v.Kind, text: string(v.Data)}
	if v.Raw.Length > 0 {
		l.line = p.Shape(v.Raw).Start.Line
	}
	if v.Kind == unstable.Array {
		for it := v.Children(); it.Next(); {
			l.items = append(l.items, p.leaf(it.Node()))
		}
	}
	return l
}

// key is the dotted key of a header or a KEY = VALUE, and its line.
func (p *leafParser) key(n *unstable.Node) (path []string, line int) {
	for it := n.Key(); it.Next(); {
		k := it.Node()
		path = append(path, string(k.Data))
		line = p.Shape(k.Raw).Start.Line
	}
	return path, line
}
