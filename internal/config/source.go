package config

import (
	"slices"
	"strconv"
)

// Where a value can come from, from the weakest to the strongest.
const (
	FromDefault SourceKind = iota
	FromScript
	FromBundle
	FromFile
	FromEnv
	FromFlag
)

// SourceKind says what kind of place a value comes from.
type SourceKind int

// Source is where a value comes from.
type Source struct {
	Kind SourceKind
	// Name is the file, the variable or the flag.
	Name string
	// Line is the line of the file.
	Line int
	// inBot tells that the line stands in a [[bot]] and not at the top.
	inBot bool
	// bundle tells that the file is that of a bundle.
	bundle bool
}

// String is as people write it: "--grace", "$SIMPLEX_LUA_GRACE",
// "simplex-lua.toml:12", "script", "default".
func (s Source) String() string {
	switch s.Kind {
	case FromFlag:
		return "--" + s.Name
	case FromEnv:
		return "$" + s.Name
	case FromFile:
		return s.Name + ":" + strconv.Itoa(s.Line)
	case FromScript:
		return "script"
	case FromBundle:
		return "the bundle's author"
	}
	return "default"
}

// rank orders sources: a value of a higher rank goes over one of a lower.
func (s Source) rank() int {
	r := 2 * int(s.Kind)
	if s.inBot {
		r++
	}
	return r
}

// given is a value that somebody gave, as Show tells it.
type given struct {
	name   string // of the key; with a dot and the entry's name for those of a table
	text   string
	source Source
}

// givens are all values that somebody gave, one of each name but for lists.
type givens []given

func (g givens) has(name string) bool {
	return slices.ContainsFunc(g, func(v given) bool { return v.name == name })
}

// find returns the last one of that name.
func (g givens) find(name string) (given, bool) {
	for _, v := range slices.Backward(g) {
		if v.name == name {
			return v, true
		}
	}
	return given{}, false
}

// put takes the place of what was given before.
func (g *givens) put(v given) {
	g.drop(v.name)
	*g = append(*g, v)
}

func (g *givens) drop(name string) {
	*g = slices.DeleteFunc(*g, func(v given) bool { return v.name == name })
}
