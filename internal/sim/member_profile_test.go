package sim_test

import (
	"strings"
	"testing"

	"github.com/simplex-lua/simplex-lua/internal/sim"
)

// renamed is the command that gives a person another name.
func renamed(name string) string { return `/_profile 1 {"displayName":"` + name + `","fullName":""}` }

// TestNewProfileInGroup: members who are no contacts hear of a new profile ahead
// of the next thing that is sent to the group, once.
func TestNewProfileInGroup(t *testing.T) {
	t.Parallel()
	for what, next := range map[string]rule{
		"message":  {cmd: text("#1", "hi"), want: "newChatItems"},
		"edit":     {cmd: `/_update item #1 ID json {"msgContent":{"type":"text","text":"two"},"mentions":{}}`, want: "chatItemUpdated"},
		"deletion": {cmd: "/_delete item #1 ID broadcast", want: "chatItemsDeleted"},
		"reaction": {cmd: `/_reaction #1 ID on {"type":"emoji","emoji":"👍"}`, want: "chatItemReaction"},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			net := virtual(t, sim.Options{Seed: 1})
			host, alice, bob := person(t, net, "host"), person(t, net, "alice"), person(t, net, "bob")
			joinedByLink(t, host, alice, bob)
			link, err := bob.Address()
			must(t, err)
			must(t, host.Connect(link)) // and so learns of it from bob himself
			keep(t, net, []rule{
				{bob, text("#1", "one"), "newChatItems", `"itemId":`},
				{bob, renamed("robert"), "userProfileUpdated", ""},
			})
			if all := told(t, alice); strings.Contains(all, "robert") {
				t.Fatalf("told before anything is sent: %s", all)
			}
			told(t, host)
			_, all := answer(t, bob, "/_get chat #1 count=1")
			_, id, _ := strings.Cut(all, `"itemId":`)
			id, _, _ = strings.Cut(id, ",")
			keep(t, net, []rule{
				{bob, strings.Replace(next.cmd, "ID", id, 1), next.want, `"userMemberProfileSentAt":"2026-01-01T00:00:00`},
				{bob, text("#1", "again"), "newChatItems", `"userMemberProfileSentAt":"2026-01-01T00:00:02`},
			})
			all = told(t, alice)
			events := strings.Split(all, "\n")
			if !strings.Contains(events[0], `"content":{"type":"rcvGroupEvent","rcvGroupEvent":{"type":"memberProfileUpdated","fromProfile":{"displayName":"bob",`) ||
				!strings.Contains(events[1], `"type":"groupMemberUpdated"`) || strings.Count(all, "memberProfileUpdated") != 1 {
				t.Errorf("alice: got %s", all)
			}
			if all := told(t, host); strings.Contains(all, "memberProfileUpdated") {
				t.Errorf("a contact is told in the group, too: %s", all)
			}
			keep(t, net, []rule{{alice, "/_members #1", "groupMembers", `"localDisplayName":"robert"`}})
		})
	}
}

// TestNewProfileStaysHidden: a group that the user is in under a random name, and
// a chat with the moderators, hear nothing.
func TestNewProfileStaysHidden(t *testing.T) {
	t.Parallel()
	net := virtual(t, sim.Options{Seed: 1})
	host, alice := person(t, net, "host"), person(t, net, "alice")
	joinedByLink(t, host, alice)
	keep(t, net, []rule{
		{alice, renamed("alicia"), "userProfileUpdated", ""},
		{alice, text("#1(_support)", "help"), "newChatItems", ""},
	})
	if all := told(t, host); strings.Contains(all, "alicia") {
		t.Errorf("told in the support chat: %s", all)
	}
	keep(t, net, []rule{
		{alice, `/_group 1 incognito=on {"displayName":"secret","fullName":""}`, "groupCreated", ""},
		{alice, renamed("alice"), "userProfileUpdated", ""},
		{alice, text("#2", "hi"), "newChatItems", ""},
	})
	_, before := answer(t, alice, "/_info #2")
	keep(t, net, []rule{{alice, text("#2", "hi"), "newChatItems", ""}})
	_, after := answer(t, alice, "/_info #2")
	sentAt := func(s string) string {
		_, at, _ := strings.Cut(s, `"userMemberProfileSentAt":`)
		return at[:20]
	}
	if sentAt(before) != sentAt(after) {
		t.Errorf("got %s, then %s", sentAt(before), sentAt(after))
	}
}

// TestBusinessRenamed: the chat of a customer has the customer's new name.
func TestBusinessRenamed(t *testing.T) {
	t.Parallel()
	net := virtual(t, sim.Options{Seed: 1})
	shop, alice := person(t, net, "shop"), person(t, net, "alice")
	link, err := shop.Address()
	must(t, err)
	keep(t, net, []rule{{shop, `/_address_settings 1 {"businessAddress":true,"autoAccept":{"acceptIncognito":false}}`, "userContactLinkUpdated", ""}})
	must(t, alice.Connect(link))
	told(t, shop)
	keep(t, net, []rule{
		{alice, renamed("alicia"), "userProfileUpdated", ""},
		{alice, text("#1", "hi"), "newChatItems", ""},
		{shop, "/_groups 1", "groupsList", `"groupProfile":{"displayName":"alicia"`},
	})
	if all := told(t, shop); strings.Index(all, `"type":"groupUpdated"`) != len(`{"result":{`) {
		t.Errorf("got %s", all)
	}
}
