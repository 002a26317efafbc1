package host

import (
	"context"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/chat"
	"github.com/simplex-lua/simplex-lua/luaapi"
)

// reads counts the commands that read a chat.
func (c *fakeCore) reads(ref string) (n int) {
	for _, cmd := range c.sent() {
		if strings.HasPrefix(cmd, "/_get chat "+ref+" ") {
			n++
		}
	}
	return n
}

// TestLargeBacklogIsMarkedOnTheWay: a start that dies while it reads a large
// backlog leaves less of it for the next one, which handles the newest messages.
func TestLargeBacklogIsMarkedOnTheWay(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const n, most, pages = 3000, 150, 20
		core := newHangingCore("/_get chat @4 after=" + id(pages*itemsPage+1) + " ")
		o := testOptions(t, nil)
		ranBefore(t, core.fakeCore, o)
		o.CatchUp.MaxItems = most
		o.OpenCore = func(context.Context, Database) (chat.Core, error) { return core, nil }
		for i := range n {
			core.store("@4", fmt.Sprint(i))
		}
		h := launch(t, o, core.fakeCore, only(newFakeRuntime("bot")))
		time.Sleep(time.Minute)
		if got, want := core.unread(), n-(pages*itemsPage+1)+most; got != want {
			t.Errorf("when it dies: got %d unread, want %d", got, want)
		}
		next := reopened(core.fakeCore)
		_ = h.end()
		close(core.letGo)
		texts, rt := collect(t, next, o)
		if len(texts) != most || texts[0] != fmt.Sprint(n-most) || texts[most-1] != fmt.Sprint(n-1) {
			t.Errorf("next start: got %d handled, %.100q…; want the newest %d", len(texts), texts, most)
		}
		if len(rt.skipped) != 1 || next.unread() != 0 {
			t.Errorf("next start: got told %v and %d unread, want once and none", rt.skipped, next.unread())
		}
	})
}

// TestBacklogIsReadOnce: also where it is larger than what is handled.
func TestBacklogIsReadOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		core := newFakeCore()
		o := testOptions(t, core)
		ranBefore(t, core, o)
		o.CatchUp.MaxItems = 10
		const n = 7*itemsPage + 1 // the first page is around the first unread one
		for i := range n {
			core.store("@4", fmt.Sprint(i))
			core.store("@5", fmt.Sprint(i))
		}
		texts, rt := collect(t, core, o)
		if got := core.reads("@4"); got != 7 {
			t.Errorf("got %d pages read, want 7", got)
		}
		if want := []luaapi.Skipped{{TooMany: 2*n - 10}}; len(texts) != 10 || !reflect.DeepEqual(rt.skipped, want) {
			t.Errorf("got %d handled and told %v, want 10 and %v", len(texts), rt.skipped, want)
		}
	})
}

// TestSieveKeepsFew: what a sieve keeps has nothing to do with how much is unread.
func TestSieveKeepsFew(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const most, n = 20, 10_000
		core := newFakeCore()
		o := testOptions(t, core)
		ranBefore(t, core, o)
		h := launch(t, o, core, only(newFakeRuntime("bot")))
		c := &catchUp{h: h.Host, limits: CatchUp{MaxItems: most, MaxAge: time.Hour}, span: span{newest: 10}}
		newest := newFew(most)
		chats := []*sieve{c.sieve(direct(4), n/2, c.span, newest), c.sieve(direct(5), n/2, c.span, newest)}
		for n := range int64(n) {
			it := received(n + 1)
			it.Dir, it.Content, it.Status = "directRcv", "rcvMsgContent", "rcvNew"
			it.SentAt = time.Now().Format(time.RFC3339Nano)
			s := chats[n%2]
			s.page(chat.Chat{Items: []chat.Item{it}})
			if kept := len(chats[0].kept) + len(chats[1].kept); kept > most || len(newest.lowest) > most || len(s.recent.items) > 0 {
				t.Fatalf("after %d: got %d kept, want at most %d", n, kept, most)
			}
		}
		if c.skipped.TooMany != n-most {
			t.Errorf("got %d too many, want %d", c.skipped.TooMany, n-most)
		}
		if err := h.end(); err != nil {
			t.Error(err)
		}
	})
}

// TestForeignBacklog: what a person left unread before the bot ran is not read at
// each start, and what came since is found all the same.
func TestForeignBacklog(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const n = (latePages + 20) * itemsPage
		core := newFakeCore()
		core.profile = `{"displayName":"somebody"}`
		o := testOptions(t, core)
		for range n {
			core.store("@4", "for a person")
		}
		time.Sleep(time.Hour)
		collect(t, core, o)
		core = reopened(core)
		time.Sleep(time.Hour)
		late := core.store("@4", "late")
		last := core.items[n-1]
		late.sent = last.stored.Add(-time.Millisecond)
		core.items[n-1], core.items[n] = late, last // the chat's order
		const since = itemsPage + 7
		for i := range since {
			core.store("@4", fmt.Sprint(i))
		}
		texts, _ := collect(t, core, o)
		if len(texts) != since+1 || texts[0] != "late" || texts[since] != fmt.Sprint(since-1) {
			t.Errorf("got %d handled, %.100q…; want %d", len(texts), texts, since+1)
		}
		if got := core.reads("@4"); core.unread() != n || got > latePages+5 {
			t.Errorf("got %d unread and %d pages read, want %d and about %d", core.unread(), got, n, latePages)
		}
	})
}
