package host

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/chat"
)

// TestUnbegunEventGoesToTheNewerGeneration: an event that the older one had, and
// could not begin with until its drain limit, is handled by the newer one; where
// the bot stops, it stays unread.
func TestUnbegunEventGoesToTheNewerGeneration(t *testing.T) {
	t.Parallel()
	for name, stops := range map[string]bool{"a reload": false, "a stop": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				core := newFakeCore()
				var got record
				gens := &generations{make: func(n int) (*fakeRuntime, error) {
					rt := newFakeRuntime("bot")
					rt.refuses = n == 1
					rt.onEvent = func(_ context.Context, ev chat.Event) { got.add(ev.Items()[0].Text) }
					return rt, nil
				}}
				h := launch(t, testOptions(t, core), core, gens.load)
				core.receive("@4", "x")
				synctest.Wait()
				want, unread := "x", 0
				if stops {
					want, unread = "", 1
				} else {
					if err := h.Reload(t.Context()); err != nil {
						t.Fatal(err)
					}
					time.Sleep(time.Hour)
				}
				if err := h.end(); err != nil || core.unread() != unread {
					t.Errorf("after: %v and %d unread, want %d", err, core.unread(), unread)
				}
				if text := got.take(); text != want {
					t.Errorf("got %q handled by the newer one, want %q", text, want)
				}
			})
		})
	}
}
