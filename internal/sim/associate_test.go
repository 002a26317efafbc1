package sim_test

import (
	"strings"
	"testing"

	"github.com/simplex-lua/simplex-lua/internal/sim"
)

// joinedByLink is a group of the first, and each of the others joins it by its link.
func joinedByLink(t *testing.T, first *sim.Person, others ...*sim.Person) (link string) {
	t.Helper()
	team, err := first.CreateGroup("team")
	must(t, err)
	link, err = first.GroupLink(team)
	must(t, err)
	for _, p := range others {
		must(t, p.Connect(link))
	}
	return link
}

// TestContactJoinsByLink: a contact who joins the group of the other one by its
// link is known to be the same person, at both ends.
func TestContactJoinsByLink(t *testing.T) {
	t.Parallel()
	net := virtual(t, sim.Options{Seed: 1})
	alice, bob, _ := connected(t, net)
	told(t, alice)
	told(t, bob)
	joinedByLink(t, alice, bob)
	for _, p := range []*sim.Person{alice, bob} {
		all := told(t, p)
		i := strings.Index(all, `"type":"contactAndMemberAssociated"`)
		if i < 0 {
			t.Fatalf("%s was not told: %s", p.Name(), all)
		}
		_, event, _ := strings.Cut(all[i:], `"member":`)
		if !strings.Contains(event, `"localDisplayName":"`+map[string]string{"alice": "bob", "bob": "alice"}[p.Name()]+`_1"`) {
			t.Errorf("%s: the member is shown as it was: got %s", p.Name(), event)
		}
	}
	keep(t, net, []rule{
		{alice, "/_members #1", "groupMembers", `"localDisplayName":"bob","memberProfile":{"profileId":4,`},
		{alice, "/_members #1", "groupMembers", `"memberContactId":4,"memberContactProfileId":4`},
		{bob, "/_members #1", "groupMembers", `"memberContactId":4`},
		{alice, "/_add #1 4 member", "groupDuplicateMember", ""},
	})
}

// TestMembersWhoAreContacts: two members who were contacts before find each other
// when they connect, and a member who becomes a contact is known, too.
func TestMembersWhoAreContacts(t *testing.T) {
	t.Parallel()
	net := virtual(t, sim.Options{Seed: 1})
	alice, bob, _ := connected(t, net)
	carol := person(t, net, "carol")
	joinedByLink(t, carol, alice, bob)
	for _, p := range []*sim.Person{alice, bob} {
		if all := told(t, p); strings.Count(all, "contactAndMemberAssociated") != 1 {
			t.Errorf("%s: want one contact: got %s", p.Name(), all)
		}
	}
	told(t, carol)
	link, err := carol.Address()
	must(t, err)
	must(t, bob.Connect(link))
	keep(t, net, []rule{
		{bob, "/_contacts 1", "contactsList", `"localDisplayName":"carol","profile"`},
		{bob, "/_members #1", "groupMembers", `"localDisplayName":"carol"`},
	})
	all := told(t, carol)
	_, event, found := strings.Cut(all, `"type":"contactAndMemberAssociated"`)
	if !found || !strings.Contains(event, `"updatedContact":{"contactId":4,"localDisplayName":"bob",`) {
		t.Errorf("the contact takes the name of the member: got %s", event)
	}
}

// TestKeptApart: nobody is recognised where one side does not want it, or is
// incognito.
func TestKeptApart(t *testing.T) {
	t.Parallel()
	for name, first := range map[string]string{"asked": "alice", "asking": "bob"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			net := virtual(t, sim.Options{Seed: 1})
			alice, bob, _ := connected(t, net)
			for _, p := range []*sim.Person{alice, bob} {
				if p.Name() == first {
					keep(t, net, []rule{{p, "/contact_merge off", "cmdOk", ""}})
				}
			}
			joinedByLink(t, alice, bob)
			if all := told(t, alice) + told(t, bob); strings.Contains(all, "contactAndMemberAssociated") {
				t.Errorf("got %s", all)
			}
			keep(t, net, []rule{{alice, "/_members #1", "groupMembers", `"localDisplayName":"bob_1"`}})
		})
	}
}
