package host

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/chat"
	"github.com/simplex-lua/simplex-lua/luaapi"
)

// TestOnlyThePoisonIsSetAside: messages of other chats that were in hand each time
// a message ended the process are handled, however long they take.
func TestOnlyThePoisonIsSetAside(t *testing.T) {
	t.Parallel()
	for _, takes := range []time.Duration{0, time.Second, 30 * time.Second} {
		t.Run(takes.String(), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				core := newFakeCore()
				o := testOptions(t, core)
				ranBefore(t, core, o)
				const innocent = 6
				for n := range int64(innocent) {
					core.store("@"+id(10+n), "innocent")
				}
				core.store("@4", "poison")
				path := filepath.Join(o.Data, "attempts")
				for life := 1; ; life++ {
					died, reports := liveUntilPoison(t, core, o, takes, path)
					core = reopened(core)
					if died && life <= maxAttempts {
						continue
					}
					poison := (*luaapi.Error)(nil)
					if died || life != maxAttempts+1 || len(reports) != 1 || !errors.As(reports[0], &poison) || poison.Type != luaapi.ErrPoison {
						t.Errorf("life %d: died %t, reports %v; want one message set aside after %d deaths", life, died, reports, maxAttempts)
					}
					break
				}
				if n := core.unread(); n != 0 {
					t.Errorf("got %d unread at last, want none", n)
				}
			})
		})
	}
}

// liveUntilPoison runs a bot that dies shortly after it has begun with the poison,
// and leaves the core and the journal of tries as the death does.
func liveUntilPoison(t *testing.T, core *fakeCore, o Options, takes time.Duration, journal string) (died bool, reports []error) {
	o.OpenCore = func(context.Context, Database) (chat.Core, error) { return core, nil }
	rt := newFakeRuntime("bot")
	death := make(chan struct{})
	var once sync.Once
	rt.onEvent = func(ctx context.Context, ev chat.Event) {
		poison := ev.Items()[0].Text == "poison"
		lasts := takes
		if poison {
			lasts = 100 * time.Millisecond
		}
		select {
		case <-time.After(lasts):
			if poison {
				once.Do(func() { close(death) })
				<-ctx.Done()
			}
		case <-ctx.Done():
		}
	}
	h := launch(t, o, core, only(rt))
	select {
	case <-death:
		died = true
	case <-time.After(time.Hour):
	}
	synctest.Wait()
	tries, _ := os.ReadFile(journal)
	core.mu.Lock()
	var unread []*fakeItem
	for _, it := range core.items {
		if !it.read {
			unread = append(unread, it)
		}
	}
	core.mu.Unlock()
	if err := h.end(); err != nil {
		t.Fatal(err)
	}
	if died {
		for _, it := range unread {
			it.read = false
		}
		if err := os.WriteFile(journal, tries, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return died, rt.reported()
}

// TestSuspectsTakeTurns: one at a time, while it is not marked, does not rest and
// does not take long.
func TestSuspectsTakeTurns(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSuspects()
		items := []chat.Item{received(1), received(2)}
		for _, tries := range []int{0, maxAttempts} {
			if one, ok := s.begin(t.Context(), items, tries); one != nil || !ok {
				t.Errorf("%d tries: got %v and %t, want none and no wait", tries, one, ok)
			}
		}
		took := func(tries int, meanwhile func()) time.Duration {
			began := time.Now()
			go meanwhile()
			if _, ok := s.begin(t.Context(), items, tries); !ok {
				t.Error("got no turn")
			}
			return time.Since(began)
		}
		first, _ := s.begin(t.Context(), items, 1)
		got := []time.Duration{
			took(1, func() { time.Sleep(time.Second); s.end(nil); s.end(first); s.end(first) }),
			took(1, func() { s.marked(7, 1); time.Sleep(2 * time.Second); s.marked(2); s.marked(2) }),
			took(maxAttempts-1, func() {}),
			took(1, func() { s.end(first) }),
		}
		if want := []time.Duration{time.Second, 2 * time.Second, suspectPatience, lastSuspectPatience}; !slices.Equal(got, want) {
			t.Errorf("got turns after %s, want %s", got, want)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, ok := s.begin(ctx, items, 1); ok {
			t.Error("got a turn where the bot stops")
		}
		time.Sleep(suspectPatience)
		synctest.Wait()
		if len(s.turn) != 0 {
			t.Error("the last one keeps its turn for good")
		}
	})
}

// TestManySuspects: a kill of a busy bot leaves hundreds of messages that were
// tried; each passes its turn on as soon as its mark can be there.
func TestManySuspects(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		core := newFakeCore()
		o := testOptions(t, core)
		ranBefore(t, core, o)
		const n = 200
		a := openAttempts(filepath.Join(o.Data, "attempts"), discard)
		for i := range int64(n) {
			it := core.store("@"+id(10+i), "in hand")
			a.begin([]chat.Item{{ID: it.id, CreatedAt: it.stored.UTC().Format(time.RFC3339Nano)}})
		}
		began := time.Now()
		h := launch(t, o, core, only(newFakeRuntime("bot")))
		if err := h.Idle(t.Context(), core.made); err != nil {
			t.Fatal(err)
		}
		if err := h.end(); err != nil {
			t.Error(err)
		}
		if took := time.Since(began); took > 10*marksDelay || core.unread() != 0 {
			t.Errorf("got %d unread after %s, want none within %s", core.unread(), took, 10*marksDelay)
		}
	})
}
