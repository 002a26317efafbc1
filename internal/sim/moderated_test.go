package sim_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/sim"
)

// fullDelete is the command that makes a group one in which nothing stays of what
// is deleted.
const fullDelete = `/_group_profile #1 {"displayName":"team","fullName":"","groupPreferences":{"fullDelete":{"enable":"on"}}}`

// lastItem is the last item of a chat.
func lastItem(t *testing.T, p *sim.Person, ref string) (id, all string) {
	t.Helper()
	_, all = answer(t, p, "/_get chat "+ref+" count=1")
	_, rest, _ := strings.Cut(all, `"itemId":`)
	id, _, _ = strings.Cut(rest, ",")
	return id, all
}

// TestBlockedWithFullDelete: nothing is kept of what a blocked member writes.
func TestBlockedWithFullDelete(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	must(t, os.WriteFile(filepath.Join(dir, "a.txt"), []byte("hello"), 0o600))
	net := virtual(t, sim.Options{Seed: 1, Dir: dir})
	host, alice, bob := person(t, net, "host"), person(t, net, "alice"), person(t, net, "bob")
	joinedByLink(t, host, alice, bob)
	keep(t, net, []rule{
		{host, fullDelete, "groupUpdated", ""},
		{host, "/_block #1 3 blocked=on", "membersBlockedForAllUser", `"localDisplayName":"bob"`},
	})
	told(t, alice)
	keep(t, net, []rule{{bob, `/_send #1 json [{"fileSource":{"filePath":"a.txt"},"msgContent":{"type":"file","text":"look *here*"},"mentions":{}}]`, "newChatItems", ""}})
	id, _ := lastItem(t, bob, "#1")
	keep(t, net, []rule{{bob, "/_update item #1 " + id + ` json {"msgContent":{"type":"file","text":"look"},"mentions":{}}`, "chatItemUpdated", ""}})
	all := told(t, alice)
	for _, want := range []string{`"content":{"type":"rcvBlocked"}`, `"itemText":"blocked by admin"`, `"itemDeleted":{"type":"blockedByAdmin"`, "invalid message update"} {
		if !strings.Contains(all, want) {
			t.Errorf("got %s, want %s", all, want)
		}
	}
	for _, kept := range []string{"look", "a.txt", "rcvFileDescrReady"} {
		if strings.Contains(all, kept) {
			t.Errorf("%s is kept: %s", kept, all)
		}
	}
}

// TestModeratedWithFullDelete: what a moderator deletes stays as a mark, without
// what it said.
func TestModeratedWithFullDelete(t *testing.T) {
	t.Parallel()
	net := virtual(t, sim.Options{Seed: 1})
	host, alice, bob := person(t, net, "host"), person(t, net, "alice"), person(t, net, "bob")
	joinedByLink(t, host, alice, bob)
	keep(t, net, []rule{
		{host, fullDelete, "groupUpdated", ""},
		{bob, text("#1", "*bad*"), "newChatItems", ""},
	})
	id, _ := lastItem(t, host, "#1")
	told(t, alice)
	told(t, bob)
	keep(t, net, []rule{
		{host, "/_reaction #1 " + id + thumb, "chatItemReaction", ""},
		{host, "/_delete member item #1 " + id, "chatItemsDeleted", `"content":{"type":"rcvModerated"}`},
		{host, "/_get chat #1 count=1", "apiChat", `"content":{"type":"rcvModerated"},"mentions":{},"reactions":[]}]`},
	})
	for p, kind := range map[*sim.Person]string{alice: "rcvModerated", bob: "sndModerated"} {
		all := told(t, p)
		_, deletion, _ := strings.Cut(all, `"toChatItem":`)
		for _, want := range []string{`"content":{"type":"` + kind + `"}`, `"itemText":"moderated"`, `"itemDeleted":{"type":"moderated"`, `"editable":false`} {
			if !strings.Contains(deletion, want) {
				t.Errorf("%s: got %s, want %s", p.Name(), all, want)
			}
		}
		if strings.Contains(deletion, "bad") {
			t.Errorf("%s: the text is kept: %s", p.Name(), deletion)
		}
		if _, all := lastItem(t, p, "#1"); !strings.Contains(all, `"content":{"type":"`+kind+`"}`) {
			t.Errorf("%s: got %s", p.Name(), all)
		}
	}
	keep(t, net, []rule{
		{bob, text("#1", "worse"), "newChatItems", ""},
		{host, "/_remove #1 3 messages=on", "userDeletedMembers", ""},
	})
	for _, p := range []*sim.Person{host, alice, bob} {
		_, all := answer(t, p, "/_get chat #1 count=9")
		all = strings.ReplaceAll(all, "sndModerated", "rcvModerated")
		if strings.Contains(all, "worse") || strings.Count(all, `"type":"rcvModerated"`) != 2 {
			t.Errorf("%s: got %s", p.Name(), all)
		}
	}
	keep(t, net, []rule{
		{host, text("#1", "oops"), "newChatItems", ""},
	})
	id, _ = lastItem(t, host, "#1")
	keep(t, net, []rule{{host, "/_delete item #1 " + id + " broadcast", "chatItemsDeleted", ""}})
	for _, p := range []*sim.Person{host, alice} {
		if _, all := answer(t, p, "/_get chat #1 count=9"); strings.Contains(all, "oops") {
			t.Errorf("%s: one's own message leaves a mark: %s", p.Name(), all)
		}
	}
}

// TestRemovedWithMessages: who is removed with the messages sees their own as
// deleted by the moderator, too.
func TestRemovedWithMessages(t *testing.T) {
	t.Parallel()
	net := virtual(t, sim.Options{Seed: 1})
	host, alice := person(t, net, "host"), person(t, net, "alice")
	joinedByLink(t, host, alice)
	keep(t, net, []rule{
		{alice, text("#1", "mine"), "newChatItems", ""},
		{host, text("#1", "yours"), "newChatItems", ""},
		{host, "/_remove #1 2 messages=on", "userDeletedMembers", ""},
	})
	for _, p := range []*sim.Person{host, alice} {
		_, all := answer(t, p, "/_get chat #1 count=9 search=mine")
		_, by, _ := strings.Cut(all, `"itemDeleted":{"type":"moderated"`)
		if _, by, _ = strings.Cut(by, `"byGroupMember":`); !strings.HasPrefix(by[strings.Index(by, `"memberRole":`):], `"memberRole":"owner"`) {
			t.Errorf("%s: got %s", p.Name(), all)
		}
		if _, all := answer(t, p, "/_get chat #1 count=9 search=yours"); strings.Contains(all, "itemDeleted") {
			t.Errorf("%s: got %s", p.Name(), all)
		}
	}
}

// TestReportedModerated: the reports of messages that are moderated together are
// put away together.
func TestReportedModerated(t *testing.T) {
	t.Parallel()
	net := virtual(t, sim.Options{Seed: 1})
	host, alice, bob := person(t, net, "host"), person(t, net, "alice"), person(t, net, "bob")
	joinedByLink(t, host, alice, bob)
	net.Advance(time.Second)
	var ids []string
	for _, s := range []string{"one", "two"} {
		keep(t, net, []rule{{bob, text("#1", s), "newChatItems", ""}})
		id, _ := lastItem(t, alice, "#1")
		keep(t, net, []rule{{alice, "/_report #1 " + id + " reason=spam", "newChatItems", ""}})
		id, _ = lastItem(t, host, "#1")
		ids = append(ids, id)
	}
	told(t, host)
	keep(t, net, []rule{{host, "/_delete member item #1 " + strings.Join(ids, ","), "chatItemsDeleted", ""}})
	all := told(t, host)
	_, list, _ := strings.Cut(all, `"chatItemIDs":[`)
	list, _, _ = strings.Cut(list, "]")
	if strings.Count(all, "groupChatItemsDeleted") != 1 || strings.Count(list, ",") != 1 {
		t.Errorf("got %s", all)
	}
}
