package sim_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/sim"
)

const (
	thumb = ` on {"type":"emoji","emoji":"👍"}`
	newer = ` json {"msgContent":{"type":"text","text":"newer"},"mentions":{}}`
	older = ` json {"msgContent":{"type":"text","text":"hi"},"mentions":{}}`
)

// sendFile is the command that sends a file.
func sendFile(ref, path string) string {
	return `/_send ` + ref + ` json [{"fileSource":{"filePath":"` + path + `"},"msgContent":{"type":"file","text":""},"mentions":{}}]`
}

// TestNobodyThere: what is said, changed or cancelled in a chat whose connection
// is gone, or not there yet, is refused.
func TestNobodyThere(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	must(t, os.WriteFile(filepath.Join(dir, "a.txt"), []byte("hello"), 0o600))
	net := virtual(t, sim.Options{Seed: 1, Dir: dir})
	alice, bob, _ := connected(t, net)
	keep(t, net, []rule{
		{alice, text("@4", "hi"), "newChatItems", `"itemId":8`},
		{alice, sendFile("@4", "a.txt"), "newChatItems", `"fileId":1`},
		{alice, "/_delete @4 entity", "contactDeleted", `"contactStatus":"deletedByUser"`},
		{alice, text("@4", "still there?"), "contactNotReady", ""},
		{alice, sendFile("@4", "missing"), "missing", `"fileNotFound"`},
		{alice, "/_reaction @4 8" + thumb, "contactNotReady", ""},
		{alice, "/_update item @4 8" + newer, "contactNotReady", ""},
		{alice, "/_update item @4 8" + older, "chatItemNotChanged", ""},
		{alice, "/_update item @4 99" + newer, "chatItemNotFound", ""},
		{alice, "/_delete item @4 8 broadcast", "contactNotReady", ""},
		{alice, "/_delete item @4 99 broadcast", "chatItemsDeleted", `"chatItemDeletions":[]`},
		{alice, "/fcancel 1", "contactNotReady", ""},
		{alice, "/fcancel 1", "file already cancelled", ""},
		{alice, "/_invite member contact @4", "memberContactGroupMemberNotFound", ""},
		{alice, "/_accept member contact @4", "memberContactGroupMemberNotFound", ""},
		{bob, text("@4", "hello?"), "contactNotReady", ""},
		{bob, "/_delete @4 full", "contactDeleted", ""},
		{bob, "/freceive 1", "userNotFoundByFileId", ""},
		{bob, "/fcancel 1", "fileNotFound", ""},
		{bob, "/fstatus 1", "fileNotFound", ""},
	})
}

// ask connects to an address as the apps do, with a first message inside the request.
func ask(t *testing.T, net *sim.Network, p *sim.Person, link string) {
	t.Helper()
	var plan struct {
		ConnLink struct{ ConnFullLink, ConnShortLink string }
		Plan     struct {
			Address struct {
				Data json.RawMessage `json:"contactSLinkData_"`
			} `json:"contactAddressPlan"`
		} `json:"connectionPlan"`
	}
	reply, err := p.Do("/_connect plan 1 " + link)
	must(t, err)
	must(t, json.Unmarshal(reply, &plan))
	l := plan.ConnLink
	keep(t, net, []rule{
		{p, "/_prepare contact 1 " + l.ConnFullLink + " " + l.ConnShortLink + " " + string(plan.Plan.Address.Data), "newPreparedChat", ""},
		{p, "/_reaction @4 1" + thumb, "reaction not possible - no shared item ID", ""},
		{p, "/_connect contact @4 text hello", "startedConnectionToContact", ""},
	})
}

// TestRequestNotAccepted: the message inside a request can't be answered.
func TestRequestNotAccepted(t *testing.T) {
	t.Parallel()
	net := virtual(t, sim.Options{Seed: 1})
	alice, bob := person(t, net, "alice"), person(t, net, "bob")
	link, err := alice.Address()
	must(t, err)
	keep(t, net, []rule{
		{alice, `/_address_settings 1 {"businessAddress":false}`, "userContactLinkUpdated", ""},
	})
	ask(t, net, bob, link)
	keep(t, net, []rule{
		{alice, "/_get items count=1", "chatItems", `"itemText":"hello"`},
		{alice, "/_reaction @4 8" + thumb, "contactNotReady", ""},
		{alice, "/_reaction @4 2" + thumb, "reaction not possible - no shared item ID", ""},
		{alice, "/_accept 1", "acceptingContactRequest", ""},
		{alice, "/_reaction @4 8" + thumb, "chatItemReaction", ""},
	})
}

// TestFilesOfDeletedItems: a file goes with its message.
func TestFilesOfDeletedItems(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	must(t, os.WriteFile(filepath.Join(dir, "a.txt"), []byte("hello"), 0o600))
	net := virtual(t, sim.Options{Seed: 1, Dir: dir})
	alice, bob, _ := connected(t, net)
	keep(t, net, []rule{
		{alice, sendFile("@4", "a.txt"), "newChatItems", `"itemId":8`},
		{alice, sendFile("@4", "a.txt"), "newChatItems", `"itemId":9`},
		{alice, "/_delete item @4 8 internal", "chatItemsDeleted", ""},
		{alice, "/fcancel 1", "fileNotFound", ""},
		{bob, "/_delete item @4 9 internalMark", "chatItemsDeleted", ""},
		{bob, "/freceive 2", "a.txt", `"fileCancelled"`},
		{bob, "/_set_file_to_receive 77", "cmdOk", ""},
		{bob, "/_clear chat @4", "chatCleared", ""},
		{bob, "/fstatus 1", "fileNotFound", ""},
	})
}

// TestTooOld: a message can be changed for a day, and deleted for everybody a
// little longer; notes have no such limit.
func TestTooOld(t *testing.T) {
	t.Parallel()
	net := virtual(t, sim.Options{Seed: 1})
	alice, _, _ := connected(t, net)
	keep(t, net, []rule{
		{alice, text("@4", "hi"), "newChatItems", `"deletable":true,"editable":true`},
		{alice, text("@4", "bye"), "newChatItems", ""},
		{alice, "/_create *1 text a note", "newChatItems", ""},
		{alice, "/_forward *1 @4 8", "newChatItems", `"deletable":true,"editable":false`},
	})
	net.Advance(25 * time.Hour)
	keep(t, net, []rule{
		{alice, "/_get chat @4 count=1", "apiChat", `"deletable":false,"editable":false`},
		{alice, "/_get chat *1 count=1", "apiChat", `"deletable":true`},
		{alice, "/_update item @4 8" + newer, "invalidChatItemUpdate", ""},
		{alice, "/_update item *1 10" + newer, "chatItemUpdated", ""},
		{alice, "/_update item *1 11" + newer, "chatItemUpdated", ""},
		{alice, "/_delete item @4 8 broadcast", "chatItemsDeleted", ""},
	})
	net.Advance(6 * time.Hour)
	keep(t, net, []rule{
		{alice, "/_delete item @4 9 broadcast", "invalidChatItemDelete", ""},
		{alice, "/_delete item @4 9 internal", "chatItemsDeleted", ""},
	})
}

// TestRefusedTooOften: after ten messages that the server refused, the core
// sends no more until it is told to.
func TestRefusedTooOften(t *testing.T) {
	t.Parallel()
	net := virtual(t, sim.Options{Seed: 1})
	alice, bob, _ := connected(t, net)
	keep(t, net, []rule{{bob, "/_delete @4 full notify=off", "contactDeleted", ""}})
	for range 10 {
		keep(t, net, []rule{{alice, text("@4", "hi"), "newChatItems", ""}})
	}
	if all := told(t, alice); strings.Count(all, `"type":"connectionDisabled"`) != 1 {
		t.Errorf("got %s, want one connectionDisabled", all)
	}
	keep(t, net, []rule{
		{alice, text("@4", "hi"), "contactDisabled", ""},
		{alice, "/_enable @4", "cmdOk", ""},
		{alice, text("@4", "hi"), "newChatItems", ""},
	})
}
