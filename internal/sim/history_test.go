package sim_test

import (
	"strings"
	"testing"

	"github.com/simplex-lua/simplex-lua/internal/sim"
)

// TestNewMemberKnowsBlocked: a new member learns who is blocked for all.
func TestNewMemberKnowsBlocked(t *testing.T) {
	t.Parallel()
	net := virtual(t, sim.Options{Seed: 1})
	host, alice, bob := person(t, net, "host"), person(t, net, "alice"), person(t, net, "bob")
	link := joinedByLink(t, host, alice)
	keep(t, net, []rule{{host, "/_block #1 2 blocked=on", "membersBlockedForAllUser", ""}})
	must(t, bob.Connect(link))
	told(t, bob)
	keep(t, net, []rule{
		{bob, "/_members #1", "groupMembers", `"blockedByAdmin":true`},
		{alice, text("#1", "hi"), "newChatItems", ""},
	})
	if all := told(t, bob); !strings.Contains(all, `"itemDeleted":{"type":"blockedByAdmin"`) {
		t.Errorf("got %s", all)
	}
}
