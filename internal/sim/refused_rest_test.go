package sim_test

import (
	"strings"
	"testing"

	"github.com/simplex-lua/simplex-lua/internal/sim"
)

// TestErrorsInOrder: what can't be read comes before what may not be done.
func TestErrorsInOrder(t *testing.T) {
	t.Parallel()
	net := virtual(t, sim.Options{Seed: 1})
	alice, bob, _ := connected(t, net)
	const bad = "Failed reading: empty"
	keep(t, net, []rule{
		{alice, `/_profile 9 {}`, bad, ""},
		{alice, `/_profile 9 {"displayName":"x","fullName":""}`, "differentActiveUser", ""},
		{alice, `/_group 9 {"displayName":"x"}`, bad, ""},
		{alice, `/_address_settings 9 {"businessAddress":false,"autoAccept":{}}`, bad, ""},
		{alice, `/_address_settings 9 {"businessAddress":false}`, "differentActiveUser", ""},
		{bob, `/_address_settings 1 {"businessAddress":false,"autoAccept":{"acceptIncognito":true}}`, "incognito not allowed for address with short link data", ""},
		{alice, `/_settings @99 {"enableNtfs":"all"}`, bad, ""},
		{alice, `/_settings @99 {"enableNtfs":"all","favorite":false}`, "contactNotFound", ""},
		{alice, `/_member settings #1 9 {}`, bad, ""},
		{alice, `/_member settings #1 9 {"showMessages":true}`, "groupMemberNotFound", ""},
		{alice, `/_set prefs @99 {"voice":{"allow":"perhaps"}}`, bad, ""},
		{alice, `/_get chat @4 initial=3 search=x`, "internalError", "doesn't support search"},
		{alice, "/_stop", "chatStopped", ""},
		{alice, `/_send @99 json [{"msgContent":{"type":"text"},"mentions":{}}]`, bad, ""},
		{alice, `/_profile 1 {}`, bad, ""},
		{alice, "/_ttl 1", "chatItemTTL", ""},
		{alice, "/_get tags 1", "chatTags", ""},
		{alice, "/chats", "chats", ""},
		{alice, "/_contacts 9", "chatNotStarted", ""},
		{alice, "/_start", "chatStarted", ""},
	})
}

// TestMembersNamed: who is named twice or can't be invited again, and who stays
// invited when the invitation could not be sent.
func TestMembersNamed(t *testing.T) {
	t.Parallel()
	net := virtual(t, sim.Options{Seed: 1})
	alice, bob, toBob := connected(t, net)
	team, err := alice.CreateGroup("team")
	must(t, err)
	keep(t, net, []rule{
		{alice, "/_add #1 2 member", "contactNotReady", ""},
		{alice, "/_members #1", "groupMembers", `"memberStatus":"invited"`},
		{alice, "/_member role #1 2 observer", "membersRoleUser", `"members":[]`},
	})
	if all := told(t, alice); !strings.Contains(all, `"chatErrors":[{"type":"error","errorType":{"type":"contactNotReady"`) {
		t.Errorf("not told of an invitation that can't be sent: %s", all)
	}
	must(t, alice.Invite(team, toBob, "member"))
	keep(t, net, []rule{
		{bob, "/_delete @4 full", "contactDeleted", ""},
		{bob, "/_join #1", "contactNotFoundByMemberId", ""},
		{alice, "/_member role #1 3,3 observer", "groupMemberNotFound", ""},
		{alice, "/_member role #1 99,1 observer", "can't change role for self", ""},
		{alice, "/_remove #1 3,3", "groupMemberNotFound", ""},
	})
}

// TestNamesOfOthers: a user can't take the name of a chat, and only contacts for
// whom something changes are told of a profile.
func TestNamesOfOthers(t *testing.T) {
	t.Parallel()
	net := virtual(t, sim.Options{Seed: 1})
	alice, _, _ := connected(t, net)
	keep(t, net, []rule{
		{alice, `/_profile 1 {"displayName":"bob","fullName":""}`, "duplicateName", ""},
		{alice, `/_set prefs @4 {"voice":{"allow":"no"}}`, "contactPrefsUpdated", ""},
		{alice, `/_profile 1 {"displayName":"alice","fullName":"","preferences":{"voice":{"allow":"always"}}}`, "userProfileUpdated", `"updateSuccesses":0`},
		{alice, `/_profile 1 {"displayName":"alice","fullName":"A"}`, "userProfileUpdated", `"updateSuccesses":1`},
	})
}

// TestSwitchesOfUsers: replies show the user's switches as they were when the
// user became active, and any user's can be set.
func TestSwitchesOfUsers(t *testing.T) {
	t.Parallel()
	net := virtual(t, sim.Options{Seed: 1})
	alice := person(t, net, "alice")
	keep(t, net, []rule{
		{alice, "/_set receipts groups 1 off", "cmdOk", `"sendRcptsSmallGroups":true`},
		{alice, "/user", "activeUser", `"sendRcptsSmallGroups":true`},
		{alice, "/users", "usersList", `"sendRcptsSmallGroups":false`},
		{alice, "/_user 1", "activeUser", `"sendRcptsSmallGroups":false`},
		{alice, "/_set receipts contacts 9 off", "userUnknown", ""},
		{alice, `/_create user {"profile":{"displayName":"two","fullName":""},"pastTimestamp":false,"userChatRelay":false}`, "activeUser", ""},
		{alice, "/_set receipts contacts 1 off", "cmdOk", `"userId":2`},
		{alice, "/_user 1", "activeUser", `"sendRcptsContacts":false`},
	})
}

// TestClearedGroup: clearing a group forgets who is not in it any more, and a
// contact that is deleted stays a member.
func TestClearedGroup(t *testing.T) {
	t.Parallel()
	net := virtual(t, sim.Options{Seed: 1})
	alice, bob, toBob := connected(t, net)
	team, err := alice.CreateGroup("team")
	must(t, err)
	must(t, alice.Invite(team, toBob, "member"))
	must(t, bob.Join(sim.Chat{Ref: "#1"}))
	const reaction = `{"type":"emoji","emoji":"👍"}`
	keep(t, net, []rule{
		{alice, "/_members #1", "groupMembers", `"memberContactId":4`},
		{alice, "/_clear chat #1(_support)", "not supported", ""},
		{alice, "/_delete #1(_support)", "not supported", ""},
		{alice, "/_reaction members 9 #1 5 " + reaction, "differentActiveUser", ""},
		{alice, "/_reaction members 1 #9 5 " + reaction, "chatItemNotFound", ""},
		{bob, "/_archive reports #1", "groupChatItemsDeleted", `"chatItemIDs":[]`},
		{bob, "/_delete reports #1 1,99 internal", "chatItemsDeleted", `"chatItemDeletions":[]`},
		{alice, `/_prepare contact 1 garbage {"profile":{"displayName":"x","fullName":""},"business":false}`, "Failed reading: empty", ""},
		{alice, "/_accept incognito=on 1", "contactRequestNotFound", ""},
		{alice, "/_delete @4 full", "contactDeleted", ""},
		{alice, "/_members #1", "groupMembers", `"localDisplayName":"bob"`},
	})
	if _, all := answer(t, alice, "/_members #1"); strings.Contains(all, `"memberContactId":4`) {
		t.Errorf("a member of a contact that is no more: %s", all)
	}
	keep(t, net, []rule{
		{alice, "/_remove #1 2", "userDeletedMembers", ""},
		{alice, "/_members #1", "groupMembers", `"memberStatus":"removed"`},
		{alice, "/_clear chat #1", "chatCleared", ""},
		{alice, "/_members #1", "groupMembers", `"members":[]`},
	})
}
