package config

import (
	"slices"
	"strings"

	"github.com/simplex-lua/simplex-lua/luaapi/permission"
)

// author tells whether a value is from the author of a bundle.
func (s Source) author() bool { return s.Kind == FromBundle || s.bundle }

// wishes are what the author of a bundle asks for on the command line of bundle.
func (r *resolver) wishes() []entry {
	if len(r.in.Allow) == 0 {
		return nil
	}
	return []entry{{key: keyNamed("allow"), value: r.in.Allow, source: Source{Kind: FromBundle}}}
}

// giveWay keeps the entries of allow that the author of a bundle asks for only
// where the operator has none, not even an empty list. asked are the author's.
func giveWay(entries []entry) (kept []entry, asked []string) {
	own := false
	for _, e := range entries {
		switch {
		case e.key.Name != "allow":
		case e.source.author():
			asked = append(asked, e.value.([]string)...)
		default:
			own = true
		}
	}
	return slices.DeleteFunc(entries, func(e entry) bool { return own && e.key.Name == "allow" && e.source.author() }), asked
}

// takeBack takes the entries of Deny out of Allow. One that takes nothing, while
// others of its kind stay, would seem to forbid what it does not.
func (b *Bot) takeBack(wrong *mistakes) {
	if len(b.Deny) == 0 {
		return
	}
	source := func(text string) Source {
		for _, g := range b.given {
			if g.name == "deny" && g.text == text {
				return g.source
			}
		}
		return Source{}
	}
	denied := func(a string) bool {
		kind, _, _ := strings.Cut(a, "=")
		return slices.Contains(b.Deny, a) || slices.Contains(b.Deny, kind)
	}
	was := b.Allow
	b.Allow = slices.DeleteFunc(slices.Clone(was), denied)
	b.given = slices.DeleteFunc(b.given, func(g given) bool { return g.name == "allow" && denied(g.text) })
	for _, d := range b.Deny {
		kind, _, exact := strings.Cut(d, "=")
		i := slices.IndexFunc(b.Allow, func(a string) bool { return strings.HasPrefix(a, kind+"=") })
		switch {
		case b.AllowAll:
			wrong.add(source(d), "deny %s: it takes entries of allow back, but --allow-all allows everything", d)
		case exact && i >= 0 && !slices.Contains(was, d):
			wrong.add(source(d), "deny %s: allow has no such entry, and %s stays allowed; write an allow list with what is to hold", d, b.Allow[i])
		}
	}
}

// kinds are what an entry of deny may be without a value.
var kinds = []string{"net", "listen", "read", "write", "env", "exec", "core"}

// checkGrant is about an entry of allow or deny.
func (k *Key) checkGrant(text string) (problem string) {
	if k.Name == "deny" && slices.Contains(kinds, text) {
		return ""
	}
	if _, err := permission.Parse([]string{text}); err != nil {
		return strings.TrimPrefix(err.Error(), "--allow ")
	}
	return ""
}
