package sim_test

import (
	"strings"
	"testing"

	"github.com/simplex-lua/simplex-lua/internal/sim"
)

// TestSameGroupProfile: a profile that is no other is not told of.
func TestSameGroupProfile(t *testing.T) {
	t.Parallel()
	net := virtual(t, sim.Options{Seed: 1})
	host, alice := person(t, net, "host"), person(t, net, "alice")
	joinedByLink(t, host, alice)
	const profile = `/_group_profile #1 {"displayName":"team","fullName":"all of us"}`
	keep(t, net, []rule{{host, profile, "groupUpdated", ""}})
	if all := told(t, alice); !strings.Contains(all, `"type":"groupUpdated"`) {
		t.Errorf("got %s", all)
	}
	_, before := answer(t, host, "/_info #1")
	keep(t, net, []rule{
		{host, profile, "groupUpdated", ""},
		{host, "/_info #1", "groupInfo", before[strings.Index(before, `"chatTs":`):]},
	})
	if all := told(t, alice); all != "" {
		t.Errorf("got %s", all)
	}
}

// TestFeaturesThatAreOff: for whom, and for how long, counts only of features that
// are on.
func TestFeaturesThatAreOff(t *testing.T) {
	t.Parallel()
	net := virtual(t, sim.Options{Seed: 1})
	host, alice := person(t, net, "host"), person(t, net, "alice")
	joinedByLink(t, host, alice)
	profile := func(prefs string) string {
		return `/_group_profile #1 {"displayName":"team","fullName":"","groupPreferences":{` + prefs + `}}`
	}
	for _, tt := range []struct{ name, prefs, want string }{
		{"named, off as before", `"timedMessages":{"enable":"off"}`, ""},
		{"another time", `"timedMessages":{"enable":"off","ttl":60},"voice":{"enable":"on"}`, ""},
		{"off for owners", `"timedMessages":{"enable":"off"},"files":{"enable":"off","role":"owner"}`, "Files and media: off"},
		{"off for admins", `"files":{"enable":"off","role":"admin"}`, ""},
		{"on for admins", `"files":{"enable":"on","role":"admin"}`, "Files and media: on for admins"},
	} {
		told(t, host)
		told(t, alice)
		keep(t, net, []rule{{host, profile(tt.prefs), "groupUpdated", ""}})
		for _, p := range []*sim.Person{host, alice} {
			all := told(t, p)
			_, text, found := strings.Cut(all, `"itemText":"`)
			text, _, _ = strings.Cut(text, `"`)
			if text != tt.want || strings.Contains(text, "owner") || found && tt.want == "" {
				t.Errorf("%s: %s: got %q, want %q", tt.name, p.Name(), text, tt.want)
			}
		}
	}
}

// TestBusinessProfile: the customer goes on to see the business, whatever the
// business calls the chat.
func TestBusinessProfile(t *testing.T) {
	t.Parallel()
	net := virtual(t, sim.Options{Seed: 1})
	shop, alice := person(t, net, "shop"), person(t, net, "alice")
	link, err := shop.Address()
	must(t, err)
	keep(t, net, []rule{{shop, `/_address_settings 1 {"businessAddress":true,"autoAccept":{"acceptIncognito":false}}`, "userContactLinkUpdated", ""}})
	must(t, alice.Connect(link))
	told(t, alice)
	keep(t, net, []rule{{shop, `/_group_profile #1 {"displayName":"case 17","fullName":"","groupPreferences":{"voice":{"enable":"off"}}}`, "groupUpdated", "case 17"}})
	all := told(t, alice)
	for _, want := range []string{`"type":"groupUpdated"`, `"itemText":"Voice messages: off"`} {
		if !strings.Contains(all, want) {
			t.Errorf("got %s, want %s", all, want)
		}
	}
	if strings.Contains(all, "case 17") || strings.Contains(all, "group profile updated") {
		t.Errorf("got %s", all)
	}
	keep(t, net, []rule{
		{alice, "/_groups 1", "groupsList", `"groupProfile":{"displayName":"shop"`},
		{shop, `/_group_profile #1 {"displayName":"case 18","fullName":"","groupPreferences":{"voice":{"enable":"off"}}}`, "groupUpdated", "case 18"},
	})
	if all := told(t, alice); all != "" {
		t.Errorf("got %s", all)
	}
}
