package host

import (
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/simplex-lua/simplex-lua/luaapi"
)

// TestLateMessagesFarBefore: messages that were sent long before others, and came
// later, stand far before the first page of unread ones.
func TestLateMessagesFarBefore(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		read int // items between the late one and the first unread page
		want string
	}{
		{"some pages", 5 * itemsPage, "late new"},
		{"out of reach", (latePages + 2) * itemsPage, "new"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				core := newFakeCore()
				o := testOptions(t, core)
				ranBefore(t, core, o)
				var log lockedBuffer
				o.Log = slog.New(slog.NewTextHandler(&log, nil))
				core.store("@4", "late")
				for range tt.read {
					core.store("@4", "read").read = true
				}
				core.store("@4", "new")
				core.initial = core.items[len(core.items)-1].id
				texts, _ := collect(t, core, o)
				if got := strings.Join(texts, " "); got != tt.want {
					t.Errorf("got %q, want %q", got, tt.want)
				}
				if said := strings.Contains(log.String(), "unread messages could not be read"); said != (core.unread() > 0) {
					t.Errorf("got it said %t with %d unread", said, core.unread())
				}
			})
		})
	}
}

// TestOnSkippedHoldsUpNothing: a handler of on_skipped may wait as long as it likes.
func TestOnSkippedHoldsUpNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		core := newFakeCore()
		o := testOptions(t, core)
		ranBefore(t, core, o)
		o.CatchUp.MaxItems = 1
		core.store("@4", "a")
		core.store("@4", "b")
		rt := newFakeRuntime("bot")
		hold := make(chan struct{})
		rt.onSkipped = func(luaapi.Skipped) { <-hold }
		h := launch(t, o, core, only(rt))
		time.Sleep(time.Second)
		if s, ok := h.Status(); !ok || s.CatchingUp || s.Skipped != 1 {
			t.Errorf("got %+v, %t; want a bot that has caught up", s, ok)
		}
		close(hold)
		if err := h.end(); err != nil {
			t.Error(err)
		}
	})
}
