package sim_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/sim"
)

// TestNewMemberKnowsBlocked: a new member learns who is blocked for all.
func TestNewMemberKnowsBlocked(t *testing.T) {
	t.Parallel()
	net := virtual(t, sim.Options{Seed: 1})
	host, alice, bob := person(t, net, "host"), person(t, net, "alice"), person(t, net, "bob")
	link := joinedByLink(t, host, alice)
	keep(t, net, []rule{{host, "/_block #1 2 blocked=on", "membersBlockedForAllUser", ""}})
	must(t, bob.Connect(link))
	told(t, bob)
	keep(t, net, []rule{
		{bob, "/_members #1", "groupMembers", `"blockedByAdmin":true`},
		{alice, text("#1", "hi"), "newChatItems", ""},
	})
	if all := told(t, bob); !strings.Contains(all, `"itemDeleted":{"type":"blockedByAdmin"`) {
		t.Errorf("got %s", all)
	}
}

// TestHistory: a new member gets what members wrote who left since, with their
// files, and nothing of those who are blocked.
func TestHistory(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	must(t, os.WriteFile(filepath.Join(dir, "a.txt"), []byte("hello"), 0o600))
	net := virtual(t, sim.Options{Seed: 1, Dir: dir})
	host, alice, bob := person(t, net, "host"), person(t, net, "alice"), person(t, net, "bob")
	link := joinedByLink(t, host, alice, bob)
	file := func(text string) string {
		return `/_send #1 json [{"fileSource":{"filePath":"a.txt"},"msgContent":{"type":"file","text":"` + text + `"},"mentions":{}}]`
	}
	keep(t, net, []rule{
		{host, `/_group_profile #1 {"displayName":"team","fullName":"","groupPreferences":{"history":{"enable":"on"}}}`, "groupUpdated", ""},
		{alice, file(""), "newChatItems", `"itemId":`},
		{alice, text("#1", "before I go"), "newChatItems", ""},
		{bob, text("#1", "before the block"), "newChatItems", ""},
		{host, "/_block #1 3 blocked=on", "membersBlockedForAllUser", ""},
		{alice, "/_leave #1", "leftMemberUser", ""},
	})
	carol := person(t, net, "carol")
	must(t, carol.Connect(link))
	all := told(t, carol)
	_, created, _ := strings.Cut(all, `"type":"unknownMemberCreated","user"`)
	created, _, _ = strings.Cut(created, "\n")
	for _, want := range []string{`"memberRole":"author"`, `"memberStatus":"unknown"`, `"localDisplayName":"alice"`} {
		if !strings.Contains(created, want) {
			t.Errorf("got %s, want %s", created, want)
		}
	}
	for _, want := range []string{`"itemText":"before I go"`, `"fileName":"a.txt"`, `"type":"rcvFileDescrReady"`} {
		if strings.Count(all, want) == 0 {
			t.Errorf("got %s, want %s", all, want)
		}
	}
	if strings.Contains(all, "before the block") || strings.Count(all, "unknownMemberCreated") != 1 {
		t.Errorf("got %s", all)
	}
	net.Advance(72 * time.Hour)
	dan := person(t, net, "dan")
	must(t, dan.Connect(link))
	if all := told(t, dan); strings.Contains(all, "a.txt") || !strings.Contains(all, "before I go") {
		t.Errorf("after three days: got %s", all)
	}
}
