package sim_test

import (
	"strings"
	"testing"

	"github.com/simplex-lua/simplex-lua/internal/sim"
)

// TestUnknownRemoved: the removal of somebody who was forgotten is complained
// about.
func TestUnknownRemoved(t *testing.T) {
	t.Parallel()
	net := virtual(t, sim.Options{Seed: 1})
	host, alice, bob := person(t, net, "host"), person(t, net, "alice"), person(t, net, "bob")
	joinedByLink(t, host, alice, bob)
	keep(t, net, []rule{
		{bob, "/_leave #1", "leftMemberUser", ""},
		{alice, "/_clear chat #1", "chatCleared", ""},
	})
	told(t, alice)
	keep(t, net, []rule{{host, "/_remove #1 3", "userDeletedMembers", ""}})
	if all := told(t, alice); !strings.Contains(all, `"severity":"error","errorMessage":"x.grp.mem.del with unknown member ID"`) {
		t.Errorf("got %s", all)
	}
}

// TestWaitingRemoved: only moderators are told that somebody who waited is gone.
func TestWaitingRemoved(t *testing.T) {
	t.Parallel()
	net, host, _, link := waiting(t)
	bob, carol := person(t, net, "bob"), person(t, net, "carol")
	address, err := host.Address()
	must(t, err)
	for i, p := range []*sim.Person{bob, carol} {
		must(t, p.Connect(address))
		must(t, host.Invite(sim.Chat{Ref: "#1"}, sim.Chat{Ref: []string{"@4", "@5"}[i]}, []string{"member", "moderator"}[i]))
		must(t, p.Join(sim.Chat{Ref: "#1"}))
	}
	dan := person(t, net, "dan")
	must(t, dan.Connect(link))
	told(t, bob)
	told(t, carol)
	keep(t, net, []rule{{host, "/_remove #1 5", "userDeletedMembers", `"localDisplayName":"dan"`}})
	if all := told(t, bob); all != "" {
		t.Errorf("bob: got %s", all)
	}
	if all := told(t, carol); !strings.Contains(all, `"type":"deletedMember"`) {
		t.Errorf("carol: got %s", all)
	}
}
