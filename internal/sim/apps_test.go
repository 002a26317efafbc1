package sim_test

import (
	"strings"
	"testing"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/sim"
)

// TestAppCommands: commands that only apps send answer as the core does, or say
// that they are not simulated.
func TestAppCommands(t *testing.T) {
	t.Parallel()
	net := virtual(t, sim.Options{Seed: 1})
	alice, bob, _ := connected(t, net)
	keep(t, net, []rule{
		{alice, `/_call invite @4 {"media":"audio","capabilities":{"encryption":true}}`, "not simulated: APISendCallInvitation", ""},
		{alice, `/_set prefs @4 {"calls":{"allow":"no"}}`, "contactPrefsUpdated", ""},
		{bob, `/_call invite @4 {"media":"audio","capabilities":{"encryption":true}}`, "feature not allowed Audio/video calls", ""},
		{alice, "/_call end @4", "noCurrentCall", ""},
		{alice, "/_call status @9 failed", "userNotFoundByContactId", ""},
		{alice, "/_ntf check x", "not simulated: APICheckToken", ""},
		{alice, `/_set theme @4 {"light":{"mode":"light","colors":{}}}`, "cmdOk", ""},
		{alice, "/_info @4", "contactInfo", `"uiThemes":{"light":{"mode":"light","colors":{}}}`},
		{alice, "/_set theme @4", "cmdOk", ""},
		{alice, "/_set theme *1", "not supported", ""},
		{alice, `/_set theme user 1 {}`, "cmdOk", ""},
		{alice, "/user", "activeUser", `"uiThemes":{}`},
		{alice, "/_set theme user 9", "userNotFound", ""},
		{alice, "/_enable @4", "cmdOk", ""},
		{alice, "/_enable #1 1", "groupMemberNotFound", ""},
		{alice, "/_set contact user @4 1", "contact doesn't have link to connect", ""},
		{alice, "/_set group user #1 1", "groupNotFound", ""},
		{alice, "/_share chat content @4 @4", "not supported", ""},
		{alice, "/ttl", "chatItemTTL", `"chatItemTTL":0`},
		{alice, "/ttl week", "cmdOk", ""},
		{alice, "/ttl", "chatItemTTL", `"chatItemTTL":604800`},
		{alice, "/set receipts all off", "cmdOk", ""},
		{alice, "/users", "usersList", `"sendRcptsContacts":false,"sendRcptsSmallGroups":false`},
		{alice, "/operators 1:off", "not simulated: SetServerOperators", ""},
		{alice, "/get servers summary 1", "not simulated: GetAgentServersSummary", ""},
		{alice, "/reset servers stats", "cmdOk", ""},
		{alice, "// anything", "not supported", ""},
		{alice, `/debug event {}`, "not simulated: DebugEvent", ""},
		{alice, "/_connect 1", "invitation", `"pccConnId":2`},
		{alice, "/_set conn user :2 7", "userUnknown", ""},
		{alice, "/_set conn user :2 1", "connectionUserChanged", `"toConnection":{"pccConnId":2`},
		{alice, "/_set conn user :9 1", "pendingConnectionNotFound", ""},
	})
}

// TestContactViaAddress: who was deleted can be found again by the address in
// their profile.
func TestContactViaAddress(t *testing.T) {
	t.Parallel()
	net := virtual(t, sim.Options{Seed: 1})
	alice, bob, _ := connected(t, net)
	keep(t, net, []rule{
		{alice, "/_connect contact 1 4", "no address in contact profile", ""},
		{bob, "/_profile_address 1 on", "userProfileUpdated", ""},
		{alice, "/_connect contact 1 4", "contact already has connection", ""},
		{alice, "/_delete @4 entity notify=off", "contactDeleted", ""},
		{alice, "/_connect contact 1 99", "contactNotFound", ""},
		{alice, "/_connect contact 1 2", "not simulated: APIConnectContactViaAddress", ""},
		{alice, "/_connect contact 1 4", "sentInvitationToContact", `"contactId":4`},
	})
	expect(t, alice, "connected", "bob", "")
	if _, all := answer(t, alice, "/_contacts 1"); !strings.Contains(all, `"connStatus":{"type":"ready"}`) {
		t.Errorf("not connected: %s", all)
	}
}

// TestExpiryInGroups: what came in the last twelve hours stays in groups.
func TestExpiryInGroups(t *testing.T) {
	t.Parallel()
	net := virtual(t, sim.Options{Seed: 1})
	alice, _, _ := connected(t, net)
	_, err := alice.CreateGroup("team")
	must(t, err)
	keep(t, net, []rule{
		{alice, text("#1", "old"), "newChatItems", ""},
		{alice, "/_ttl 1 3600", "cmdOk", ""},
	})
	net.Advance(6 * time.Hour)
	keep(t, net, []rule{{alice, "/_get chat #1 count=1", "apiChat", `"itemText":"old"`}})
	net.Advance(7 * time.Hour)
	keep(t, net, []rule{{alice, "/_get chat #1 count=1", "apiChat", `"chatBanner"`}})
}

// TestSwitchOfMember: the queue that a member sends to can be moved, and both
// sides are told.
func TestSwitchOfMember(t *testing.T) {
	t.Parallel()
	net := virtual(t, sim.Options{Seed: 1})
	alice, bob, toBob := connected(t, net)
	team, err := alice.CreateGroup("team")
	must(t, err)
	must(t, alice.Invite(team, toBob, "member"))
	must(t, bob.Join(sim.Chat{Ref: "#1"}))
	told(t, alice)
	told(t, bob)
	keep(t, net, []rule{
		{alice, "/_switch #1 9", "groupMemberNotFound", ""},
		{alice, "/_switch #1 2", "groupMemberSwitchStarted", `"rcvSwitchStatus":"switch_started"`},
	})
	for p, texts := range map[*sim.Person][]string{
		alice: {"started changing address for bob...", "you changed address for bob"},
		bob:   {"started changing address for you...", "changed address for you"},
	} {
		all := told(t, p)
		for _, text := range append(texts, `"type":"groupMemberSwitch"`) {
			if !strings.Contains(all, text) {
				t.Errorf("%s was not told %q: %s", p.Name(), text, all)
			}
		}
	}
	keep(t, net, []rule{
		{bob, "/_leave #1", "leftMemberUser", ""},
		{alice, "/_switch #1 2", "groupMemberNotActive", ""},
	})
}
