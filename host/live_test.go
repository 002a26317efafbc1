package host

import (
	"context"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/chat"
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
