package sim_test

import (
	"fmt"
	"testing"

	"github.com/simplex-lua/simplex-lua/internal/sim"
)

// TestReceiptsInSmallGroups: receipts are sent while there are 20 members at most.
func TestReceiptsInSmallGroups(t *testing.T) {
	t.Parallel()
	net := virtual(t, sim.Options{Seed: 1})
	host := person(t, net, "host")
	var others []*sim.Person
	for i := range 20 {
		others = append(others, person(t, net, fmt.Sprint("member", i)))
	}
	joinedByLink(t, host, others...)
	statusOf := func(want string) {
		t.Helper()
		id, _ := lastItem(t, host, "#1")
		keep(t, net, []rule{{host, "/_get item info #1 " + id, "chatItemInfo", `"itemStatus":{"type":"` + want + `"`}})
	}
	keep(t, net, []rule{{host, text("#1", "to many"), "newChatItems", ""}})
	statusOf("sndSent")
	keep(t, net, []rule{
		{others[0], "/_leave #1", "leftMemberUser", ""},
		{host, text("#1", "to fewer"), "newChatItems", ""},
	})
	statusOf("sndRcvd")
}
