package syntax

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// part is one piece of a compiled pattern: literal text, a parameter, or an
// optional sequence of parts.
type part struct {
	lit   string
	param string
	kind  kind
	words []string
	opt   []part
}

// compiled is a row that is ready to match.
type compiled struct {
	row
	prefix string // literal in front of the first parameter, trimmed
	parts  []part
}

// compile reads the pattern notation of doc.go.
func compile(r row) (*compiled, error) {
	parts, rest, err := compileParts(r.pattern, false)
	if err != nil || rest != "" {
		return nil, fmt.Errorf("pattern %q of %s: %v, at %q", r.pattern, r.name, err, rest)
	}
	c := &compiled{row: r, parts: parts}
	if len(parts) > 0 {
		c.prefix = strings.TrimRight(parts[0].lit, " ")
	}
	return c, nil
}

func compileParts(s string, inOpt bool) (parts []part, rest string, err error) {
	for s != "" {
		switch s[0] {
		case '[':
			opt, rest, err := compileParts(s[1:], true)
			if err != nil {
				return nil, rest, err
			}
			parts, s = append(parts, part{opt: opt}), rest
		case ']':
			if !inOpt {
				return nil, s, errors.New("] without [")
			}
			return parts, s[1:], nil
		case '<':
			end := strings.IndexByte(s, '>')
			name, typ, ok := strings.Cut(s[1:max(end, 1)], ":")
			if end < 0 || !ok {
				return nil, s, errors.New("a parameter is written <name:kind>")
			}
			p := part{param: name}
			if p.kind, ok = kinds[typ]; !ok {
				p.kind, p.words = kindEnum, strings.Split(typ, "|")
			}
			parts, s = append(parts, p), s[end+1:]
		default:
			end := strings.IndexAny(s, "[]<")
			if end < 0 {
				end = len(s)
			}
			parts, s = append(parts, part{lit: s[:end]}), s[end:]
		}
	}
	if inOpt {
		return nil, s, errors.New("[ without ]")
	}
	return parts, s, nil
}

// match walks the pattern over the whole string. It never goes back, so its
// time is linear in the length of the command.
func (c *compiled) match(s string) ([]param, bool) {
	params := make([]param, 0, 6)
	rest, ok := matchParts(c.parts, s, &params)
	return params, ok && rest == ""
}

func matchParts(parts []part, s string, params *[]param) (rest string, ok bool) {
	for i := range parts {
		p := &parts[i]
		switch {
		case p.lit != "":
			if s, ok = strings.CutPrefix(s, p.lit); !ok {
				return s, false
			}
		case p.opt != nil:
			kept := len(*params)
			if rest, ok := matchParts(p.opt, s, params); ok {
				s = rest
			} else {
				*params = (*params)[:kept]
			}
		default:
			n, ok := p.kind.read(s, p.words)
			if !ok {
				return s, false
			}
			*params = append(*params, param{name: p.param, kind: p.kind, text: s[:n]})
			s = s[n:]
		}
	}
	return s, true
}

// rowIndex finds the rows for a command by its first word.
type rowIndex map[string][]*compiled

var index = newIndex(rows)

func newIndex(rows []row) rowIndex {
	x := rowIndex{}
	for _, r := range rows {
		c, err := compile(r)
		if err != nil {
			panic(err) // a mistake in the table, found by the first test
		}
		w := firstWord(c.parts[0].lit)
		x[w] = append(x[w], c)
	}
	for _, cs := range x {
		slices.SortStableFunc(cs, func(a, b *compiled) int { return cmp.Compare(len(b.parts[0].lit), len(a.parts[0].lit)) })
	}
	return x
}

func (x rowIndex) rows(cmd string) []*compiled {
	if cmd == "" {
		return nil
	}
	if cmd[0] == '@' || cmd[0] == '#' {
		return x[cmd[:1]]
	}
	return x[firstWord(cmd)]
}

func firstWord(s string) string {
	if n := strings.IndexByte(s, ' '); n >= 0 {
		return s[:n]
	}
	return s
}
