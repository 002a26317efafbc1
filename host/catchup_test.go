package host

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/chat"
	"github.com/simplex-lua/simplex-lua/luaapi"
)

// ranBefore makes a bot that ran on the core before, so that a state is there.
func ranBefore(t *testing.T, core *fakeCore, o Options) {
	t.Helper()
	core.profile = `{"displayName":"bot"}`
	s := hostState{UserID: 1, Since: time.Now().Add(-240 * time.Hour)}
	if err := s.save(filepath.Join(o.Data, "state.json")); err != nil {
		t.Fatal(err)
	}
}

// collect runs a bot until everything is handled and marked, and returns the
// texts in the order in which they were handled.
func collect(t *testing.T, core *fakeCore, o Options) (texts []string, rt *fakeRuntime) {
	t.Helper()
	rt = newFakeRuntime("bot")
	return collectWith(t, core, o, rt), rt
}

func collectWith(t *testing.T, core *fakeCore, o Options, rt *fakeRuntime) (texts []string) {
	t.Helper()
	o.OpenCore = func(context.Context, Database) (chat.Core, error) { return core, nil }
	rt.settings.Ordering = "global" // one order for all chats
	rt.onEvent = func(_ context.Context, ev chat.Event) {
		for _, it := range ev.Items() {
			texts = append(texts, it.Text)
		}
	}
	h := launch(t, o, core, only(rt))
	if err := h.Idle(t.Context(), core.made); err != nil {
		t.Fatal(err)
	}
	if err := h.end(); err != nil {
		t.Errorf("Run: %v", err)
	}
	return texts
}

func TestUnreadMessagesAreHandledAfterAKill(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		core := newFakeCore()
		o := testOptions(t, core)
		ranBefore(t, core, o)
		for n := range 5 {
			core.store("@4", fmt.Sprint("a", n))
			core.store("#5", fmt.Sprint("b", n))
		}
		core.items[0].read = true              // answered before the kill
		core.items[3].kind = "rcvGroupInvited" // no message: only marked
		texts, _ := collect(t, core, o)
		if got, want := strings.Join(texts, " "), "b0 a1 a2 b2 a3 b3 a4 b4"; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		if n := core.unread(); n != 0 {
			t.Errorf("got %d unread after, want none", n)
		}
		again, _ := collect(t, reopened(core), o)
		if len(again) != 0 {
			t.Errorf("at the next start: got %q again, want nothing", again)
		}
	})
}

// reopened is the same database in the next process.
func reopened(c *fakeCore) *fakeCore {
	next := newFakeCore()
	next.profile, next.address, next.items = c.profile, c.address, c.items
	return next
}

func TestLongBacklog(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		core := newFakeCore()
		o := testOptions(t, core)
		ranBefore(t, core, o)
		const n = 3*itemsPage + 7
		for i := range n {
			core.store("@4", fmt.Sprint(i))
		}
		texts, _ := collect(t, core, o)
		if len(texts) != n {
			t.Fatalf("got %d messages, want %d", len(texts), n)
		}
		for i, text := range texts {
			if text != fmt.Sprint(i) {
				t.Fatalf("message %d: got %s", i, text)
			}
		}
	})
}

func TestManyUnreadChats(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		core := newFakeCore()
		o := testOptions(t, core)
		ranBefore(t, core, o)
		const n = 2*chatsPage + 1
		for i := range n {
			core.store(fmt.Sprintf("@%d", 10000+i), "x")
		}
		texts, _ := collect(t, core, o)
		if len(texts) != n {
			t.Errorf("got %d messages, want %d", len(texts), n)
		}
	})
}

func TestMessageOfTheStartIsHandledOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		core := newFakeCore()
		o := testOptions(t, core)
		ranBefore(t, core, o)
		core.store("@4", "old")
		core.override = func(cmd string) string {
			if strings.HasPrefix(cmd, "/_profile") { // arrives after /_start and before the chat is read
				core.receive("@4", "new")
			}
			return ""
		}
		texts, _ := collect(t, core, o)
		if got, want := strings.Join(texts, " "), "old new"; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	})
}

func TestForeignDatabase(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		core := newFakeCore()
		core.profile = `{"displayName":"somebody"}`
		o := testOptions(t, core)
		core.store("@4", "not for a bot")
		core.store("@5", "not for a bot")
		time.Sleep(time.Hour)
		texts, rt := collect(t, core, o)
		if len(texts) != 0 || core.unread() != 2 {
			t.Errorf("first start: got %q handled and %d unread, want none and 2", texts, core.unread())
		}
		if want := []luaapi.Skipped{{FirstRun: 2}}; !reflect.DeepEqual(rt.skipped, want) {
			t.Errorf("first start: got told %v, want %v", rt.skipped, want)
		}
		time.Sleep(time.Hour)
		core = reopened(core)
		core.store("@4", "for the bot")
		texts, rt = collect(t, core, o)
		if got, want := strings.Join(texts, " "), "for the bot"; got != want || core.unread() != 2 || rt.skipped != nil {
			t.Errorf("second start: got %s and %d unread, want %s and 2", got, core.unread(), want)
		}
	})
}

func TestFirstRunOnWish(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		core := newFakeCore()
		core.profile = `{"displayName":"somebody"}`
		o := testOptions(t, core)
		core.store("@4", "also for the bot")
		time.Sleep(time.Hour)
		rt := newFakeRuntime("bot")
		rt.settings.CatchUp.FirstRun = true
		texts := collectWith(t, core, o, rt)
		if len(texts) != 1 || core.unread() != 0 || rt.skipped != nil {
			t.Errorf("got %q handled, %d unread and told %v; want one, none and nothing", texts, core.unread(), rt.skipped)
		}
	})
}

// TestTooManyAreTheOldest: the newest messages of all chats are handled.
func TestTooManyAreTheOldest(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		core := newFakeCore()
		o := testOptions(t, core)
		ranBefore(t, core, o)
		for n := range 10 {
			core.store(fmt.Sprintf("@%d", 4+n%3), fmt.Sprint(n))
		}
		core.groups = `{"groupId":6,"membership":{"memberRole":"member","supportChat":{"unread":3}}}`
		for n := range 3 {
			core.store("#6(_support)", fmt.Sprint("s", n))
		}
		time.Sleep(time.Second)
		rt := newFakeRuntime("bot")
		rt.settings.CatchUp.MaxItems = 6
		texts := collectWith(t, core, o, rt)
		slices.Sort(texts)
		if got, want := strings.Join(texts, " "), "4 5 6 7 8 9"; got != want || core.unread() != 0 {
			t.Errorf("got %s and %d unread, want %s and none", got, core.unread(), want)
		}
		if want := []luaapi.Skipped{{TooMany: 7}}; !reflect.DeepEqual(rt.skipped, want) {
			t.Errorf("got told %v, want %v", rt.skipped, want)
		}
	})
}

func TestOperatorsLimitsComeFirst(t *testing.T) {
	t.Parallel()
	script := luaapi.CatchUp{MaxItems: 5, MaxAge: time.Minute}
	tests := []struct {
		name     string
		operator CatchUp
		script   luaapi.CatchUp
		want     CatchUp
	}{
		{"the script's", CatchUp{}, script, CatchUp{5, time.Minute}},
		{"the operator's", CatchUp{MaxItems: 7, MaxAge: time.Hour}, script, CatchUp{7, time.Hour}},
		{"no age", CatchUp{MaxAge: -1}, script, CatchUp{5, -1}},
		{"none at all", CatchUp{}, luaapi.CatchUp{}, CatchUp{-1, 1}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := tt.operator.limits(tt.script); got != tt.want {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}

func TestLimitsOfCatchUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		core := newFakeCore()
		o := testOptions(t, core)
		ranBefore(t, core, o)
		o.CatchUp = CatchUp{MaxItems: 2, MaxAge: time.Hour}
		core.store("@4", "too old")
		time.Sleep(2 * time.Hour)
		for n := range 4 {
			core.store("@4", fmt.Sprint(n))
		}
		texts, rt := collect(t, core, o)
		if got, want := strings.Join(texts, " "), "2 3"; got != want || core.unread() != 0 {
			t.Errorf("got %s and %d unread, want %s and none", got, core.unread(), want)
		}
		want := []luaapi.Skipped{{TooMany: 2, TooOld: 1}}
		if !reflect.DeepEqual(rt.skipped, want) {
			t.Errorf("got told %v, want %v", rt.skipped, want)
		}
	})
}

// TestLimitsAreNotForNewMessages: what arrives while the bot starts is found
// unread too, and is no backlog.
func TestLimitsAreNotForNewMessages(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		core := newFakeCore()
		o := testOptions(t, core)
		ranBefore(t, core, o)
		o.CatchUp.MaxItems = 1
		core.store("@4", "old")
		core.override = func(cmd string) string {
			if strings.HasPrefix(cmd, "/_profile") {
				core.receive("@4", "new 1")
				core.receive("@4", "new 2")
			}
			return ""
		}
		texts, rt := collect(t, core, o)
		if got, want := strings.Join(texts, ", "), "old, new 1, new 2"; got != want || len(rt.reported()) != 0 {
			t.Errorf("got %s and reports %v, want %s and none", got, rt.reported(), want)
		}
	})
}

func TestUnreadableChatOpensItsLane(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		core := newFakeCore()
		o := testOptions(t, core)
		ranBefore(t, core, o)
		core.store("@4", "stays")
		core.override = func(cmd string) string {
			if strings.HasPrefix(cmd, "/_get chat ") {
				return refusal("errorStore", "storeError", "dBBusyError")
			}
			return ""
		}
		rt := newFakeRuntime("bot")
		got := make(chan string, 10)
		rt.onEvent = func(_ context.Context, ev chat.Event) { got <- ev.Items()[0].Text }
		h := launch(t, o, core, only(rt))
		core.receive("@4", "new")
		if text := <-got; text != "new" {
			t.Errorf("got %s, want new", text)
		}
		if err := h.end(); err != nil {
			t.Error(err)
		}
		if core.unread() != 1 {
			t.Errorf("got %d unread, want the one that could not be read", core.unread())
		}
	})
}

func TestStateFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "state.json")
	if s, err := loadState(path); err != nil || !reflect.DeepEqual(s, hostState{}) {
		t.Errorf("none: got %v, %v; want the zero state", s, err)
	}
	want := hostState{Version: stateVersion, UserID: 3, Since: time.Unix(1e9, 0).UTC(), Reports: map[int64]finishedReports{2: {CreatedAt: "then", UpTo: 7}}}
	if err := want.save(path); err != nil {
		t.Fatal(err)
	}
	if s, err := loadState(path); err != nil || !reflect.DeepEqual(s, want) {
		t.Errorf("got %v, %v; want %v", s, err, want)
	}
	for name, text := range map[string]string{
		"cut off": `{"version":1,"us`, "empty": "", "of another kind": `[]`, "no time": `{"version":1}`,
		"of the future": `{"version":9,"since":"2026-01-01T00:00:00Z"}`,
	} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		bad := (*DataError)(nil)
		if _, err := loadState(path); !errors.As(err, &bad) || bad.Hint == "" {
			t.Errorf("%s: got %v, want a DataError with a hint", name, err)
		}
	}
}
