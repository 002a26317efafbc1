package sim_test

import (
	"strings"
	"testing"

	"github.com/simplex-lua/simplex-lua/internal/sim"
)

// told returns what a person's core told and nobody took yet.
func told(t *testing.T, p *sim.Person) string {
	t.Helper()
	var all strings.Builder
	for {
		event, err := p.Core.Receive(1)
		must(t, err)
		if event == nil {
			return all.String()
		}
		if err := documented(p, event); err != nil {
			t.Errorf("%s: %v", event, err)
		}
		all.Write(event)
		all.WriteByte('\n')
	}
}

// TestMentionsAndBlocks: who may be mentioned how, and what is seen of somebody
// whom the user blocked.
func TestMentionsAndBlocks(t *testing.T) {
	t.Parallel()
	net := virtual(t, sim.Options{Seed: 1})
	alice, bob, toBob := connected(t, net)
	team, err := alice.CreateGroup("team")
	must(t, err)
	must(t, alice.Invite(team, toBob, "member"))
	must(t, bob.Join(sim.Chat{Ref: "#1"}))
	mention := func(text, mentions string) string {
		return `/_send #1 json [{"msgContent":{"type":"text","text":"` + text + `"},"mentions":{` + mentions + `}}]`
	}
	keep(t, net, []rule{
		{alice, mention("hi @bob", `"bob":2`), "newChatItems", `"mentions":{"bob":`},
		{alice, mention("hi *there*", `"bob":2`), "invalidMention", ""},
		{alice, mention("hi there", `"bob":2`), "newChatItems", `"mentions":{}`},
		{alice, mention("@bob @bobby", `"bob":2,"bobby":2`), "invalidMention", ""},
		{alice, mention("hi @bob", `"bob":9`), "groupMemberNotFound", ""},
	})
	told(t, bob)
	keep(t, net, []rule{
		{bob, `/_member settings #1 1 {"showMessages":false}`, "cmdOk", ""},
		{alice, mention("hi @bob", `"bob":2`), "newChatItems", ""},
	})
	if got := told(t, bob); !strings.Contains(got, `"itemDeleted":{"type":"blocked"`) || !strings.Contains(got, `"userMention":false`) {
		t.Errorf("a message of a blocked member: got %s", got)
	}
	keep(t, net, []rule{
		{bob, "/_leave #1", "leftMemberUser", ""},
		{bob, text("#1", "x"), "not current member", ""},
		{bob, "/_member role #1 1 member", "groupUserRole", ""},
		{alice, `/_set prefs @4 {"voice":{"allow":"yes"}}`, "contactPrefsUpdated", ""},
	})
}

// TestEditOfGone: an edit of a message that is here no more disappears as the
// message would have.
func TestEditOfGone(t *testing.T) {
	t.Parallel()
	net := virtual(t, sim.Options{Seed: 1})
	alice, bob, _ := connected(t, net)
	keep(t, net, []rule{
		{alice, `/_set prefs @4 {"timedMessages":{"allow":"yes","ttl":3600}}`, "contactPrefsUpdated", ""},
		{bob, `/_set prefs @4 {"timedMessages":{"allow":"yes","ttl":3600}}`, "contactPrefsUpdated", ""},
		{alice, text("@4", "one"), "newChatItems", `"itemTimed":{"ttl":3600`},
	})
	told(t, bob)
	mine, _ := lastItem(t, alice, "@4")
	his, _ := lastItem(t, bob, "@4")
	keep(t, net, []rule{
		{bob, "/_delete item @4 " + his + " internal", "chatItemsDeleted", ""},
		{alice, "/_update item @4 " + mine + ` json {"msgContent":{"type":"text","text":"two"},"mentions":{}}`, "chatItemUpdated", ""},
	})
	if all := told(t, bob); !strings.Contains(all, `"type":"chatItemUpdated"`) || !strings.Contains(all, `"itemTimed":{"ttl":3600}`) {
		t.Errorf("got %s", all)
	}
}

// TestDeletedTwice: what was deleted here can't be deleted or answered again.
func TestDeletedTwice(t *testing.T) {
	t.Parallel()
	net := virtual(t, sim.Options{Seed: 1})
	alice, bob, _ := connected(t, net)
	keep(t, net, []rule{
		{alice, text("@4", "one"), "newChatItems", `"itemId":8`},
		{alice, text("@4", "two"), "newChatItems", `"itemId":9`},
		{bob, "/_delete item @4 8 internalMark", "chatItemsDeleted", ""},
		{bob, "/_delete item @4 9 internal", "chatItemsDeleted", ""},
		{alice, `/_reaction @4 8 on {"type":"emoji","emoji":"👍"}`, "chatItemReaction", ""},
		{alice, "/_delete item @4 8 broadcast", "chatItemsDeleted", ""},
		{alice, `/_update item @4 9 json {"msgContent":{"type":"text","text":"three"},"mentions":{}}`, "chatItemUpdated", ""},
	})
	got := told(t, bob)
	if strings.Contains(got, `"chatItemReaction"`) || !strings.Contains(got, "x.msg.del: contact attempted invalid message delete") {
		t.Errorf("got %s", got)
	}
	keep(t, net, []rule{{bob, "/_get item info @4 10", "chatItemInfo", `"chatItemVersionId"`}})
}
