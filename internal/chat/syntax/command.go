package syntax

import (
	"strconv"
	"strings"
)

// Class says where a command comes from, for a layer that decides who may use it.
type Class uint8

const (
	// Documented commands stand in the core's bot documentation.
	Documented Class = iota + 1
	// BotNeeded commands are not documented, and bots need them all the same.
	BotNeeded
	// Service commands are everything else: settings of the program, the
	// database and the network, and commands made for people at a terminal.
	Service
)

// String returns "documented", "bot" or "service".
func (c Class) String() string {
	switch c {
	case Documented:
		return "documented"
	case BotNeeded:
		return "bot"
	default:
		return "service"
	}
}

// Command is one parsed command. It is a value, and safe to share.
type Command struct {
	// Name is the name in the core's documentation, such as APISendMessages.
	Name string
	// Class tells documented commands from others.
	Class Class
	// HostOnly commands change the life of the controller itself, so that only
	// the host may send them: start and stop, the database, users deleted,
	// remote control.
	HostOnly bool
	// Prefix is the literal text in front of the first parameter, without
	// the space: "/_update item".
	Prefix string

	params []param
}

type param struct {
	name string
	kind kind
	text string
}

// Parse reads one command. It returns false for everything that the core would
// answer with "Failed reading: empty", and for commands that the table lacks.
// White space at the end is ignored, at the beginning it is refused.
func Parse(cmd string) (Command, bool) {
	cmd = strings.TrimRight(cmd, " \t\r\n\f\v")
	for _, r := range index.rows(cmd) {
		if params, ok := r.match(cmd); ok {
			return Command{Name: r.name, Class: r.class, HostOnly: r.hostOnly, Prefix: r.prefix, params: params}, true
		}
	}
	return Command{}, false
}

// Has tells whether the parameter was given.
func (c Command) Has(name string) bool {
	_, ok := c.param(name)
	return ok
}

// Text returns the parameter as it was written, "" when it is missing.
func (c Command) Text(name string) string {
	p, _ := c.param(name)
	return p.text
}

// JSON returns a parameter written as JSON, nil when it is missing.
func (c Command) JSON(name string) []byte {
	p, ok := c.param(name)
	if !ok {
		return nil
	}
	return []byte(p.text)
}

// Int returns a number, 0 when it is missing. As in the core, a number of more
// than 64 bits wraps around.
func (c Command) Int(name string) int64 {
	p, _ := c.param(name)
	return wrap(p.text)
}

// Ints returns a list of numbers, in order.
func (c Command) Ints(name string) []int64 {
	p, ok := c.param(name)
	if !ok {
		return nil
	}
	parts := strings.Split(p.text, ",")
	ids := make([]int64, len(parts))
	for i, s := range parts {
		ids[i] = wrap(s)
	}
	return ids
}

// On returns a switch written as on or off, and other when it is missing.
func (c Command) On(name string, other bool) bool {
	p, ok := c.param(name)
	if !ok {
		return other
	}
	return p.text == "on"
}

// Ref returns a chat, the zero Ref when it is missing.
func (c Command) Ref(name string) Ref {
	p, _ := c.param(name)
	r, _, _ := readRef(p.text)
	return r
}

// Page returns a page of a list, the zero Page when it is missing.
func (c Command) Page(name string) Page {
	p, _ := c.param(name)
	return readPage(p.text)
}

func (c Command) param(name string) (param, bool) {
	for _, p := range c.params {
		if p.name == name {
			return p, true
		}
	}
	return param{}, false
}

// wrap reads digits as the core does, modulo 2^64.
func wrap(digits string) int64 {
	if n, err := strconv.ParseInt(digits, 10, 64); err == nil {
		return n
	}
	var n uint64
	for _, d := range []byte(digits) {
		n = n*10 + uint64(d-'0')
	}
	return int64(n)
}

// Known tells whether the text begins with the words of a command in the table,
// whatever follows them: a form that Parse does not take may still be one that a
// core takes.
func Known(cmd string) bool {
	cmd = strings.TrimSpace(cmd)
	for _, rows := range index {
		for _, r := range rows {
			words := strings.TrimSpace(r.parts[0].lit)
			rest, ok := strings.CutPrefix(cmd, words)
			if ok && (rest == "" || !isWordByte(rest[0])) {
				return true
			}
		}
	}
	return false
}

func isWordByte(b byte) bool { return b == '_' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' }
