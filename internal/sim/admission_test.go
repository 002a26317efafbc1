package sim_test

import (
	"strings"
	"testing"

	"github.com/simplex-lua/simplex-lua/internal/sim"
)

// waiting is a group of the host in which alice waits for a review.
func waiting(t *testing.T) (net *sim.Network, host, alice *sim.Person, link string) {
	t.Helper()
	net = virtual(t, sim.Options{Seed: 1})
	host, alice = person(t, net, "host"), person(t, net, "alice")
	keep(t, net, []rule{{host, `/_group 1 {"displayName":"team","fullName":"","memberAdmission":{"review":"all"}}`, "groupCreated", ""}})
	link, err := host.GroupLink(sim.Chat{Ref: "#1"})
	must(t, err)
	must(t, alice.Connect(link))
	told(t, host)
	told(t, alice)
	return net, host, alice, link
}

// inSupport is how an event about the user's own chat with the moderators begins.
const inSupport = `"groupChatScope":{"type":"memberSupport"}},"chatItem":{"chatDir"`

// TestWaitingLeaves: who leaves while waiting says so in the chat with the
// moderators.
func TestWaitingLeaves(t *testing.T) {
	t.Parallel()
	net, host, alice, _ := waiting(t)
	keep(t, net, []rule{
		{alice, "/_leave #1", "leftMemberUser", `"memberStatus":"left"`},
		{alice, "/_get chat #1(_support) count=1", "apiChat", `"itemText":"left"`},
		{host, "/_get chat #1(_support:2) count=9", "apiChat", `"itemText":"left"`},
	})
	if all := told(t, alice); !strings.Contains(all, inSupport) {
		t.Errorf("alice: got %s", all)
	}
	all := told(t, host)
	if !strings.Contains(all, `"groupChatScope":{"type":"memberSupport","groupMember_":`) || !strings.Contains(all, `"type":"leftMember"`) ||
		strings.Contains(all, `"membersRequireAttention":1`) {
		t.Errorf("host: got %s", all)
	}
}

// TestWaitingIsTold: who waits learns of changes of the group, and of its end.
func TestWaitingIsTold(t *testing.T) {
	t.Parallel()
	net, host, alice, _ := waiting(t)
	keep(t, net, []rule{{host, `/_group_profile #1 {"displayName":"crew","fullName":"","memberAdmission":{"review":"all"},"groupPreferences":{"voice":{"enable":"off"}}}`, "groupUpdated", ""}})
	all := told(t, alice)
	if !strings.Contains(all, `"type":"groupUpdated","user"`) || strings.Count(all, inSupport) != 2 {
		t.Errorf("got %s", all)
	}
	keep(t, net, []rule{
		{host, text("#1(_support:2)", "sorry"), "newChatItems", ""},
		{host, "/_delete #1", "groupDeletedUser", ""},
	})
	all = told(t, alice)
	if !strings.Contains(all, `"type":"groupDeleted","user"`) || !strings.Contains(all, `"itemText":"deleted group"`) {
		t.Errorf("got %s", all)
	}
}
