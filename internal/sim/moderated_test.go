package sim_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

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
