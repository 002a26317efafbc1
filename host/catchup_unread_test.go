package host

import (
	"fmt"
	"log/slog"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/chat"
	"github.com/simplex-lua/simplex-lua/internal/testkit"
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
				var log testkit.Buffer
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

// TestAnswersOfTheSameSecond: times of sending are whole seconds where somebody
// else sent, so a chat's last item by time may be our own answer to what came
// before. What came after it was there before the start all the same.
func TestAnswersOfTheSameSecond(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		core := newFakeCore()
		o := testOptions(t, core)
		ranBefore(t, core, o)
		o.CatchUp.MaxItems = 2
		second := time.Now()
		core.store("@4", "asked").read = true
		answer := core.store("@4", "answer")
		answer.read, answer.own, answer.sent = true, true, second.Add(500*time.Millisecond)
		for _, text := range []string{"a", "b", "c"} {
			core.store("@4", text).sent = second
		}
		core.override = func(cmd string) string {
			if strings.HasPrefix(cmd, "/_profile") { // while it starts
				core.receive("@4", "new")
			}
			return ""
		}
		rt := newFakeRuntime("bot")
		var got []string
		rt.raw = func(ev chat.Event) (chat.Event, bool) {
			got = append(got, fmt.Sprint(ev.Items()[0].Text, " ", ev.Attempt))
			return ev, true
		}
		collectWith(t, core, o, rt)
		if got, want := strings.Join(got, ", "), "b 1, c 1, new 0"; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		if want := []luaapi.Skipped{{TooMany: 1}}; !reflect.DeepEqual(rt.skipped, want) {
			t.Errorf("got told %v, want %v", rt.skipped, want)
		}
	})
}

// TestUnreadBehindForeignItem: a message that came after the bot's first start and
// was sent before it is not the last one of its chat.
func TestUnreadBehindForeignItem(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		core := newFakeCore()
		core.profile = `{"displayName":"somebody"}`
		o := testOptions(t, core)
		foreign := core.store("#4", "not for a bot")
		time.Sleep(time.Minute)
		collect(t, core, o)
		core = reopened(core)
		time.Sleep(time.Minute)
		core.store("#4", "for the bot").sent = foreign.stored.Add(-time.Second)
		texts, _ := collect(t, core, o)
		if got, want := strings.Join(texts, " "), "for the bot"; got != want || core.unread() != 1 {
			t.Errorf("got %q and %d unread, want %q and 1", got, core.unread(), want)
		}
	})
}
