package sim_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/sim"
)

// answer sends a command and returns what it answers: the tag of a result, the
// text or tag of an error, and all of it.
func answer(t *testing.T, p *sim.Person, cmd string) (string, string) {
	t.Helper()
	reply, err := p.Core.Send(context.Background(), cmd)
	must(t, err)
	if err := documented(p, reply); err != nil {
		t.Errorf("%s: %v", cmd, err)
	}
	var r struct {
		Result struct{ Type string }
		Error  struct {
			ErrorType  struct{ Type, Message string }
			StoreError struct{ Type string }
			AgentError struct{ Type string }
		}
	}
	must(t, json.Unmarshal(reply, &r))
	e := r.Error
	for _, s := range []string{r.Result.Type, e.ErrorType.Message, e.ErrorType.Type, e.StoreError.Type, e.AgentError.Type} {
		if s != "" {
			return s, string(reply)
		}
	}
	return "?", string(reply)
}

// rule is one command, what it answers, and what stands in the answer.
type rule struct {
	actor          *sim.Person
	cmd, want, has string
}

func keep(t *testing.T, net *sim.Network, rules []rule) {
	t.Helper()
	for i, r := range rules {
		got, all := answer(t, r.actor, r.cmd)
		if got != r.want || !strings.Contains(all, r.has) {
			t.Errorf("%d: %s: got %s, want %s with %q in %s", i, r.cmd, got, r.want, r.has, all)
		}
		net.Advance(time.Second)
	}
}

// text is the command that sends a text.
func text(ref, s string) string {
	return fmt.Sprintf(`/_send %s json [{"msgContent":{"type":"text","text":%q},"mentions":{}}]`, ref, s)
}

func virtual(t *testing.T, opts sim.Options) *sim.Network {
	t.Helper()
	opts.Clock = sim.NewVirtual(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
	return newNetwork(t, opts)
}

// TestNotes: nobody is at the other end of the notes.
func TestNotes(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	must(t, os.WriteFile(filepath.Join(dir, "a.txt"), []byte("hello"), 0o600))
	net := virtual(t, sim.Options{Seed: 1, Dir: dir})
	alice, _, _ := connected(t, net)
	keep(t, net, []rule{
		{alice, text("@4", "hi"), "newChatItems", `"itemId":8`},
		{alice, `/_create *1 json [{"fileSource":{"filePath":"a.txt"},"msgContent":{"type":"file","text":"kept"},"mentions":{}}]`, "newChatItems", `"fileProtocol":"local"`},
		{alice, "/_create *1 text a note", "newChatItems", `"itemText":"a note"`},
		{alice, `/_create *1 json [{"msgContent":{"type":"text","text":"@x"},"mentions":{"x":1}}]`, "mentions are not supported in this chat", ""},
		{alice, `/_update item *1 10 json {"msgContent":{"type":"text","text":"changed"},"mentions":{}}`, "chatItemUpdated", `"itemEdited":true`},
		{alice, `/_reaction *1 10 on {"type":"emoji","emoji":"👍"}`, "not supported", ""},
		{alice, "/_forward *1 @4 8", "newChatItems", `"itemForwarded":{"type":"contact","chatName":"bob","msgDir":"snd","contactId":4,"chatItemId":8}`},
		{alice, "/_forward @4 *1 10", "newChatItems", `"itemText":"changed"`},
		{alice, "/_forward @4 *1 9", "newChatItems", `"fileProtocol":"xftp"`},
		{alice, "/_unread chat *1 on", "cmdOk", ""},
		{alice, "/_get chat *1 count=9", "apiChat", `"unread":true`},
		{alice, "/_delete item *1 10,11 broadcast", "chatItemsDeleted", `"itemId":11`},
		{alice, "/_get chat *1 count=9", "apiChat", `"chatItems":[{"chatDir":{"type":"localSnd"},"meta":{"itemId":9`},
		{alice, "/_read chat items *1 9", "not supported", ""},
		{alice, "/_delete *1", "not supported", ""},
		{alice, "/_get chat :1 count=3", "not supported", ""},
		{alice, "/_settings *1 {\"enableNtfs\":\"all\",\"favorite\":true}", "not supported", ""},
		{alice, "/_tags *1 1", "not supported", ""},
	})
}

// TestForwarding: what is not there is told of, copies know where they come from.
func TestForwarding(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, folder := range []string{"files", "temp", "assets"} {
		must(t, os.Mkdir(filepath.Join(dir, folder), 0o700))
	}
	must(t, os.WriteFile(filepath.Join(dir, "files", "a.png"), []byte("picture"), 0o600))
	net := virtual(t, sim.Options{Seed: 1, Dir: dir})
	alice, bob, _ := connected(t, net)
	keep(t, net, []rule{
		{alice, `/set file paths {"appFilesFolder":"files","appTempFolder":"temp","appAssetsFolder":"assets"}`, "cmdOk", ""},
		{alice, text("@4", "hi"), "newChatItems", ""},
		{alice, `/_send @4 json [{"fileSource":{"filePath":"a.png"},"msgContent":{"type":"image","text":"","image":"data:"},"mentions":{}}]`, "newChatItems", `"itemId":9`},
		{alice, "/_forward @4 @4 8,99", "newChatItems", `"chatItemId":8`},
		{alice, "/_forward @4 @4 10", "newChatItems", `"chatItemId":8`}, // the first place is kept
		{alice, "/_forward @4 @4 9", "newChatItems", `"fileName":"IMG_20260101_`},
		{alice, "/_forward @4 @4 1", "invalidForward", ""},
		{alice, "/_forward plan @4 8,9,99", "forwardPlan", `"itemsCount":3,"chatItemIds":[8,9]`},
		{bob, "/_forward plan @4 9", "forwardPlan", `"forwardConfirmation":{"type":"filesNotAccepted","fileIds":[1]}`},
		{alice, "/_get item info @4 10", "chatItemInfo", `"forwardedFromChatItem":`},
		{alice, "/_delete item @4 8 internal", "chatItemsDeleted", ""},
		{alice, "/_forward @4 @4 8", "newChatItems", `"chatItems":[]`},
	})
	if _, err := os.Stat(filepath.Join(dir, "files", "a.png")); err != nil {
		t.Error(err)
	}
}

// TestMembers: who may change what of whom, and in which order it is said.
func TestMembers(t *testing.T) {
	t.Parallel()
	net := virtual(t, sim.Options{Seed: 1})
	bot := person(t, net, "bot")
	link, err := bot.Address()
	must(t, err)
	team, err := bot.CreateGroup("team")
	must(t, err)
	people := map[string]*sim.Person{}
	for i, name := range []string{"alice", "bob", "carol", "dan"} {
		p := person(t, net, name)
		people[name] = p
		must(t, p.Connect(link))
		must(t, bot.Invite(team, sim.Chat{Ref: fmt.Sprint("@", 4+i)}, "member"))
		if name != "dan" {
			must(t, p.Join(sim.Chat{Ref: "#1"}))
		}
	}
	alice, dan := people["alice"], people["dan"]
	keep(t, net, []rule{
		{bot, "/_member role #1 1 admin", "can't change role for self", ""},
		{bot, "/_block #1 1 blocked=on", "can't block/unblock self", ""},
		{bot, "/_remove #1 1", "groupMemberNotFound", ""},
		{bot, "/_member role #1 4,2 moderator", "membersRoleUser", `"groupMemberId":2`},
		{bot, "/_block #1 3,4 blocked=on", "membersBlockedForAllUser", ""},
		{bot, "/_block #1 3,4 blocked=off", "membersBlockedForAllUser", ""},
		{bot, "/_member role #1 2 admin", "membersRoleUser", ""},
		{bot, "/_block #1 2,3 blocked=on", "can't block/unblock multiple members when admins selected", ""},
		{bot, "/_remove #1 2,3", "can't remove multiple members when admins selected", ""},
		{bot, "/_delete member chat #1 2", "member has no support chat", ""},
		{alice, "/_delete #1", "groupUserRole", `"requiredRole":"owner"`},
		{bot, "/_member role #1 5 observer", "membersRoleUser", ""},
		{dan, "/_delete #1", "groupDeletedUser", ""},
		{bot, "/_remove #1 5,4,3", "userDeletedMembers", ""},
		{bot, "/_members #1", "groupMembers", ""},
	})
	_, all := answer(t, bot, "/_members #1")
	if strings.Contains(all, `"groupMemberId":5,`) || !strings.Contains(all, `"groupMemberId":4,`) {
		t.Errorf("who never joined is forgotten, who did is kept: got %s", all)
	}
	_, all = answer(t, dan, "/_get chat @4 count=5")
	if !strings.Contains(all, `"status":"rejected"`) {
		t.Errorf("an invitation to a group that was deleted is rejected: got %s", all)
	}
}

// TestGroupRules: what a group does not allow, and messages that disappear in it.
func TestGroupRules(t *testing.T) {
	t.Parallel()
	net := virtual(t, sim.Options{Seed: 1})
	alice, bob, toBob := connected(t, net)
	team, err := alice.CreateGroup("team")
	must(t, err)
	must(t, alice.Invite(team, toBob, "member"))
	must(t, bob.Join(sim.Chat{Ref: "#1"}))
	link, err := alice.Address()
	must(t, err)
	profile := func(prefs string) string {
		return `/_group_profile #1 {"displayName":"team","fullName":"","groupPreferences":` + prefs + `}`
	}
	keep(t, net, []rule{
		{alice, profile(`{"simplexLinks":{"enable":"on","role":"admin"},"timedMessages":{"enable":"on","ttl":90}}`), "groupUpdated", ""},
		{alice, "/_get chat #1 count=3", "apiChat", `Disappearing messages: on (1 min 30 sec)`},
		{bob, text("#1", "see "+link), "feature not allowed SimpleX links", ""},
		{alice, text("#1", "see "+link), "newChatItems", `"itemTimed":{"ttl":90,"deleteAt":`},
		{bob, text("#1", "gone soon"), "newChatItems", `"itemTimed":{"ttl":90,"deleteAt":`},
		{alice, "/_read chat #1", "cmdOk", ""},
		{alice, "/_get chat #1 count=1", "apiChat", `"itemText":"gone soon"`},
	})
	net.Advance(2 * time.Minute)
	if _, all := answer(t, alice, "/_get chat #1 count=1"); strings.Contains(all, "gone soon") {
		t.Errorf("a message that was read stayed: %s", all)
	}
	keep(t, net, []rule{
		{alice, `/_set prefs @4 {"voice":{"allow":"no"}}`, "contactPrefsUpdated", ""},
		{bob, `/_send @4 json [{"msgContent":{"type":"voice","text":"","duration":3},"mentions":{}}]`, "feature not allowed Voice messages", ""},
		{alice, `/_send @4 json [{"msgContent":{"type":"text","text":"@x"},"mentions":{"x":1}}]`, "mentions are not supported in this chat", ""},
	})
}

// TestExpiry: old messages are deleted without a word, by chat and for all.
func TestExpiry(t *testing.T) {
	t.Parallel()
	net := virtual(t, sim.Options{Seed: 1})
	alice, _, _ := connected(t, net)
	keep(t, net, []rule{
		{alice, text("@4", "old"), "newChatItems", ""},
		{alice, "/_ttl 1 3600", "cmdOk", ""},
		{alice, "/_ttl 1 @4 0", "cmdOk", ""},
		{alice, "/_info @4", "contactInfo", `"chatItemTTL":0`},
	})
	net.Advance(2 * time.Hour)
	keep(t, net, []rule{
		{alice, "/_get chat @4 count=1", "apiChat", `"itemText":"old"`},
		{alice, "/_ttl 1 @4 default", "cmdOk", ""},
		{alice, "/_get chat @4 count=9", "apiChat", `"chatBanner"`},
	})
	if _, all := answer(t, alice, "/_get chat @4 count=9"); strings.Contains(all, `"old"`) {
		t.Errorf("an old message stayed: %s", all)
	}
}

// TestHiddenUsers: what may be done with users that others may not see.
func TestHiddenUsers(t *testing.T) {
	t.Parallel()
	net := virtual(t, sim.Options{Seed: 1})
	alice := person(t, net, "alice")
	keep(t, net, []rule{
		{alice, "/_hide user 9 x", "userUnknown", ""},
		{alice, `/_hide user 1 ""`, "emptyUserPassword", ""},
		{alice, "/_hide user 1 x", "cantHideLastUser", ""},
		{alice, `/_create user {"profile":{"displayName":"two","fullName":""},"pastTimestamp":false,"userChatRelay":false}`, "activeUser", ""},
		{alice, "/_unhide user 1 x", "userNotHidden", ""},
		{alice, "/_hide user 1 secret", "userPrivacy", `"viewPwdHash"`},
		{alice, "/_hide user 1 secret", "userAlreadyHidden", ""},
		{alice, "/_mute user 1", "hiddenUserAlwaysMuted", ""},
		{alice, "/_unhide user 1 wrong", "userUnknown", ""},
		{alice, "/_user 1", "userUnknown", ""},
		{alice, "/_unhide user 1 secret", "userPrivacy", `"showNtfs":true`},
		{alice, "/_set incognito :1 on", "pendingConnectionNotFound", ""},
		{alice, "/_connect 2", "invitation", ""},
		{alice, "/_set incognito :1 off", "connectionIncognitoChangeProhibited", ""},
	})
}
