package host

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/chat"
	"github.com/simplex-lua/simplex-lua/luaapi"
)

// record keeps what happens, in the order in which it does.
type record struct {
	mu    sync.Mutex // guards texts
	texts []string
}

func (r *record) add(text string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.texts = append(r.texts, text)
}

// note adds the tag of an event, or its items, as "@4:1".
func (r *record) note(ev chat.Event) {
	if ev.Type != "newChatItems" {
		r.add(ev.Type)
	}
	for _, it := range ev.Items() {
		r.add(fmt.Sprintf("%s:%d", it.Chat, it.ID))
	}
}

// take returns what happened since the last time.
func (r *record) take() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	texts := r.texts
	r.texts = nil
	return strings.Join(texts, " ")
}

// update is the event of a changed item.
func (it *fakeItem) update() string {
	return `{"result":{"type":"chatItemUpdated","user":{"userId":1},"chatItem":{"chatInfo":` + chatInfo(it.chat) + `,"chatItem":` + it.json() + `}}}`
}

func TestLiveMessageThatNobodyFinishes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		core := newFakeCore()
		rt := newFakeRuntime("bot")
		var got record
		rt.onEvent = func(_ context.Context, ev chat.Event) {
			for _, it := range ev.Messages() {
				got.add(it.Text)
			}
			if it, ok := ev.Updated(); ok && it.Edited {
				got.add("edit:" + it.Text)
			}
		}
		h := launch(t, testOptions(t, core), core, only(rt))
		change := func(it *fakeItem, text string, live bool) {
			core.mu.Lock()
			it.text, it.live = text, live
			ev := it.update()
			if !live {
				ev = strings.Replace(ev, `"meta":{`, `"meta":{"itemLive":false,`, 1)
			}
			core.mu.Unlock()
			core.emit(ev)
			synctest.Wait()
		}
		begin := func(text string) *fakeItem {
			it := core.store("@4", text)
			it.live = true
			core.emit(it.event())
			synctest.Wait()
			return it
		}
		expect := func(step, want string, unread int) {
			t.Helper()
			time.Sleep(2 * marksDelay)
			synctest.Wait()
			if text := got.take(); text != want || core.unread() != unread {
				t.Errorf("%s: got %q and %d unread, want %q and %d", step, text, core.unread(), want, unread)
			}
		}

		intime := begin("a")
		time.Sleep(time.Minute)
		never := begin("b")
		expect("begun", "", 2)
		change(intime, "aa.", false)
		expect("finished", "aa.", 1)
		change(never, "bb", true)
		time.Sleep(livePatience - time.Minute)
		expect("not yet", "", 1)
		time.Sleep(time.Minute)
		expect("after five minutes", "bb", 0)
		change(never, "bb.", false)
		expect("finished late", "edit:bb.", 0)
		begin("c")
		if err := h.end(); err != nil || core.unread() != 1 {
			t.Errorf("Run: %v, %d unread; want the one that is being written", err, core.unread())
		}
	})
}

// TestUnwantedEventsAreNotQueued: they cost no lane, and the state of the network
// is kept all the same.
func TestUnwantedEventsAreNotQueued(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		core := newFakeCore()
		rt := newFakeRuntime("bot")
		var got record
		rt.wants = func(tag string) bool { return tag == "newChatItems" }
		rt.onEvent = func(_ context.Context, ev chat.Event) { got.add(ev.Type) }
		early := `{"result":{"type":"contactUpdated"}}` // on_start might register for it
		rt.onStart = func(string) {
			core.emit(early)
			synctest.Wait()
		}
		h := launch(t, testOptions(t, core), core, only(rt))
		synctest.Wait()
		for range 1000 {
			core.emit(early)
		}
		core.emit(`{"result":{"type":"hostConnected","protocol":"smp","transportHost":"127.0.0.1"}}`)
		core.receive("@4", "hi")
		synctest.Wait()
		s, _ := h.Status()
		if text, want := got.take(), "contactUpdated newChatItems"; text != want || s.Unwanted != 1001 || s.Handled != 2 {
			t.Errorf("got %q, %d unwanted and %d handled; want %s, 1001 and 2", text, s.Unwanted, s.Handled, want)
		}
		if len(s.Network.Servers) != 1 {
			t.Errorf("got servers %v, want one", s.Network.Servers)
		}
		if err := h.end(); err != nil {
			t.Error(err)
		}
	})
}

// TestLiveMessageThatCameWhole: a live message that is read later than it was
// received, from a full lane or at the start, is a message once.
func TestLiveMessageThatCameWhole(t *testing.T) {
	t.Parallel()
	for _, found := range []bool{false, true} {
		t.Run(map[bool]string{false: "spilled", true: "found unread"}[found], func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				core := newFakeCore()
				o := testOptions(t, core)
				ranBefore(t, core, o)
				rt := newFakeRuntime("bot")
				var got record
				hold := make(chan struct{})
				rt.onEvent = func(_ context.Context, ev chat.Event) {
					for _, it := range ev.Messages() {
						if it.Text == "slow" {
							<-hold
						}
						got.add(it.Text)
					}
					if it, ok := ev.Updated(); ok && it.Edited {
						got.add("edit:" + it.Text)
					}
				}
				var it *fakeItem
				finish := func() {
					core.mu.Lock()
					it.text, it.live, it.whole = "whole", false, true
					ev := it.update()
					core.mu.Unlock()
					core.emit(ev)
				}
				if found {
					it = core.store("@4", "who")
					it.live = true
					core.override = func(cmd string) string {
						if strings.HasPrefix(cmd, "/_profile") { // after /_start
							finish()
						}
						return ""
					}
				}
				h := launch(t, o, core, only(rt))
				if !found {
					core.receive("@4", "slow")
					synctest.Wait()
					for range 256 { // as many as a lane keeps in memory
						core.emit(`{"result":` + string(other("@4").Raw) + `}`)
					}
					it = core.store("@4", "who")
					it.live = true
					core.emit(it.event())
					synctest.Wait()
					if s, _ := h.Status(); s.Spilled != 1 {
						t.Errorf("got %d messages kept by their ids, want the live one", s.Spilled)
					}
					finish()
					synctest.Wait()
				}
				close(hold)
				time.Sleep(2 * livePatience)
				if err := h.end(); err != nil || core.unread() != 0 {
					t.Errorf("Run: %v, %d unread; want none", err, core.unread())
				}
				want := "slow whole edit:whole"
				if found {
					want = "whole edit:whole"
				}
				if text := got.take(); text != want {
					t.Errorf("got %q, want %q", text, want)
				}
			})
		})
	}
}

// TestLiveMessageOfAnotherPrecision: an event may tell the time to the nanosecond,
// and what is read of the database to the microsecond.
func TestLiveMessageOfAnotherPrecision(t *testing.T) {
	t.Parallel()
	l := newLiveItems(luaapi.MachineClock{})
	l.add(&chat.Item{ID: 7, CreatedAt: "2026-01-01T00:00:00.234999678Z", Live: true})
	update := func(createdAt string) []chat.Item {
		items, _ := l.finished(chat.Event{Type: "chatItemUpdated", Raw: fmt.Appendf(nil,
			`{"type":"chatItemUpdated","chatItem":{"chatInfo":%s,"chatItem":{"meta":{"itemId":7,"itemLive":false,"createdAt":%q}}}}`, chatInfo("@4"), createdAt)})
		return items
	}
	if got := update("2026-01-01T00:00:01Z"); len(got) != 0 {
		t.Errorf("another message of the same id: got %d finished, want none", len(got))
	}
	if got := update("2026-01-01T00:00:00.235Z"); len(got) != 1 {
		t.Errorf("got %d finished, want the message", len(got))
	}
}
