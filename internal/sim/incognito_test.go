package sim_test

import (
	"strings"
	"testing"

	"github.com/simplex-lua/simplex-lua/internal/sim"
)

// TestIncognitoInvited: a contact who gave a random name joins a group under it.
func TestIncognitoInvited(t *testing.T) {
	t.Parallel()
	net := virtual(t, sim.Options{Seed: 1})
	host, alice, bob := person(t, net, "host"), person(t, net, "alice"), person(t, net, "bob")
	link, err := host.Address()
	must(t, err)
	keep(t, net, []rule{{alice, "/connect i " + link, "sentInvitation", ""}})
	must(t, bob.Connect(link))
	team, err := host.CreateGroup("team")
	must(t, err)
	must(t, host.Invite(team, sim.Chat{Ref: "@5"}, "member"))
	must(t, bob.Join(sim.Chat{Ref: "#1"}))
	told(t, bob)
	must(t, host.Invite(team, sim.Chat{Ref: "@4"}, "admin"))
	keep(t, net, []rule{
		{alice, "/_groups 1", "groupsList", `"memberStatus":"invited"`},
		{alice, "/_join #1", "userAcceptedGroupSent", ""},
		{alice, "/_add #1 4 member", "contactIncognitoCantInvite", ""},
		{alice, renamed("alicia"), "userProfileUpdated", ""},
		{alice, text("#1", "hi"), "newChatItems", ""},
	})
	for _, p := range []*sim.Person{host, bob} {
		if all := told(t, p); strings.Contains(all, "alic") || !strings.Contains(all, `"itemText":"hi"`) {
			t.Errorf("%s knows who it is: %s", p.Name(), all)
		}
	}
	_, all := answer(t, alice, "/_info #1")
	_, membership, _ := strings.Cut(all, `"membership":`)
	_, name, _ := strings.Cut(membership, `"localDisplayName":"`)
	if strings.HasPrefix(name, "alic") {
		t.Errorf("alice is a member under her own name: %s", membership)
	}
}
