package host

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/chat"
	"github.com/simplex-lua/simplex-lua/internal/testkit"
	"github.com/simplex-lua/simplex-lua/luaapi"
)

// generations is a loader that keeps what it loaded. make may return an error.
type generations struct {
	make func(n int) (*fakeRuntime, error)
	mu   sync.Mutex
	all  []*fakeRuntime
}

func (g *generations) load(_ context.Context, n int) (Runtime, error) {
	rt, err := newFakeRuntime("bot"), error(nil)
	if g.make != nil {
		rt, err = g.make(n)
	}
	if err != nil {
		return nil, err
	}
	rt.n = n
	g.mu.Lock()
	defer g.mu.Unlock()
	g.all = append(g.all, rt)
	return rt, nil
}

func (g *generations) at(i int) *fakeRuntime {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.all[i]
}

func TestReloadOrder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		core := newFakeCore()
		var mu sync.Mutex
		var steps []string
		step := func(format string, a ...any) {
			mu.Lock()
			defer mu.Unlock()
			steps = append(steps, fmt.Sprintf(format, a...))
		}
		gens := &generations{make: func(n int) (*fakeRuntime, error) {
			step("load %d", n)
			rt := newFakeRuntime("bot")
			rt.state = json.RawMessage(fmt.Sprint(n))
			rt.adopt = func(state json.RawMessage) error { step("adopt %s in %d", state, n); return nil }
			rt.onStart = func(reason string) { step("%s %d", reason, n) }
			return rt, nil
		}}
		h := launch(t, testOptions(t, core), core, gens.load)
		if err := h.Reload(t.Context()); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		want := "load 1, start 1, load 2, adopt 1 in 2, reload 2"
		if got := strings.Join(steps, ", "); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		if _, stopped := gens.at(0).life(); stopped != "reload" {
			t.Errorf("old generation: got on_stop(%q), want reload", stopped)
		}
		if s, _ := h.Status(); s.Generation != 2 {
			t.Errorf("got generation %d, want 2", s.Generation)
		}
		if s := gens.at(1).session; s.Core == nil || s.UserID != 1 || s.Address != fakeLink {
			t.Errorf("the new generation's session is %+v", s)
		}
		if err := h.end(); err != nil {
			t.Error(err)
		}
		if _, stopped := gens.at(1).life(); stopped != "stop" {
			t.Errorf("new generation: got on_stop(%q), want stop", stopped)
		}
	})
}

func TestBadEditsKeepTheOldGeneration(t *testing.T) {
	t.Parallel()
	broken := errors.New("bot.lua:3: '=' expected")
	tests := []struct {
		name string
		make func(n int) (*fakeRuntime, error)
	}{
		{"error at load", func(n int) (*fakeRuntime, error) {
			if n == 2 {
				return nil, broken
			}
			return newFakeRuntime("bot"), nil
		}},
		{"error in on_reload", func(int) (*fakeRuntime, error) {
			rt := newFakeRuntime("bot")
			rt.adopt = func(json.RawMessage) error { return broken }
			return rt, nil
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			core := newFakeCore()
			gens := &generations{make: tt.make}
			h := launch(t, testOptions(t, core), core, gens.load)
			if err := h.Idle(t.Context(), core.made); err != nil {
				t.Fatal(err)
			}
			before := len(core.sent())
			if err := h.Reload(t.Context()); !errors.Is(err, broken) {
				t.Errorf("got %v, want the script's error", err)
			}
			if s, _ := h.Status(); s.Generation != 1 || len(core.sent()) != before {
				t.Errorf("got generation %d and %d new commands, want 1 and none", s.Generation, len(core.sent())-before)
			}
			if len(gens.all) > 1 && !gens.at(1).closed {
				t.Error("the generation that was not taken is left open")
			}
			core.receive("@4", "still there?")
			if err := h.Idle(t.Context(), core.made); err != nil {
				t.Error(err)
			}
			if err := h.end(); err != nil || core.unread() != 0 {
				t.Errorf("after: %v and %d unread", err, core.unread())
			}
		})
	}
}

// TestReloadsLeaveTheControllerAlone is the proof that a reload reaches the core
// only where the profile changed.
func TestReloadsLeaveTheControllerAlone(t *testing.T) {
	t.Parallel()
	core := newFakeCore()
	opened := 0
	o := testOptions(t, core)
	o.OpenCore = func(context.Context, Database) (chat.Core, error) { opened++; return core, nil }
	gens := &generations{make: func(n int) (*fakeRuntime, error) {
		rt := newFakeRuntime("bot")
		if n > 51 {
			rt.settings.Profile.ShortDescr = "changed"
		}
		return rt, nil
	}}
	h := launch(t, o, core, gens.load)
	if err := h.Idle(t.Context(), core.made); err != nil { // the start asks for old messages beside
		t.Fatal(err)
	}
	before := core.sent()
	for range 50 {
		if err := h.Reload(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if after := core.sent(); len(after) != len(before) {
		t.Errorf("50 reloads sent %q, want nothing", after[len(before):])
	}
	if err := h.Reload(t.Context()); err != nil {
		t.Fatal(err)
	}
	if more := core.sent()[len(before):]; len(more) != 1 || !strings.HasPrefix(more[0], "/_profile 1 ") {
		t.Errorf("a changed profile sent %q, want one /_profile", more)
	}
	if err := h.end(); err != nil || opened != 1 {
		t.Errorf("got %v and %d controllers opened, want nil and 1", err, opened)
	}
}

// TestReloadUnderLoad sends events while generations change: every one is
// handled once, by one generation, and in each chat in order.
func TestReloadUnderLoad(t *testing.T) {
	t.Parallel()
	core := newFakeCore()
	var mu sync.Mutex
	seen := map[int64]int{}
	last := map[chat.Ref]int64{}
	gens := &generations{make: func(n int) (*fakeRuntime, error) {
		rt := newFakeRuntime("bot")
		rt.onEvent = func(_ context.Context, ev chat.Event) {
			mu.Lock()
			defer mu.Unlock()
			for _, it := range ev.Items() {
				seen[it.ID]++
				if it.ID < last[it.Chat] {
					t.Errorf("chat %s: item %d after %d", it.Chat, it.ID, last[it.Chat])
				}
				last[it.Chat] = it.ID
			}
		}
		return rt, nil
	}}
	h := launch(t, testOptions(t, core), core, gens.load)
	const n = 2000
	sent := make(chan struct{})
	go func() {
		defer close(sent)
		for i := range n {
			core.receive(fmt.Sprintf("@%d", 4+i%9), "x")
		}
	}()
	for reloading := true; reloading; {
		if err := h.Reload(t.Context()); err != nil {
			t.Fatal(err)
		}
		select {
		case <-sent:
			reloading = false
		default:
		}
	}
	if err := h.Idle(t.Context(), core.made); err != nil {
		t.Fatal(err)
	}
	if err := h.end(); err != nil {
		t.Error(err)
	}
	if len(seen) != n {
		t.Errorf("got %d messages handled, want %d", len(seen), n)
	}
	for id, times := range seen {
		if times != 1 {
			t.Errorf("item %d was handled %d times", id, times)
		}
	}
	if core.unread() != 0 {
		t.Errorf("got %d unread", core.unread())
	}
}

func TestEditDuringARunningHandler(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		takes time.Duration
		ended bool
	}{
		{"ends in its own generation", 10 * time.Second, true},
		{"is cut after the drain limit", time.Hour, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				core := newFakeCore()
				ended := make(chan bool, 1)
				gens := &generations{make: func(n int) (*fakeRuntime, error) {
					rt := newFakeRuntime("bot")
					rt.onEvent = func(ctx context.Context, ev chat.Event) {
						if ev.Items()[0].Text != "slow" {
							return
						}
						select {
						case <-time.After(tt.takes):
							ended <- n == 1
						case <-ctx.Done():
							ended <- false
						}
					}
					return rt, nil
				}}
				h := launch(t, testOptions(t, core), core, gens.load)
				core.receive("@4", "slow")
				synctest.Wait()
				if err := h.Reload(t.Context()); err != nil {
					t.Fatal(err)
				}
				core.receive("@5", "quick") // the new generation works beside
				synctest.Wait()
				if core.unread() == 0 {
					t.Error("the slow message is marked too early")
				}
				if got := <-ended; got != tt.ended {
					t.Errorf("handler ended in generation 1: got %t, want %t", got, tt.ended)
				}
				synctest.Wait()
				time.Sleep(time.Second)
				if _, stopped := gens.at(0).life(); stopped != "reload" {
					t.Errorf("old generation: got on_stop(%q), want reload", stopped)
				}
				if err := h.end(); err != nil || core.unread() != 0 {
					t.Errorf("after: %v and %d unread", err, core.unread())
				}
			})
		})
	}
}

// TestDialogsSurviveAReload: answers go to who asked, oldest generation first.
func TestDialogsSurviveAReload(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		core := newFakeCore()
		gens := &generations{make: func(int) (*fakeRuntime, error) {
			rt := newFakeRuntime("bot")
			rt.settings.DrainTimeout = time.Hour
			return rt, nil
		}}
		h := launch(t, testOptions(t, core), core, gens.load)
		first := gens.at(0).ask()
		if err := h.Reload(t.Context()); err != nil {
			t.Fatal(err)
		}
		second := gens.at(1).ask()
		if err := h.Reload(t.Context()); err != nil {
			t.Fatal(err)
		}
		for i, want := range []<-chan chat.Event{first, second} {
			core.receive("@4", fmt.Sprint(i))
			if ev := <-want; ev.Items()[0].Text != fmt.Sprint(i) {
				t.Errorf("question %d got answer %s", i, ev.Items()[0].Text)
			}
		}
		synctest.Wait()
		for i := range 2 {
			if _, stopped := gens.at(i).life(); stopped != "reload" {
				t.Errorf("generation %d: got on_stop(%q) after its answer, want reload", i+1, stopped)
			}
		}
		if err := h.end(); err != nil {
			t.Error(err)
		}
	})
}

func TestStopDuringADrain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		core := newFakeCore()
		gens := &generations{}
		h := launch(t, testOptions(t, core), core, gens.load)
		gens.at(0).ask()
		if err := h.Reload(t.Context()); err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		if err := h.end(); err != nil {
			t.Error(err)
		}
		if took := time.Since(began); took > time.Second {
			t.Errorf("stopping took %s, want no waiting for a dialog", took)
		}
		if err := h.Reload(t.Context()); !errors.Is(err, ErrStopped) {
			t.Errorf("Reload after the end: got %v, want ErrStopped", err)
		}
	})
}

// TestStopLetsOldHandlersFinish: also a handler of an older generation has the
// time of grace.
func TestStopLetsOldHandlersFinish(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		core := newFakeCore()
		ended := make(chan bool, 1)
		gens := &generations{make: func(int) (*fakeRuntime, error) {
			rt := newFakeRuntime("bot")
			rt.onEvent = func(ctx context.Context, _ chat.Event) {
				select {
				case <-time.After(3 * time.Second):
					ended <- true
				case <-ctx.Done():
					ended <- false
				}
			}
			return rt, nil
		}}
		o := testOptions(t, core)
		o.Grace = 10 * time.Second
		h := launch(t, o, core, gens.load)
		core.receive("@4", "slow")
		synctest.Wait()
		if err := h.Reload(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := h.end(); err != nil {
			t.Error(err)
		}
		if !<-ended {
			t.Error("the handler of the older generation was cut")
		}
	})
}

// TestStopDuringASlowLoad: a generation that comes too late is closed.
func TestStopDuringASlowLoad(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		core := newFakeCore()
		gens := &generations{make: func(n int) (*fakeRuntime, error) {
			if n == 2 {
				time.Sleep(time.Minute)
			}
			return newFakeRuntime("bot"), nil
		}}
		h := launch(t, testOptions(t, core), core, gens.load)
		reloaded := make(chan error)
		go func() { reloaded <- h.Reload(context.Background()) }()
		synctest.Wait()
		if err := h.end(); err != nil {
			t.Error(err)
		}
		if err := <-reloaded; !errors.Is(err, ErrStopped) {
			t.Errorf("got %v, want ErrStopped", err)
		}
		if late := gens.at(1); !late.closed || late.started != "" {
			t.Errorf("the late generation: closed %t, started %q; want true and never", late.closed, late.started)
		}
	})
}

func TestChangesThatNeedARestart(t *testing.T) {
	t.Parallel()
	core := newFakeCore()
	var log testkit.Buffer
	o := testOptions(t, core)
	o.Log = testLog(&log)
	gens := &generations{make: func(n int) (*fakeRuntime, error) {
		rt := newFakeRuntime("bot")
		if n == 2 {
			rt.settings.Database.SQLite = &luaapi.SQLite{FilePrefix: "elsewhere"}
			rt.settings.Ordering = "global"
		}
		return rt, nil
	}}
	h := launch(t, o, core, gens.load)
	if err := h.Reload(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, setting := range []string{"setting=db", "setting=ordering"} {
		if !strings.Contains(log.String(), setting) {
			t.Errorf("not said: %s in\n%s", setting, log.String())
		}
	}
	if err := h.end(); err != nil {
		t.Error(err)
	}
}

func TestReloadsRunOneAtATime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		core := newFakeCore()
		var mu sync.Mutex
		loading, most := 0, 0
		gens := &generations{make: func(int) (*fakeRuntime, error) {
			mu.Lock()
			loading++
			most = max(most, loading)
			mu.Unlock()
			time.Sleep(time.Second)
			mu.Lock()
			loading--
			mu.Unlock()
			return newFakeRuntime("bot"), nil
		}}
		h := launch(t, testOptions(t, core), core, gens.load)
		var all sync.WaitGroup
		for range 5 {
			all.Go(func() { _ = h.Reload(t.Context()) })
		}
		all.Wait()
		var numbers []int
		for _, rt := range gens.all {
			numbers = append(numbers, rt.n)
		}
		if most != 1 || !slices.Equal(numbers, []int{1, 2, 3, 4, 5, 6}) {
			t.Errorf("got %d at once and generations %d, want 1 and 1 to 6", most, numbers)
		}
		if err := h.end(); err != nil {
			t.Error(err)
		}
	})
}

// TestChangeAtTheEnd: a file that changes while the bot stops, also for lack of
// a core, finds no generation any more.
func TestChangeAtTheEnd(t *testing.T) {
	t.Parallel()
	core := newFakeCore()
	h := launch(t, testOptions(t, core), core, only(newFakeRuntime("bot")))
	if err := h.end(); err != nil {
		t.Error(err)
	}
	h.reloadChanged(context.Background())
}
