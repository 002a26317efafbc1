package host

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/chat"
)

// TestUnreadNow: messages that the lanes have left are found in parts, each once,
// without those that are in hand or of the time before the bot.
func TestUnreadNow(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		core := newFakeCore()
		core.profile = `{"displayName":"somebody"}`
		o := testOptions(t, core)
		core.store("@4", "for a person")
		time.Sleep(time.Minute)
		rt := newFakeRuntime("bot")
		hold := make(chan struct{})
		var handled record
		rt.onEvent = func(_ context.Context, ev chat.Event) {
			<-hold
			handled.add(ev.Items()[0].Text)
		}
		h := launch(t, o, core, only(rt))
		time.Sleep(time.Minute)
		core.receive("@4", "in hand")
		synctest.Wait()
		const n = 2*refillItems + itemsPage
		var last *fakeItem
		for i := range n {
			last = core.store("@4", fmt.Sprint(i))
		}
		ref, total := direct(4), 0
		var ids []int64
		for {
			found, more := h.unreadNow(ref)
			for _, ev := range found {
				it := ev.Items()[0]
				if it.Text != fmt.Sprint(total) {
					t.Fatalf("got %s, want message %d", it.Text, total)
				}
				ids = append(ids, it.ID)
				total++
			}
			if len(found) > refillItems+itemsPage || more && len(found) == 0 {
				t.Errorf("got %d at once, and more %t", len(found), more)
			}
			if !more {
				break
			}
		}
		if total != n {
			t.Errorf("got %d found, want %d", total, n)
		}
		core.emit(last.event()) // its event comes late
		synctest.Wait()
		h.taken.marked(ids...)
		time.Sleep(lateEvents + time.Second)
		h.taken.expire(time.Now())
		if got := len(h.taken.items); got != 1 {
			t.Errorf("got %d messages still known, want the one in hand", got)
		}
		close(hold)
		synctest.Wait()
		if text := handled.take(); text != "in hand" {
			t.Errorf("got %s handled, want what was in hand", text)
		}
		if err := h.end(); err != nil {
			t.Error(err)
		}
	})
}
