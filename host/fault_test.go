package host

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/chat"
	"github.com/simplex-lua/simplex-lua/internal/testkit"
)

// hangingCore is a core that does not answer commands of a kind until it is let go.
type hangingCore struct {
	*fakeCore
	kind  string
	letGo chan struct{}
}

func newHangingCore(kind string) *hangingCore {
	return &hangingCore{fakeCore: newFakeCore(), kind: kind, letGo: make(chan struct{})}
}

func (c *hangingCore) Send(ctx context.Context, cmd string) ([]byte, error) {
	if strings.HasPrefix(cmd, c.kind) {
		<-c.letGo // whatever becomes of ctx: a command is not taken back
	}
	return c.fakeCore.Send(ctx, cmd)
}

// square answers each message, as a handler does that sends.
func square(core chat.Core, got *record) func(context.Context, chat.Event) {
	return func(ctx context.Context, ev chat.Event) {
		for _, it := range ev.Messages() {
			if _, err := core.Send(ctx, "/_send "+it.Chat.String()+" json []"); err == nil {
				got.add(it.Text)
			}
		}
	}
}

// TestHangingCommands: what hangs in the core stops nobody else, and the bot can
// be stopped meanwhile.
func TestHangingCommands(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		kind string // of the commands that hang
		// hangs is how long the core hangs; 0: until the bot is stopped, in vain.
		hangs  time.Duration
		before string // handled while it hangs
		after  string // handled when it no longer does
		unread int
		err    error
	}{
		{"a send for a minute", "/_send @4", time.Minute, "b", "a", 0, nil},
		{"a send that never returns", "/_send @4", 0, "b", "", 1, nil},
		{"marks for a minute", "/_read", time.Minute, "a b", "", 0, nil},
		{"marks that never return", "/_read", 0, "a b", "", 2, ErrNotClosed},
		{"the end of the chat", "/_stop", 0, "a b", "", 0, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				core := newHangingCore(tt.kind)
				o := testOptions(t, nil)
				o.OpenCore = func(context.Context, Database) (chat.Core, error) { return core, nil }
				rt := newFakeRuntime("bot")
				var got record
				rt.onEvent = square(core, &got)
				h := launch(t, o, core.fakeCore, only(rt))
				core.receive("@4", "a")
				time.Sleep(time.Second)
				core.receive("@5", "b")
				time.Sleep(30 * time.Second)
				synctest.Wait()
				if text := got.take(); text != tt.before {
					t.Errorf("while it hangs: got %q handled, want %q", text, tt.before)
				}
				if tt.hangs > 0 {
					time.Sleep(tt.hangs)
					close(core.letGo)
					time.Sleep(time.Second)
					synctest.Wait()
				}
				if text := got.take(); text != tt.after {
					t.Errorf("after: got %q handled, want %q", text, tt.after)
				}
				began := time.Now()
				err := h.end()
				if !errors.Is(err, tt.err) || tt.err == nil && err != nil {
					t.Errorf("Run: got %v, want %v", err, tt.err)
				}
				if took := time.Since(began); took > time.Minute {
					t.Errorf("stopping took %s", took)
				}
				if n := core.unread(); n != tt.unread {
					t.Errorf("got %d unread, want %d", n, tt.unread)
				}
				if tt.hangs == 0 {
					close(core.letGo) // so that the test leaves no goroutine
				}
			})
		})
	}
}

// TestFullDisk: nothing can be written in the data folder any more; messages are
// handled and marked all the same, and it is said, but not for each of them.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		core := newFakeCore()
		o := testOptions(t, core)
		var log testkit.Buffer
		o.Log = slog.New(slog.NewTextHandler(&log, nil))
		rt := newFakeRuntime("bot")
		var got record
		rt.onEvent = square(core, &got)
		h := launch(t, o, core, only(rt))
		h.attempts.mu.Lock()
		h.attempts.file = &fullDisk{}
		h.attempts.create = func(string, []byte) (io.WriteCloser, error) { return nil, syscall.ENOSPC }
		h.attempts.mu.Unlock()
		h.reports.mu.Lock()
		h.reports.path = filepath.Join(o.Data, "gone", "state.json")
		h.reports.mu.Unlock()
		for n := range 50 {
			core.receive("@4", fmt.Sprint(n))
		}
		report := core.store("#5(_support:8)", "report")
		report.report, report.read = true, true
		core.emit(report.event())
		time.Sleep(time.Second)
		synctest.Wait()
		if n := len(strings.Fields(got.take())); n != 51 || core.unread() != 0 {
			t.Errorf("got %d handled and %d unread, want 51 and none", n, core.unread())
		}
		if err := h.end(); err != nil {
			t.Error(err)
		}
		for what, want := range map[string]int{"tries of messages cannot be noted": 1, "a finished report could not be noted": 1} {
			if n := strings.Count(log.String(), what); n != want {
				t.Errorf("got %q %d times in the log, want %d", what, n, want)
			}
		}
	})
}

// TestFullDiskAtTheStart: a bot that could not remember when it was first
// started would answer all old messages at the next one, so it does not start.
func TestFullDiskAtTheStart(t *testing.T) {
	t.Parallel()
	core := newFakeCore()
	o := testOptions(t, core)
	if err := os.Mkdir(filepath.Join(o.Data, "attempts"), 0o700); err != nil {
		t.Fatal(err)
	}
	h := launch(t, o, core, only(newFakeRuntime("bot"))) // no journal is no reason
	if err := h.end(); err != nil {
		t.Error(err)
	}
	o = testOptions(t, newFakeCore())
	if err := os.Mkdir(filepath.Join(o.Data, "state.json"), 0o700); err != nil {
		t.Fatal(err)
	}
	failing, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	failing.load = only(newFakeRuntime("bot"))
	bad := (*DataError)(nil)
	if err := failing.Run(t.Context()); !errors.As(err, &bad) {
		t.Errorf("got %v, want a DataError", err)
	}
}

// TestClockJumps: the time of the first start was written by a clock that was
// wrong, and the messages' times are what they are.
func TestClockJumps(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		// ahead is how far the clock was ahead of now at the first start.
		ahead time.Duration
		want  string
	}{
		{"right", -time.Hour, "mine"},
		{"a year ahead", 365 * 24 * time.Hour, "mine"},
		{"ten years behind", -10 * 365 * 24 * time.Hour, "mine"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				core := newFakeCore()
				core.profile = `{"displayName":"bot"}`
				o := testOptions(t, core)
				core.store("@4", "from before the bot")
				if texts, _ := collect(t, core, o); len(texts) != 0 {
					t.Errorf("first start: got %q handled, want none", texts)
				}
				path := filepath.Join(o.Data, "state.json")
				s, err := loadState(path)
				if err != nil {
					t.Fatal(err)
				}
				s.Since = time.Now().Add(tt.ahead).UTC()
				if err := s.save(path); err != nil {
					t.Fatal(err)
				}
				time.Sleep(time.Minute)
				core = reopened(core)
				core.store("@4", "mine")
				texts, _ := collect(t, core, o)
				if got := strings.Join(texts, " "); got != tt.want {
					t.Errorf("got %q handled, want %q", got, tt.want)
				}
			})
		})
	}
}

// TestErrorStorm: tens of thousands of errors cost neither memory nor messages.
func TestErrorStorm(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		core := newFakeCore()
		o := testOptions(t, core)
		var log testkit.Buffer
		o.Log = slog.New(slog.NewTextHandler(&log, nil))
		rt := newFakeRuntime("bot")
		rt.wants = func(tag string) bool { return tag == "newChatItems" }
		var got record
		rt.onEvent = square(core, &got)
		h := launch(t, o, core, only(rt))
		const storm = 20_000
		for n := range storm {
			core.emit(`{"error":{"type":"errorAgent","agentError":{"type":"SMP"}}}`)
			if n%1000 == 0 {
				core.receive("@4", "x")
			}
		}
		if err := h.Idle(t.Context(), core.made); err != nil {
			t.Fatal(err)
		}
		if n := len(strings.Fields(got.take())); n != storm/1000 {
			t.Errorf("got %d handled, want %d", n, storm/1000)
		}
		if s, _ := h.Status(); s.Unwanted != storm || s.QueuedBytes != 0 {
			t.Errorf("got %d unwanted and %d bytes queued, want %d and 0", s.Unwanted, s.QueuedBytes, storm)
		}
		if err := h.end(); err != nil {
			t.Error(err)
		}
		if n := strings.Count(log.String(), "the core reports an error"); n > 2 {
			t.Errorf("got %d lines in the log, want 2 at most", n)
		}
	})
}

// TestUnreadableReplies: the library answers a mark with nothing or nonsense.
func TestUnreadableReplies(t *testing.T) {
	t.Parallel()
	for _, reply := range []string{"null", "{", `{"result":{}}`, "\x00"} {
		t.Run(fmt.Sprintf("%q", reply), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				core := newFakeCore()
				left := 2
				core.override = func(cmd string) string {
					if strings.HasPrefix(cmd, "/_read") && left > 0 {
						left--
						return reply
					}
					return ""
				}
				rt := newFakeRuntime("bot")
				h := launch(t, testOptions(t, core), core, only(rt))
				core.receive("@4", "x")
				time.Sleep(time.Minute)
				if core.unread() != 0 {
					t.Error("the mark was not sent again")
				}
				if err := h.end(); err != nil {
					t.Error(err)
				}
			})
		})
	}
}
