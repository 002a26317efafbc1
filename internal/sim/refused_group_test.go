package sim_test

import (
	"testing"

	"github.com/simplex-lua/simplex-lua/internal/sim"
)

// TestNotHeardInGroup: who left a group, may not write in it, or has nobody to
// write to, gets the core's error.
func TestNotHeardInGroup(t *testing.T) {
	t.Parallel()
	net := virtual(t, sim.Options{Seed: 1})
	alice, bob, toBob := connected(t, net)
	team, err := alice.CreateGroup("team")
	must(t, err)
	must(t, alice.Invite(team, toBob, "member"))
	must(t, bob.Join(sim.Chat{Ref: "#1"}))
	link := func(p *sim.Person) string {
		l, err := p.Address()
		must(t, err)
		return l
	}
	linked := ` json {"msgContent":{"type":"text","text":"see ` + link(alice) + `"},"mentions":{}}`
	report := ` json {"msgContent":{"type":"report","text":"","reason":"spam"},"mentions":{}}`
	voice := `/_send #1 json [{"msgContent":{"type":"voice","text":"","duration":3},"mentions":{}}]`
	keep(t, net, []rule{
		{alice, text("#1", "mine"), "newChatItems", `"itemId":22`},
		{bob, text("#1", "hi"), "newChatItems", `"itemId":23`},
		{bob, text("#1(_support)", "help"), "newChatItems", ""},
		{bob, "/_update item #1 23" + report, "sending reports via this API is not supported", ""},
		{alice, text("#1(_support)", "help"), "no admins support this message", ""},
		{alice, "/_report #1 23 reason=spam", "no admins support this message", ""},
		{alice, "/_report #9 23 reason=spam", "groupNotFound", ""},
		{bob, "/_reaction #1 1" + thumb, "chatItemNotFound", ""},
		{bob, "/_reaction #1 11" + thumb, "invalid reaction", ""},
		{alice, `/_group_profile #1 {"displayName":"team","fullName":"","groupPreferences":{"voice":{"enable":"off"},"simplexLinks":{"enable":"on","role":"owner"}}}`, "groupUpdated", ""},
		{bob, voice, "feature not allowed Voice messages", ""},
		{bob, "/_update item #1 23" + linked, "feature not allowed SimpleX links", ""},
		{bob, "/_update item #1 99" + linked, "feature not allowed SimpleX links", ""},
		{bob, "/_update item #1 23" + ` json {"msgContent":{"type":"text","text":"hi @x"},"mentions":{"x":99}}`, "groupMemberNotFound", ""},
		{alice, "/_member role #1 2 observer", "membersRoleUser", ""},
		{bob, "/_update item #1 23" + newer, "groupUserRole", `"requiredRole":"author"`},
		{bob, "/_update item #1(_support) 23" + newer, "chatItemUpdated", ""},
		{bob, "/_reaction #1 22" + thumb, "chatItemReaction", ""},
		{bob, "/_delete item #1 23 broadcast", "chatItemsDeleted", ""},
		{bob, "/_leave #1", "leftMemberUser", ""},
		{bob, text("#1", "still here"), "not current member", ""},
		{bob, text("#1(_support)", "still here"), "groupMemberUserRemoved", ""},
		{bob, "/_reaction #1 22" + thumb, "not current member", ""},
		{bob, "/_delete item #1 24 broadcast", "not current member", ""},
		{bob, "/_report #1 22 reason=spam", "groupMemberUserRemoved", ""},
		{alice, text("#1(_support:2)", "come back"), "support member not current or pending", ""},
		{alice, text("#1(_support:7)", "who?"), "groupMemberNotFound", ""},
		{alice, text("#1(_support:7)", "who?"), "groupMemberNotFound", ""},
	})
}
