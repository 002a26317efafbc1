package sim_test

import (
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"
)

// nameKey is a name without its place.
type nameKey struct{ kind, scope, value string }

func (n name) key() nameKey { return nameKey{n.kind, n.scope, n.value} }

// renaming maps recorded names one to one to ours. A pair that breaks it is
// reported, and replaces the old one when it comes twice in a row: so one wrong
// name costs one step, and a wrong first one does not cost all others.
type renaming struct {
	forth, back map[nameKey]string
	doubt       map[nameKey]string
}

func newRenaming() *renaming {
	return &renaming{map[nameKey]string{}, map[nameKey]string{}, map[nameKey]string{}}
}

// nearby is how far times of whole seconds may differ: what happens within one
// second here may have been in two, and chats show the time of their last item.
const nearby = 5 * time.Second

func apart(a, b string) bool {
	x, err1 := time.Parse(time.RFC3339, a)
	y, err2 := time.Parse(time.RFC3339, b)
	return err1 != nil || err2 != nil || x.Truncate(time.Second).Sub(y.Truncate(time.Second)).Abs() > nearby
}

// check tells what does not fit; "" is nothing.
func (r *renaming) check(want, got name) string {
	switch want.kind {
	case "second":
		return r.checkSecond(want.value, got.value)
	case "chatTs":
		return r.checkChatTime(want.value, got.value)
	case "set":
		return r.checkSet(want, got)
	}
	a, b := want.key(), nameKey{want.kind, want.scope, got.value}
	old, known := r.forth[a]
	rev, taken := r.back[b]
	if known && old == got.value && taken && rev == want.value {
		delete(r.doubt, a)
		return ""
	}
	problem := ""
	if known && old != got.value {
		problem = want.kind + " is another one than before"
	} else if taken && rev != want.value {
		problem = want.kind + " stands for two"
	}
	if problem != "" && r.doubt[a] != got.value {
		r.doubt[a] = got.value
		return problem
	}
	if known {
		delete(r.back, nameKey{want.kind, want.scope, old})
	}
	if taken {
		delete(r.forth, nameKey{want.kind, want.scope, rev})
	}
	r.forth[a], r.back[b] = got.value, want.value
	return problem
}

// learn takes a pair if neither of both is known.
func (r *renaming) learn(want, got name) {
	_, known := r.forth[want.key()]
	_, taken := r.back[nameKey{want.kind, want.scope, got.value}]
	if !known && !taken {
		r.check(want, got)
	}
}

func (r *renaming) checkSecond(want, got string) string {
	for _, x := range []struct {
		table map[nameKey]string
		a, b  string
	}{{r.forth, want, got}, {r.back, got, want}} {
		k := nameKey{"second", "", x.a}
		old, ok := x.table[k]
		if !ok {
			x.table[k] = x.b
		} else if apart(old, x.b) {
			x.table[k] = x.b
			return "second is another one than before"
		}
	}
	return ""
}

func (r *renaming) checkChatTime(want, got string) string {
	for _, kind := range []string{"time", "second"} {
		if old, ok := r.forth[nameKey{kind, "", want}]; ok && apart(old, got) {
			return "time of the chat is not that of its last item"
		}
	}
	return ""
}

// checkSet wants the known members to be there; of others it learns a single one.
func (r *renaming) checkSet(want, got name) string {
	var rest [][]name
	left := append([][]name(nil), got.members...)
	for _, w := range want.members {
		at := -1
		for i, g := range left {
			if len(w) > 0 && len(g) == len(w) && r.forth[w[0].key()] == g[0].value {
				at = i
				break
			}
		}
		if at < 0 {
			rest = append(rest, w)
			continue
		}
		left = append(left[:at:at], left[at+1:]...)
	}
	for _, w := range rest {
		if _, known := r.forth[firstKey(w)]; known {
			return "a member of the set is missing"
		}
	}
	for _, g := range left {
		if _, taken := r.back[firstKey(g)]; taken {
			return "a member of the set is not wanted"
		}
	}
	if len(rest) == 1 && len(left) == 1 && len(rest[0]) == len(left[0]) {
		for i := range rest[0] {
			r.check(rest[0][i], left[0][i])
		}
	}
	return ""
}

func firstKey(names []name) nameKey {
	if len(names) == 0 {
		return nameKey{}
	}
	return names[0].key()
}

// checkAll checks the names of two views of the same shape.
func (r *renaming) checkAll(want, got []name) string {
	first := ""
	for i := range want {
		if problem := r.check(want[i], got[i]); problem != "" && first == "" {
			first = want[i].path + ": " + problem
		}
	}
	return first
}

// fits counts the pairs that are known, and those of them that do not fit.
func (r *renaming) fits(want, got []name) (known, bad int) {
	for i, w := range want {
		switch w.kind {
		case "time", "second", "chatTs", "set":
			continue
		}
		old, is := r.forth[w.key()]
		_, taken := r.back[nameKey{w.kind, w.scope, got[i].value}]
		if is || taken {
			known++
			if old != got[i].value {
				bad++
			}
		}
	}
	return known, bad
}

// firstDifference is the first place where two shapes differ, or "".
func firstDifference(want, got any, path string) string {
	if w, ok := want.(map[string]any); ok {
		if g, ok := got.(map[string]any); ok {
			return firstOfObjects(w, g, path)
		}
	}
	if w, ok := want.([]any); ok {
		if g, ok := got.([]any); ok {
			for i := range min(len(w), len(g)) {
				if d := firstDifference(w[i], g[i], fmt.Sprintf("%s[%d]", path, i)); d != "" {
					return d
				}
			}
			if len(w) != len(g) {
				return fmt.Sprintf("%s: want %d elements, got %d", path, len(w), len(g))
			}
			return ""
		}
	}
	if textOf(want) == textOf(got) {
		return ""
	}
	return fmt.Sprintf("%s: want %s, got %s", path, short(textOf(want)), short(textOf(got)))
}

func firstOfObjects(want, got map[string]any, path string) string {
	both := maps.Clone(want)
	maps.Copy(both, got)
	for _, k := range sortedTypeFirst(both) {
		p := strings.TrimPrefix(path+"."+k, ".")
		w, wanted := want[k]
		g, given := got[k]
		switch {
		case !given:
			return fmt.Sprintf("%s: missing, want %s", p, short(textOf(w)))
		case !wanted:
			return fmt.Sprintf("%s: not wanted, got %s", p, short(textOf(g)))
		}
		if d := firstDifference(w, g, p); d != "" {
			return d
		}
	}
	return ""
}

func TestRenaming(t *testing.T) {
	t.Parallel()
	l := newLens(&recording{known: `/_create user {"displayName":"alice"}` + "\n/_start"})
	r := newRenaming()
	for _, tt := range []struct {
		want, got, problem string
	}{
		{`{"k":"AAAAAAAAAAAAAAAAAAA1a"}`, `{"k":"BBBBBBBBBBBBBBBBBBB1b"}`, ""},
		{`{"k":"AAAAAAAAAAAAAAAAAAA1a"}`, `{"k":"CCCCCCCCCCCCCCCCCCC1c"}`, "k: key is another one than before"},
		{`{"k":"DDDDDDDDDDDDDDDDDDD1d"}`, `{"k":"BBBBBBBBBBBBBBBBBBB1b"}`, "k: key stands for two"},
		{`{"contactId":4}`, `{"contactId":5}`, ""},
		{`{"contactId":4}`, `{"contactId":6}`, "contactId: contact is another one than before"},
		{`{"contactId":4}`, `{"contactId":"5"}`, `contactId: want "<contact>", got "5"`},
		{`{"n":1}`, `{"n":1.0}`, "n: want 1, got 1.0"},
		{`{"a":1}`, `{"a":1,"b":2}`, "b: not wanted, got 2"},
		{`{"a":1,"b":2}`, `{"a":1}`, "b: missing, want 2"},
		{`{"a":[1,2]}`, `{"a":[1]}`, "a: want 2 elements, got 1"},
		{`{"localDisplayName":"alice_1"}`, `{"localDisplayName":"alice_7"}`, `localDisplayName: want "alice_1", got "alice_7"`},
		{`{"localDisplayName":"QuickFox_1"}`, `{"localDisplayName":"SlowOwl_1"}`, ""},
		{`{"localDisplayName":"QuickFox_1"}`, `{"localDisplayName":"SlowOwl_2"}`, `localDisplayName: want "<name>_1", got "<name>_2"`},
		{`{"t":"2026-01-01T00:00:01Z"}`, `{"t":"2030-01-01T00:00:01Z"}`, ""},
		{`{"t":"2026-01-01T00:00:01Z"}`, `{"t":"2030-01-01T00:00:02Z"}`, ""},
		{`{"t":"2026-01-01T00:00:01Z"}`, `{"t":"2030-01-01T00:00:09Z"}`, "t: second is another one than before"},
		{`{"t":"2026-01-01T00:00:01Z"}`, `{"t":"2030-01-01T00:00:01.5Z"}`, `t: want "<second>", got "<time>"`},
		{`{"connections":["key-a","key-b"]}`, `{"connections":["key-y","key-x"]}`, ""},
		{`{"connections":["key-a"]}`, `{"connections":["key-x"]}`, ""},
		{`{"connections":["key-b","key-a"]}`, `{"connections":["key-x","key-y"]}`, ""},
		{`{"connections":["key-b","key-c"]}`, `{"connections":["key-x","key-y"]}`, "connections: a member of the set is not wanted"},
	} {
		a, b := l.read(decode([]byte(tt.want)), "bot"), l.read(decode([]byte(tt.got)), "bot")
		problem := firstDifference(a.tree, b.tree, "")
		if problem == "" {
			problem = r.checkAll(a.names, b.names)
		}
		if problem != tt.problem {
			t.Errorf("%s and %s: got %q, want %q", tt.want, tt.got, problem, tt.problem)
		}
	}
}
