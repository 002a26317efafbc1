package sim_test

import (
	"strings"
	"testing"

	"github.com/simplex-lua/simplex-lua/internal/sim"
)

// TestForwardedByHost: members who are not connected yet hear each other through
// the one who introduced them.
func TestForwardedByHost(t *testing.T) {
	t.Parallel()
	net := virtual(t, sim.Options{Seed: 1})
	host, alice, bob := person(t, net, "host"), person(t, net, "alice"), person(t, net, "bob")
	link := joinedByLink(t, host, alice)
	told(t, alice)
	alice.Close()
	must(t, bob.Connect(link))
	told(t, bob)
	keep(t, net, []rule{{bob, text("#1", "hello all"), "newChatItems", ""}})
	id, _ := lastItem(t, bob, "#1")
	keep(t, net, []rule{
		{bob, "/_get item info #1 " + id, "chatItemInfo", `"memberDeliveryStatus":{"type":"forwarded"}`},
		{bob, "/_get item info #1 " + id, "chatItemInfo", `"itemStatus":{"type":"sndRcvd","msgRcptStatus":"ok","sndProgress":"partial"}`},
		{bob, "/_reaction #1 " + id + thumb, "chatItemReaction", ""},
	})
	alice = person(t, net, "alice")
	all := told(t, alice)
	added, text, connected := strings.Index(all, `"itemText":"added bob"`), strings.Index(all, `"itemText":"hello all"`), strings.Index(all, "connectedToGroupMember")
	if added < 0 || text < added || connected < text || !strings.Contains(all, `"type":"chatItemReaction"`) || strings.Count(all, `"type":"newChatItems"`) != 3 {
		t.Fatalf("got %s", all)
	}
	_, meta, _ := strings.Cut(all, `"itemText":"hello all"`)
	if meta, _, _ = strings.Cut(meta, `"content"`); !strings.Contains(meta, `"forwardedByMember":1`) {
		t.Errorf("got %s", meta)
	}
	told(t, bob)
	keep(t, net, []rule{{bob, "/_send #1 text again", "newChatItems", ""}})
	if all := told(t, alice); strings.Contains(all, "forwardedByMember") {
		t.Errorf("they are connected now: %s", all)
	}
}
