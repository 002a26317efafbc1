package sim_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/simplex-lua/simplex-lua/internal/sim"
)

// TestMemberGone: what is sent to a member whose user was deleted is refused, until
// nothing is sent there any more.
func TestMemberGone(t *testing.T) {
	t.Parallel()
	net := virtual(t, sim.Options{Seed: 1})
	host, alice, bob := person(t, net, "host"), person(t, net, "alice"), person(t, net, "bob")
	joinedByLink(t, host, alice, bob)
	keep(t, net, []rule{
		{bob, "/_delete user 1 del_smp=on", "cmdOk", ""},
		{host, text("#1", "1"), "newChatItems", ""},
	})
	id, _ := lastItem(t, host, "#1")
	keep(t, net, []rule{{host, "/_get item info #1 " + id, "chatItemInfo", `{"groupMemberId":3,"memberDeliveryStatus":{"type":"error","agentError":{"type":"auth"}},"sentViaProxy":false}`}})
	for i := range 9 {
		if all := told(t, host); strings.Contains(all, "connectionDisabled") {
			t.Fatalf("after %d messages: got %s", i+1, all)
		}
		keep(t, net, []rule{{host, text("#1", fmt.Sprint(i+2)), "newChatItems", ""}})
	}
	if all := told(t, host); strings.Count(all, `"type":"connectionDisabled","connectionEntity":{"type":"rcvGroupMsgConnection"`) != 1 {
		t.Errorf("got %s", all)
	}
	keep(t, net, []rule{{host, text("#1", "last"), "newChatItems", ""}})
	id, _ = lastItem(t, host, "#1")
	if _, all := answer(t, host, "/_get item info #1 "+id); strings.Contains(all, `{"groupMemberId":3`) {
		t.Errorf("still sent: %s", all)
	}
}
