package host

import (
	"context"
	"errors"
	"io/fs"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/simplex-lua/simplex-lua/internal/chat"
	"github.com/simplex-lua/simplex-lua/native"
)

var _ chat.Bounded = (*native.Controller)(nil)

// fewPlaces is a core that does four commands side by side; those that connect hang.
type fewPlaces struct {
	*hangingCore
	places chan struct{}
}

func (c *fewPlaces) SideBySide() int { return cap(c.places) }

func (c *fewPlaces) Send(ctx context.Context, cmd string) ([]byte, error) {
	c.places <- struct{}{}
	defer func() { <-c.places }()
	return c.hangingCore.Send(ctx, cmd)
}

// TestServersThatDoNotAnswer: however many people send links to a server that drops
// packets, others are answered.
func TestServersThatDoNotAnswer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		slow := &fewPlaces{newHangingCore("/_connect"), make(chan struct{}, 4)}
		core := roomy(slow)
		var connecting sync.WaitGroup
		for range 10 {
			connecting.Go(func() { _, _ = core.Send(t.Context(), "/_connect plan 1 simplex:/x") })
		}
		synctest.Wait()
		if _, err := core.Send(t.Context(), "/_send @4 json []"); err != nil {
			t.Error(err)
		}
		if n := len(slow.places); n != 3 {
			t.Errorf("got %d under way, want 3 of 4", n)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := core.Send(ctx, "/_connect 1"); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v, want that it was cancelled", err)
		}
		for range 2 {
			if err := core.Close(t.Context()); err != nil {
				t.Error(err)
			}
		}
		if _, err := core.Send(t.Context(), "/_connect 1"); !errors.Is(err, fs.ErrClosed) {
			t.Errorf("closed: got %v, want fs.ErrClosed", err)
		}
		close(slow.letGo)
		connecting.Wait()
	})
}

func TestWaitsForServers(t *testing.T) {
	t.Parallel()
	for _, cmd := range strings.Split("/_connect 1,/_connect plan 1 x,/_connect contact @4,/connect,/c x,/_accept 3,/_join #1,/_add #1 2 member,"+
		"/_create link #1 member,/create link #team,/_address 1,/_address_settings 1 {},/_profile_address 1 on,/_public group 1 2 {}", ",") {
		if !waitsForServers(cmd) {
			t.Errorf("%s: got false, want true", cmd)
		}
	}
	for _, cmd := range []string{"/_send @4 json []", "/_read chat items @4 1", "/_get chat @4 count=1", "/_create user {}", "/_show_address 1", "/_stop", "hello"} {
		if waitsForServers(cmd) {
			t.Errorf("%s: got true, want false", cmd)
		}
	}
	var unbounded chat.Core = newFakeCore()
	if roomy(unbounded) != unbounded {
		t.Error("a core without bounds is not left alone")
	}
}
