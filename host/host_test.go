package host

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/chat"
	"github.com/simplex-lua/simplex-lua/internal/testkit"
)

func TestStopWhenIdleTakesNoTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		core := newFakeCore()
		rt := newFakeRuntime("bot")
		h := launch(t, testOptions(t, core), core, only(rt))
		time.Sleep(time.Hour)
		began := time.Now()
		if err := h.end(); err != nil {
			t.Errorf("Run: %v", err)
		}
		if took := time.Since(began); took > 10*time.Millisecond {
			t.Errorf("stopping took %s", took)
		}
		if started, stopped := rt.life(); started != "start" || stopped != "stop" {
			t.Errorf("got on_start(%q) and on_stop(%q), want start and stop", started, stopped)
		}
		cmds := core.sent()
		if last := cmds[len(cmds)-1]; last != "/_stop" || !core.closed {
			t.Errorf("got last command %s and closed %t, want /_stop and true", last, core.closed)
		}
	})
}

func TestStopLetsHandlersFinish(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		takes time.Duration
		ended bool
	}{
		{"in time", time.Second, true},
		{"too slow", time.Hour, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				core := newFakeCore()
				rt := newFakeRuntime("bot")
				ended := false
				rt.onEvent = func(ctx context.Context, _ chat.Event) {
					select {
					case <-time.After(tt.takes):
						ended = true
					case <-ctx.Done():
					}
				}
				o := testOptions(t, core)
				o.Grace = 5 * time.Second
				h := launch(t, o, core, only(rt))
				core.receive("@4", "under way")
				synctest.Wait()
				core.receive("@4", "waits")
				synctest.Wait()
				began := time.Now()
				if err := h.end(); err != nil {
					t.Errorf("Run: %v", err)
				}
				if took := time.Since(began); took > o.Grace+hookPatience+time.Second {
					t.Errorf("stopping took %s", took)
				}
				if ended != tt.ended {
					t.Errorf("handler ended: got %t, want %t", ended, tt.ended)
				}
				if got := core.unread(); got != 1 {
					t.Errorf("got %d unread, want the one that waited", got)
				}
			})
		})
	}
}

func TestStopCutsTasksThatNeverEnd(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		core := newFakeCore()
		rt := newFakeRuntime("bot")
		h := launch(t, testOptions(t, core), core, only(rt))
		rt.enter(1) // bot.spawn(function() while true do sleep(1) end end)
		began := time.Now()
		if err := h.end(); err != nil {
			t.Errorf("Run: %v", err)
		}
		if took := time.Since(began); took > taskPatience+time.Millisecond {
			t.Errorf("stopping took %s, want at most %s", took, taskPatience)
		}
	})
}

func TestStopWhileStarting(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		core := newFakeCore()
		noNetwork := `{"error":{"type":"errorAgent","agentError":{"type":"BROKER","brokerAddress":"smp://x"}}}`
		core.override = func(cmd string) string {
			if cmd == "/_address 1" {
				return noNetwork
			}
			return ""
		}
		h, err := New(testOptions(t, core))
		if err != nil {
			t.Fatal(err)
		}
		rt := newFakeRuntime("bot")
		h.load = only(rt)
		done := make(chan error)
		go func() { done <- h.Run(t.Context()) }()
		time.Sleep(time.Hour)
		synctest.Wait()
		tries := strings.Count(strings.Join(core.sent(), "\n"), "/_address 1")
		if tries < 10 || tries > 100 {
			t.Errorf("without a network: got %d tries for an address in an hour", tries)
		}
		h.Stop("test")
		if err := <-done; err != nil {
			t.Errorf("Run: %v", err)
		}
		if !core.closed {
			t.Error("the core was not closed")
		}
	})
}

func TestStartFails(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	tests := []struct {
		name string
		with func(o *Options, h *Host, core *fakeCore)
		want string
	}{
		{"script", func(_ *Options, h *Host, _ *fakeCore) {
			h.load = func(context.Context, int) (Runtime, error) { return nil, broken }
		}, "broken"},
		{"database", func(o *Options, _ *Host, _ *fakeCore) {
			o.OpenCore = func(context.Context, Database) (chat.Core, error) { return nil, broken }
		}, "open the chat database: broken"},
		{"user", func(_ *Options, _ *Host, core *fakeCore) {
			core.override = func(cmd string) string {
				if cmd == "/user" {
					return `not JSON`
				}
				return ""
			}
		}, "open the bot's user: /user: reply of the core is not readable"},
		{"start", func(_ *Options, _ *Host, core *fakeCore) {
			core.override = func(cmd string) string {
				if cmd == "/_start" {
					return refusal("error", "errorType", "chatNotStopped")
				}
				return ""
			}
		}, "start the chat: /_start: the core answered error chatNotStopped"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			core := newFakeCore()
			h, err := New(testOptions(t, core))
			if err != nil {
				t.Fatal(err)
			}
			h.load = only(newFakeRuntime("bot"))
			tt.with(&h.opts, h, core)
			err = h.Run(t.Context())
			if err == nil || !strings.HasPrefix(err.Error(), tt.want) {
				t.Errorf("got %v, want %s…", err, tt.want)
			}
			if len(core.sent()) > 0 && !core.closed {
				t.Error("the core was left open")
			}
			if err := h.Run(t.Context()); !errors.Is(err, ErrStopped) {
				t.Errorf("second Run: got %v, want ErrStopped", err)
			}
		})
	}
}

func TestUnreadableEventsAreNoEnd(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		core := newFakeCore()
		rt := newFakeRuntime("bot")
		var log record
		rt.onEvent = func(_ context.Context, ev chat.Event) { log.note(ev) }
		h := launch(t, testOptions(t, core), core, only(rt))
		for _, bad := range []string{"null", "not JSON", `{"result":{}}`, `{"result":null}`, `{"result":{"type":7}}`, "[1,2,3]", `{"resp":{"type":"newChatItems"}}`} {
			core.emit(bad)
		}
		core.put(result{err: errors.New("the library gave NULL")})
		core.emit(`{"result":{"type":"newIn8.0","what":"ever"}}`)
		core.emit(`{"result":{"type":"newChatItems","user":7,"chatItems":{"no":"list"}}}`)
		core.emit(`{"error":{"type":"errorAgent","agentError":{"type":"CRITICAL"}}}`)
		it := core.store("@4", "TEXT")
		core.emit(strings.Replace(it.event(), "TEXT", "12\xff\xfe", 1))                       // invalid UTF-8 is no reason to lose it
		if err := h.Idle(t.Context(), func() uint64 { return core.made() - 1 }); err != nil { // NULL is no event
			t.Fatal(err)
		}
		if got, want := log.take(), "newIn8.0 chatError @4:1"; !sameWords(got, want) {
			t.Errorf("got %s, want %s", got, want)
		}
		s, _ := h.Status()
		if s.Unreadable != 7 || !s.Receiving {
			t.Errorf("got %d unreadable and receiving %t, want 7 and true", s.Unreadable, s.Receiving)
		}
		if got := len(rt.reported()); got != 9 {
			t.Errorf("got %d reports, want one of each unreadable event, of NULL and of the critical error", got)
		}
		if err := h.end(); err != nil {
			t.Error(err)
		}
	})
}

func sameWords(a, b string) bool {
	count := map[string]int{}
	for _, w := range strings.Fields(a) {
		count[w]++
	}
	for _, w := range strings.Fields(b) {
		count[w]--
	}
	for _, n := range count {
		if n != 0 {
			return false
		}
	}
	return true
}

func TestFailingReceiveBacksOff(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		core := newFakeCore()
		rt := newFakeRuntime("bot")
		h := launch(t, testOptions(t, core), core, only(rt))
		for range 30 {
			core.put(result{err: errors.New("library trouble")})
		}
		began := time.Now()
		for {
			time.Sleep(time.Second)
			core.mu.Lock()
			left := len(core.events)
			core.mu.Unlock()
			if left == 0 {
				break
			}
		}
		if took := time.Since(began); took < time.Minute {
			t.Errorf("30 errors in %s: too fast", took)
		}
		if got := len(rt.reported()); got != 1 {
			t.Errorf("got %d reports of one row of errors, want 1", got)
		}
		time.Sleep(time.Minute)
		if s, _ := h.Status(); !s.Receiving {
			t.Error("not receiving after the errors ended")
		}
		if err := h.end(); err != nil {
			t.Error(err)
		}
	})
}

func TestCoreClosedUnderneath(t *testing.T) {
	t.Parallel()
	core := newFakeCore()
	h := launch(t, testOptions(t, core), core, only(newFakeRuntime("bot")))
	if err := core.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := <-h.done; !errors.Is(err, ErrCoreGone) || !errors.Is(err, fs.ErrClosed) {
		t.Errorf("got %v, want ErrCoreGone", err)
	}
}

func TestRawSeesAndDrops(t *testing.T) {
	t.Parallel()
	core := newFakeCore()
	rt := newFakeRuntime("bot")
	var log record
	rt.raw = func(ev chat.Event) (chat.Event, bool) {
		items := ev.Items()
		return ev, len(items) == 0 || items[0].Text != "drop"
	}
	rt.onEvent = func(_ context.Context, ev chat.Event) { log.note(ev) }
	h := launch(t, testOptions(t, core), core, only(rt))
	core.receive("@4", "drop")
	core.receive("@4", "keep")
	if err := h.Idle(t.Context(), core.made); err != nil {
		t.Fatal(err)
	}
	if got, want := log.take(), "@4:2"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if err := h.end(); err != nil {
		t.Error(err)
	}
	if core.unread() != 0 {
		t.Errorf("got %d unread, want a dropped message to be marked too", core.unread())
	}
}

func TestWaitingStartHoldsNoEvents(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		core := newFakeCore()
		rt := newFakeRuntime("bot")
		order := make(chan string, 3)
		rt.onEvent = func(context.Context, chat.Event) { order <- "message" }
		rt.onStart = func(string) { time.Sleep(time.Second); order <- "on_start" }
		core.override = func(cmd string) string {
			if strings.HasPrefix(cmd, "/_profile") {
				core.receive("@4", "early")
			}
			return ""
		}
		h := launch(t, testOptions(t, core), core, only(rt))
		if a, b := <-order, <-order; a != "on_start" || b != "message" {
			t.Errorf("got %s, %s; want on_start first", a, b)
		}
		if err := h.end(); err != nil {
			t.Error(err)
		}
	})
}

func TestAnnounce(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name     string
		terminal bool
		out, log int // how often the link stands there; logs hold no links
	}{
		{"terminal", true, 1, 0},
		{"pipe", false, 0, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			core := newFakeCore()
			o := testOptions(t, core)
			var out, log testkit.Buffer
			o.Out, o.Terminal, o.Log = &out, tt.terminal, slog.New(slog.NewTextHandler(&log, nil))
			h := launch(t, o, core, only(newFakeRuntime("bot")))
			if err := h.Reload(t.Context()); err != nil {
				t.Error(err)
			}
			if err := h.end(); err != nil {
				t.Error(err)
			}
			if got := strings.Count(out.String(), fakeLink); got != tt.out {
				t.Errorf("in the output: got %d, want %d", got, tt.out)
			}
			if got := strings.Count(log.String(), fakeLink); got != tt.log {
				t.Errorf("in the log: got %d, want %d", got, tt.log)
			}
			if qr := strings.ContainsAny(out.String(), "▀▄█"); qr != tt.terminal {
				t.Errorf("QR code: got %t, want %t", qr, tt.terminal)
			}
		})
	}
}

func TestEphemeralLeavesNothing(t *testing.T) {
	t.Parallel()
	core := newFakeCore()
	o := testOptions(t, core)
	o.Ephemeral = true
	var root string
	o.OpenCore = func(_ context.Context, db Database) (chat.Core, error) {
		root = strings.TrimSuffix(db.Prefix, "/chat")
		return core, nil
	}
	h := launch(t, o, core, only(newFakeRuntime("bot")))
	if _, err := os.Stat(root); err != nil {
		t.Errorf("while it runs: %v", err)
	}
	if err := h.end(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(root); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("after: got %v, want the folder %s to be gone", err, root)
	}
	if entries, _ := os.ReadDir(o.Data); len(entries) != 0 {
		t.Errorf("the bot's own data folder was touched: %v", entries)
	}
}
