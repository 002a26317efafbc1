package host

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/chat"
)

// farCore is a fakeCore whose connection can come back.
type farCore struct {
	*fakeCore
	back chan time.Time
}

func (c *farCore) Reconnected() <-chan time.Time { return c.back }

// TestReturn: when the connection comes back, messages whose events never came
// are handled, and those that wait, are being handled or come late are handled
// once.
func TestReturn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		core := newFakeCore()
		core.notOwned, core.started = true, true
		far := &farCore{core, make(chan time.Time, 1)}
		o := testOptions(t, core)
		o.OpenCore = func(context.Context, Database) (chat.Core, error) { return far, nil }
		ranBefore(t, core, o)
		var markless atomic.Bool
		core.override = func(cmd string) string {
			if markless.Load() && strings.HasPrefix(cmd, "/_read ") {
				return refusal("errorDatabase", "databaseError", "busy")
			}
			return ""
		}
		rt := newFakeRuntime("bot")
		var mu sync.Mutex
		var texts []string
		hold := make(chan struct{})
		rt.onEvent = func(_ context.Context, ev chat.Event) {
			for _, it := range ev.Items() {
				if it.Text == "slow" {
					<-hold
				}
				mu.Lock()
				texts = append(texts, it.Text)
				mu.Unlock()
			}
		}
		h := launch(t, o, core, only(rt))
		core.receive("@4", "slow")
		core.receive("@4", "waits")
		core.receive("@6", "marked")
		time.Sleep(time.Second)
		markless.Store(true)
		core.receive("@6", "unmarked")
		time.Sleep(time.Second)
		markless.Store(false)
		core.store("@4", "missed")
		late := core.store("@5", "late").event()
		core.mu.Lock()
		core.groups = `{"groupId":6,"membership":{"memberRole":"member","supportChat":{"unread":1}}}`
		core.mu.Unlock()
		core.store("#6(_support)", "support")
		time.Sleep(time.Second)
		far.back <- time.Now().Add(-time.Minute)
		time.Sleep(time.Second)
		core.emit(late)
		time.Sleep(time.Second)
		close(hold)
		time.Sleep(time.Second)
		far.back <- time.Now() // nothing new
		time.Sleep(time.Second)
		if n := core.unread(); n != 0 {
			t.Errorf("got %d unread, want none", n)
		}
		if err := h.end(); err != nil {
			t.Error(err)
		}
		slices.Sort(texts)
		if got, want := strings.Join(texts, " "), "late marked missed slow support unmarked waits"; got != want {
			t.Errorf("got %s, want %s, each once", got, want)
		}
		for _, cmd := range core.sent() {
			if cmd == "/_start" || cmd == "/_stop" {
				t.Errorf("%s was sent to a core that is not ours", cmd)
			}
		}
	})
}

// TestOrderOfAReturn: a message whose event never came is handled after those that
// came before it and still wait, and before those that came after.
func TestOrderOfAReturn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		core := newFakeCore()
		core.notOwned, core.started = true, true
		far := &farCore{core, make(chan time.Time, 1)}
		o := testOptions(t, core)
		o.OpenCore = func(context.Context, Database) (chat.Core, error) { return far, nil }
		ranBefore(t, core, o)
		rt := newFakeRuntime("bot")
		var got record
		hold := make(chan struct{})
		rt.onEvent = func(_ context.Context, ev chat.Event) {
			text := ev.Items()[0].Text
			if text == "slow" {
				<-hold
			}
			got.add(text)
		}
		h := launch(t, o, core, only(rt))
		core.receive("@4", "slow")
		core.receive("@4", "waits")
		time.Sleep(time.Second)
		core.store("@4", "missed")
		core.receive("@4", "after")
		time.Sleep(time.Millisecond)
		far.back <- time.Now().Add(-time.Minute)
		time.Sleep(time.Second)
		close(hold)
		time.Sleep(time.Second)
		if text, want := got.take(), "slow waits missed after"; text != want {
			t.Errorf("got %s, want %s", text, want)
		}
		if err := h.end(); err != nil {
			t.Error(err)
		}
	})
}

// TestKnownMessagesAreNotTooMany: messages that wait already leave max_items to
// those whose events never came.
func TestKnownMessagesAreNotTooMany(t *testing.T) {
	t.Parallel()
	for _, ref := range []string{"@4", "#6(_support)"} {
		t.Run(ref, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				core := newFakeCore()
				core.notOwned, core.started = true, true
				core.groups = `{"groupId":6,"membership":{"memberRole":"member","supportChat":{"unread":5}}}`
				far := &farCore{core, make(chan time.Time, 1)}
				o := testOptions(t, core)
				o.OpenCore = func(context.Context, Database) (chat.Core, error) { return far, nil }
				o.CatchUp.MaxItems = 1
				ranBefore(t, core, o)
				rt := newFakeRuntime("bot")
				var got record
				hold := make(chan struct{})
				rt.onEvent = func(_ context.Context, ev chat.Event) {
					<-hold
					got.add(ev.Items()[0].Text)
				}
				h := launch(t, o, core, only(rt))
				time.Sleep(time.Second)
				core.receive(ref, "1")
				core.receive(ref, "2")
				core.store(ref, "missed")
				core.receive(ref, "3")
				core.receive(ref, "4")
				time.Sleep(time.Second)
				far.back <- time.Now()
				time.Sleep(time.Second)
				close(hold)
				time.Sleep(time.Second)
				if text, want := inOrder(got.take()), "1 2 3 4 missed"; text != want || len(rt.skipped) > 0 {
					t.Errorf("got %s and told %v, want %s and nothing", text, rt.skipped, want)
				}
				if err := h.end(); err != nil || core.unread() != 0 {
					t.Errorf("after: %v and %d unread", err, core.unread())
				}
			})
		})
	}
}

// TestReturnThatFails: lanes that were closed to look for messages are opened
// again when that was not possible.
func TestReturnThatFails(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		core := newFakeCore()
		core.notOwned, core.started = true, true
		far := &farCore{core, make(chan time.Time, 1)}
		o := testOptions(t, core)
		o.OpenCore = func(context.Context, Database) (chat.Core, error) { return far, nil }
		ranBefore(t, core, o)
		var pages atomic.Int64
		var failing atomic.Bool
		core.override = func(cmd string) string {
			if failing.Load() && strings.HasPrefix(cmd, "/_get chats ") && pages.Add(1) > 1 {
				return refusal("errorDatabase", "databaseError", "busy")
			}
			return ""
		}
		rt := newFakeRuntime("bot")
		got := make(chan string, 200)
		rt.onEvent = func(_ context.Context, ev chat.Event) { got <- ev.Items()[0].Text }
		h := launch(t, o, core, only(rt))
		for n := range int64(chatsPage) {
			core.store("@"+id(100+n), "missed")
		}
		failing.Store(true)
		far.back <- time.Now()
		time.Sleep(time.Second)
		core.receive("@100", "new")
		if text := <-got; text != "new" {
			t.Errorf("got %s, want new", text)
		}
		if err := h.end(); err != nil {
			t.Error(err)
		}
	})
}

// TestReportsOfAReturn: while reports are looked for that came without a
// connection, a newer one that is finished is not noted as the last one: a kill
// would pass those over.
func TestReportsOfAReturn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		core, o := moderating(t)
		core.notOwned, core.started = true, true
		far := &farCore{core, make(chan time.Time, 1)}
		o.OpenCore = func(context.Context, Database) (chat.Core, error) { return far, nil }
		search := make(chan struct{}, 1) // full: the search does not get on
		core.override = func(cmd string) string {
			if strings.HasPrefix(cmd, "/_groups") {
				search <- struct{}{}
				<-search
			}
			return ""
		}
		upTo := func() int64 {
			s, err := loadState(filepath.Join(o.Data, "state.json"))
			if err != nil {
				t.Fatal(err)
			}
			return s.Reports[5].UpTo
		}
		rt := newFakeRuntime("bot")
		var got record
		handle := make(chan struct{})
		rt.onEvent = func(_ context.Context, ev chat.Event) {
			text := ev.Items()[0].Text
			if text == "after" {
				<-handle
			}
			got.add(text)
		}
		h := launch(t, o, core, only(rt))
		time.Sleep(time.Second)
		before := core.report(7, "before")
		core.emit(before.event())
		time.Sleep(time.Second)
		search <- struct{}{}
		core.report(7, "missed")
		after := core.report(8, "after")
		core.emit(after.event())
		synctest.Wait()
		far.back <- time.Now()
		synctest.Wait()
		close(handle)
		synctest.Wait()
		if said, noted := got.take(), upTo(); said != "before after" || noted != before.id {
			t.Errorf("during the search: got %s handled and noted up to %d, want up to %d", said, noted, before.id)
		}
		<-search
		time.Sleep(time.Second)
		if said, noted := got.take(), upTo(); said != "missed" || noted != after.id {
			t.Errorf("after: got %s handled and noted up to %d, want up to %d", said, noted, after.id)
		}
		if err := h.end(); err != nil {
			t.Error(err)
		}
	})
}
