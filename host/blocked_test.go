package host

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/chat"
)

// TestStartThatHangs: a library that does not answer at the start can be left.
func TestStartThatHangs(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"/v", "/user", "/_get chats", "/_start", "/_show_address"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				core := newHangingCore(kind)
				o := testOptions(t, nil)
				o.OpenCore = func(context.Context, Database) (chat.Core, error) { return core, nil }
				h, err := New(o)
				if err != nil {
					t.Fatal(err)
				}
				h.load = only(newFakeRuntime("bot"))
				ended := make(chan error, 1)
				go func() { ended <- h.Run(context.Background()) }()
				time.Sleep(time.Hour)
				if _, ready := h.Status(); ready {
					t.Error("the bot is ready, want it to wait for the core")
				}
				began := time.Now()
				h.Stop("in vain")
				if err := <-ended; !errors.Is(err, ErrNotClosed) {
					t.Errorf("Run: got %v, want ErrNotClosed", err)
				}
				if took := time.Since(began); took > 2*closePatience {
					t.Errorf("stopping took %s", took)
				}
				close(core.letGo) // the start ends after all, and what it opened is closed
				time.Sleep(time.Minute)
				synctest.Wait()
				if !core.closed {
					t.Error("the core was not closed")
				}
			})
		})
	}
}

// sleepyCore gives nothing while it sleeps.
type sleepyCore struct {
	*fakeCore
	asleep atomic.Int64 // until when, in Unix nanoseconds
}

func (c *sleepyCore) Receive(wait time.Duration) ([]byte, error) {
	if left := time.Until(time.Unix(0, c.asleep.Load())); left > 0 {
		time.Sleep(left) // longer than it was asked for
	}
	return c.fakeCore.Receive(wait)
}

// TestReceiveThatBlocks: for a minute no event comes. Commands go on meanwhile,
// and what came meanwhile is handled in order.
func TestReceiveThatBlocks(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		core := &sleepyCore{fakeCore: newFakeCore()}
		o := testOptions(t, nil)
		o.OpenCore = func(context.Context, Database) (chat.Core, error) { return core, nil }
		rt := newFakeRuntime("bot")
		var got record
		rt.onEvent = square(core, &got)
		h := launch(t, o, core.fakeCore, only(rt))
		synctest.Wait() // the first wait has begun
		core.asleep.Store(time.Now().Add(time.Minute).UnixNano())
		core.receive("@4", "a")
		synctest.Wait()
		core.receive("@4", "b")
		core.receive("@4", "c")
		time.Sleep(30 * time.Second)
		if text := got.take(); text != "a" {
			t.Errorf("while it blocks: got %q handled, want a", text)
		}
		if _, err := core.Send(t.Context(), "/_send @5 json []"); err != nil {
			t.Errorf("a command while it blocks: %v", err)
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		if text := got.take(); text != "b c" || core.unread() != 0 {
			t.Errorf("after: got %q handled and %d unread, want b c and none", text, core.unread())
		}
		if err := h.end(); err != nil {
			t.Error(err)
		}
	})
}

// TestNetworkAwayForAnHour: the bot says that it hears nobody, goes on with
// what it has, and handles what waited on the servers when they are back.
func TestNetworkAwayForAnHour(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		core := newFakeCore()
		rt := newFakeRuntime("bot")
		var got record
		rt.onEvent = square(core, &got)
		rt.wants = func(tag string) bool { return tag == "newChatItems" }
		h := launch(t, testOptions(t, core), core, only(rt))
		server := func(tag string) {
			core.emit(`{"result":{"type":"` + tag + `","protocol":"smp","transportHost":"a"}}`)
			core.emit(`{"result":{"type":"subscriptionStatus","server":"smp://x@a","subscriptionStatus":{"type":"` +
				map[string]string{"hostConnected": "active", "hostDisconnected": "pending"}[tag] + `"},"connections":["1"]}}`)
			synctest.Wait()
		}
		online := func() bool { return rt.session.Connections().Online }
		if online() {
			t.Error("online before a server was connected")
		}
		server("hostConnected")
		if s, _ := h.Status(); s.Network.Offline || !online() {
			t.Error("offline with a server that is connected")
		}
		server("hostDisconnected")
		lost := time.Now()
		core.receive("@4", "on its way") // the core had it already
		time.Sleep(time.Hour)
		s, _ := h.Status()
		if !s.Network.Offline || !s.Network.Since.Equal(lost) || s.Network.Subscriptions["pending"] != 1 || online() {
			t.Errorf("after an hour: got %+v, want it offline since %s", s.Network, lost)
		}
		if text := got.take(); text != "on its way" || core.unread() != 0 {
			t.Errorf("while it is away: got %q handled and %d unread", text, core.unread())
		}
		server("hostConnected")
		for _, text := range strings.Fields("a b c") {
			core.receive("@5", text)
		}
		time.Sleep(time.Second)
		synctest.Wait()
		if s, _ := h.Status(); s.Network.Offline || s.Network.Subscriptions["active"] != 1 || !online() {
			t.Errorf("back: got %+v, want it online", s.Network)
		}
		if text := got.take(); text != "a b c" || core.unread() != 0 {
			t.Errorf("back: got %q handled and %d unread, want a b c and none", text, core.unread())
		}
		if err := h.end(); err != nil {
			t.Error(err)
		}
	})
}
