package devchat

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// quoteLua writes a text as a Lua string.
func quoteLua(text string) string {
	var b strings.Builder
	b.WriteByte('"')
	for i := range len(text) {
		switch c := text[i]; {
		case c == '"' || c == '\\':
			b.WriteByte('\\')
			b.WriteByte(c)
		case c == '\n':
			b.WriteString(`\n`)
		case c < ' ' || c == 127:
			fmt.Fprintf(&b, `\%03d`, c)
		default:
			b.WriteByte(c)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// taken are names that a variable of a recording cannot have.
var taken = strings.Fields(`and break do else elseif end false for function if in local nil not or repeat return then true until while
	sim net m bot log json sleep print`)

var identifier = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// name is the variable of a person or a group: what they are called, where that
// can be a name in Lua.
func (r *recorder) name(key, wanted string) string {
	if name := r.names[key]; name != "" {
		return name
	}
	used := func(name string) bool {
		if slices.Contains(taken, name) {
			return true
		}
		for _, n := range r.names {
			if n == name {
				return true
			}
		}
		return false
	}
	kind := "person"
	if strings.HasPrefix(key, "#") {
		kind = "group"
	}
	name := wanted
	if !identifier.MatchString(name) {
		name = kind + "_1"
	}
	for n := 2; used(name); n++ {
		name = fmt.Sprintf("%s_%d", kind, n)
	}
	r.names[key] = name
	return name
}
