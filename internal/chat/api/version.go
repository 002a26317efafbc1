package api

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// Facts are the commands and types of one core version. They never change and
// are safe to share.
type Facts struct {
	version   int  // index in versions
	exact     bool // the tables describe this very core
	commands  map[string]*command
	types     map[string]*typ
	responses map[string]*fields
	events    map[string]*fields
}

// For returns the facts for a core by its version, as /v answers it
// ("6.5.1.1", "7.0.0.6") or as releases are called ("v6.5.1", "7.0.0-beta.2",
// "7"). A core that is newer than all known gets the newest facts, with fields
// it may have and we do not know let through; an older or unreadable one the
// oldest.
func For(coreVersion string) *Facts {
	v, exact := known(coreVersion)
	return cached[v][exact]()
}

// cached holds the facts by version and exactness, each made when first asked for.
var cached = func() []map[bool]func() *Facts {
	out := make([]map[bool]func() *Facts, len(versions))
	for v := range versions {
		out[v] = map[bool]func() *Facts{}
		for _, exact := range []bool{true, false} {
			out[v][exact] = sync.OnceValue(func() *Facts { return newFacts(v, exact) })
		}
	}
	return out
}()

// known returns the index of the newest version that is not newer than the
// core, and whether the core is of that release.
func known(coreVersion string) (index int, exact bool) {
	core, err := ParseVersion(coreVersion)
	if err != nil {
		return 0, true
	}
	for i, name := range slices.Backward(versions) {
		v, _ := ParseVersion(name)
		if c := slices.Compare(v[:], core[:]); c <= 0 {
			return i, c == 0
		}
	}
	return 0, true
}

// ParseVersion reads the first three numbers of a version; missing ones are 0.
// What follows them, as in 7.0.0-beta.2 or 7.0.0.6, is not looked at.
func ParseVersion(s string) ([3]int, error) {
	var v [3]int
	text, _, _ := strings.Cut(strings.TrimPrefix(s, "v"), "-")
	for i, part := range strings.Split(text, ".") {
		n, err := strconv.ParseUint(part, 10, 31)
		if err != nil {
			return v, fmt.Errorf("%q is not a version: want one as 6.5.1 or 7.0.0-beta.2", s)
		}
		if i < len(v) {
			v[i] = int(n)
		}
	}
	return v, nil
}

// Version is the release that the facts describe.
func (f *Facts) Version() string { return versions[f.version] }

// inVersion reads a mark: "@7.0.0" or "@-6.5.1". Only marks that apigen wrote
// come here, so one that names no version is a mistake in a table.
func (f *Facts) inVersion(marks []string) bool {
	for _, m := range marks {
		name, until := strings.CutPrefix(strings.TrimPrefix(m, "@"), "-")
		i := slices.Index(versions, name)
		if i < 0 {
			panic("api: no version " + m)
		}
		if until && f.version > i || !until && f.version < i {
			return false
		}
	}
	return true
}
