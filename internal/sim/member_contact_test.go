package sim_test

import (
	"strings"
	"testing"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/sim"
)

// directTeam is a group in which members may be contacts, with two who joined.
func directTeam(t *testing.T) (net *sim.Network, alice, bob *sim.Person) {
	t.Helper()
	net = virtual(t, sim.Options{Seed: 1})
	host := person(t, net, "host")
	alice, bob = person(t, net, "alice"), person(t, net, "bob")
	keep(t, net, []rule{{host, `/_group 1 {"displayName":"team","fullName":"","groupPreferences":{"directMessages":{"enable":"on"}}}`, "groupCreated", ""}})
	link, err := host.GroupLink(sim.Chat{Ref: "#1"})
	must(t, err)
	for _, p := range []*sim.Person{alice, bob} {
		must(t, p.Connect(link))
	}
	keep(t, net, []rule{
		{alice, "/_members #1", "groupMembers", `"groupMemberId":3`},
		{bob, "/_create member contact #1 3", "newMemberContact", `"contactId":4`},
	})
	told(t, alice)
	return net, alice, bob
}

// TestMemberContactAgain: a member who was a contact becomes the same contact again.
func TestMemberContactAgain(t *testing.T) {
	t.Parallel()
	net, alice, bob := directTeam(t)
	keep(t, net, []rule{
		{bob, "/_invite member contact @4 text one", "newMemberContactSentInv", ""},
		{alice, "/_accept member contact @4", "memberContactAccepted", ""},
		{bob, "/_delete @4", "contactDeleted", ""},
		{bob, "/_create member contact #1 3", "newMemberContact", `"contactId":4`},
	})
	told(t, alice)
	keep(t, net, []rule{{bob, "/_invite member contact @4 text two", "newMemberContactSentInv", ""}})
	all := told(t, alice)
	for _, want := range []string{`"itemText":"security code changed"`, `"type":"newMemberContactReceivedInv"`, `"itemText":"two"`, `"contactStatus":"active"`} {
		if !strings.Contains(all, want) {
			t.Errorf("got %s, want %s", all, want)
		}
	}
	if strings.Contains(all, "chat banner") || strings.Contains(all, `"contactId":5`) {
		t.Errorf("got %s", all)
	}
	keep(t, net, []rule{
		{alice, "/_accept member contact @4", "memberContactAccepted", ""},
		{alice, text("@4", "hi"), "newChatItems", ""},
	})
	if all := told(t, bob); !strings.Contains(all, `"itemText":"hi"`) {
		t.Errorf("got %s", all)
	}
}

// TestMemberContactBothAsk: of two who ask at once, one joins the other.
func TestMemberContactBothAsk(t *testing.T) {
	t.Parallel()
	net, alice, bob := directTeam(t)
	net.SetDelay(time.Minute, 0)
	keep(t, net, []rule{
		{bob, "/_set accept member contacts 1 on", "cmdOk", ""},
		{alice, "/_set accept member contacts 1 on", "cmdOk", ""},
		{alice, "/_create member contact #1 3", "newMemberContact", `"contactId":4`},
		{bob, "/_invite member contact @4", "newMemberContactSentInv", ""},
		{alice, "/_invite member contact @4", "newMemberContactSentInv", ""},
	})
	net.Advance(10 * time.Minute)
	net.SetDelay(0, 0)
	net.Advance(10 * time.Minute)
	all := told(t, alice) + told(t, bob)
	if strings.Count(all, `"type":"newMemberContactReceivedInv"`) != 2 || strings.Count(all, "security code changed") != 1 {
		t.Errorf("got %s", all)
	}
	keep(t, net, []rule{
		{bob, text("@4", "hi"), "newChatItems", ""},
		{alice, "/_get chat @4 count=1", "apiChat", `"itemText":"hi"`},
	})
}

// TestMemberContactRefused: the invitation of a blocked member, and one that the
// group does not allow, are complained about.
func TestMemberContactRefused(t *testing.T) {
	t.Parallel()
	net, alice, bob := directTeam(t)
	keep(t, net, []rule{
		{alice, `/_member settings #1 3 {"showMessages":false}`, "cmdOk", ""},
		{bob, "/_invite member contact @4", "newMemberContactSentInv", ""},
	})
	all := told(t, alice)
	if !strings.Contains(all, `"severity":"warning","errorMessage":"x.grp.direct.inv: member is blocked (ignoring)"`) || strings.Contains(all, "newMemberContact") {
		t.Errorf("got %s", all)
	}
}
