package host

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/chat"
	"github.com/simplex-lua/simplex-lua/internal/testkit"
	"github.com/simplex-lua/simplex-lua/luaapi"
)

// TestMessagesWaitForOnStart: after a reload, messages come to the new
// generation when its on_start has ended, or has taken too long.
func TestMessagesWaitForOnStart(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name        string
		takes, wait time.Duration // of on_start, and until the message is handled
		want        string
	}{
		{"quick", 0, time.Millisecond, "begins ends message-2"},
		{"slow", time.Second, time.Second + time.Millisecond, "begins ends message-2"},
		{"too slow", time.Hour, beginPatience + time.Millisecond, "begins message-2"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				core := newFakeCore()
				var steps record
				gens := &generations{make: func(n int) (*fakeRuntime, error) {
					rt := newFakeRuntime("bot")
					rt.onStart = func(reason string) {
						if reason == "reload" {
							steps.add("begins")
							core.receive("@4", "x")
							select {
							case <-time.After(tt.takes):
								steps.add("ends")
							case <-rt.ctx.Done():
							}
						}
					}
					rt.onEvent = func(context.Context, chat.Event) { steps.add(fmt.Sprint("message-", n)) }
					return rt, nil
				}}
				h := launch(t, testOptions(t, core), core, gens.load)
				go func() { _ = h.Reload(context.WithoutCancel(t.Context())) }()
				time.Sleep(tt.wait)
				synctest.Wait()
				if got := steps.take(); got != tt.want {
					t.Errorf("got %s, want %s", got, tt.want)
				}
				if err := h.end(); err != nil || core.unread() != 0 {
					t.Errorf("after: %v and %d unread", err, core.unread())
				}
			})
		})
	}
}

// TestOnStartOfAReload: what on_start opens is there for every message, and one
// that waits for an event holds none.
func TestOnStartOfAReload(t *testing.T) {
	t.Parallel()
	const opening = `
		local db
		bot.on_start(function() sleep(0.05) db = "open" end)
		bot.on_message(function(msg) msg:reply(db) end)`
	core := newFakeCore()
	b := launchLua(t, core, opening, nil)
	const n = 200
	sent := make(chan struct{})
	go func() {
		defer close(sent)
		for i := range n {
			core.receive(fmt.Sprintf("@%d", 4+i%5), "x")
			time.Sleep(time.Millisecond)
		}
	}()
	b.reload(opening)
	b.reload(opening)
	<-sent
	if err := b.Idle(t.Context(), core.made); err != nil {
		t.Fatal(err)
	}
	if got := strings.Count(b.said.take(), "open"); got != n {
		t.Errorf("got %d of %d messages answered with what on_start opened", got, n)
	}
	b.reload(`
		bot.on_start(function() bot.wait_for("never", "1h") end)
		bot.on_message(function(msg) msg:reply("here") end)`)
	core.receive("@4", "x")
	testkit.Until(t, "the message is answered", func() bool { return b.said.has("here") })
	if err := b.end(); err != nil || core.unread() != 0 {
		t.Errorf("after: %v and %d unread", err, core.unread())
	}
}

// TestStopInASlowOnStart: who ends the program while on_start is under way waits no
// longer than for other handlers, and the database is closed.
func TestStopInASlowOnStart(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		core := newFakeCore()
		o := testOptions(t, core)
		h, err := New(o)
		if err != nil {
			t.Fatal(err)
		}
		rt := newFakeRuntime("bot")
		rt.onStart = func(string) {
			select {
			case <-time.After(time.Hour):
			case <-rt.ctx.Done():
			}
		}
		h.load = only(rt)
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- h.Run(ctx) }()
		time.Sleep(time.Second)
		began := time.Now()
		cancel()
		if err := <-done; err != nil {
			t.Errorf("Run: %v", err)
		}
		if took := time.Since(began); took > o.Grace+taskPatience {
			t.Errorf("stopping took %s", took)
		}
		if cmds := core.sent(); cmds[len(cmds)-1] != "/_stop" || !core.closed {
			t.Errorf("got the last command %s and closed %t, want /_stop and true", cmds[len(cmds)-1], core.closed)
		}
	})
}

// TestPendingWaitsForOnStart: requests of the time before are told to handlers that
// on_start, or a task that it has begun, registers, and so is what was skipped.
func TestPendingWaitsForOnStart(t *testing.T) {
	t.Parallel()
	for _, task := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			core := newFakeCore()
			o := testOptions(t, core)
			ranBefore(t, core, o)
			o.CatchUp.MaxAge = time.Minute
			core.store("@5", "too old").sent = time.Now().Add(-time.Hour)
			core.contacts = fmt.Sprintf(`{"contactId":4,"contactRequestId":1,"contactStatus":"active","localDisplayName":"alice","profile":{},"createdAt":%q}`,
				time.Now().Format(time.RFC3339Nano))
			rt := newFakeRuntime("bot")
			var registered atomic.Bool
			register := func() {
				time.Sleep(100 * time.Millisecond)
				registered.Store(true)
			}
			rt.wants = func(tag string) bool { return registered.Load() || tag == "newChatItems" }
			rt.onStart = func(string) {
				if !task {
					register()
					return
				}
				rt.enter(1)
				go func() {
					defer rt.enter(-1)
					register()
				}()
			}
			var got record
			rt.onSkipped = func(luaapi.Skipped) { got.add(fmt.Sprint("skipped-", registered.Load())) }
			rt.onEvent = func(_ context.Context, ev chat.Event) { got.add(ev.Type) }
			h := launch(t, o, core, only(rt))
			time.Sleep(time.Minute)
			if got, want := got.take(), requestTag+" skipped-true"; !sameWords(got, want) {
				t.Errorf("in a task %t: got told %s, want %s", task, got, want)
			}
			if err := h.end(); err != nil {
				t.Error(err)
			}
		})
	}
}
