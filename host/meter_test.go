package host

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/chat"
)

// countingMeter writes down what it is told.
type countingMeter struct {
	mu    sync.Mutex // guards what follows
	notes []string
}

func (m *countingMeter) note(format string, args ...any) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.notes = append(m.notes, fmt.Sprintf(format, args...))
}

func (m *countingMeter) has(note string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Contains(m.notes, note)
}

func (m *countingMeter) Event(tag string)          { m.note("event %s", tag) }
func (m *countingMeter) Handled(lag time.Duration) { m.note("handled %v", lag > 0) }
func (m *countingMeter) Delivery(status string)    { m.note("delivery %s", status) }
func (m *countingMeter) Handler(name string) func(time.Duration, bool) {
	return func(took time.Duration, failed bool) { m.note("ran %s %v %v", name, took > 0, failed) }
}
func (m *countingMeter) Command(send bool, result CommandResult, _ time.Duration) {
	m.note("command %v %d", send, result)
}
func (m *countingMeter) Reloaded(_ time.Duration, err error) { m.note("reloaded %v", err == nil) }

// TestMeter counts what a bot does, on each way.
func TestMeter(t *testing.T) {
	t.Parallel()
	m, opened := &countingMeter{}, make(chan *Host, 1)
	core := newFakeCore()
	h, err := New(Options{
		Script: "bot.lua", Ephemeral: true, Meter: m, Opened: func(h *Host) { opened <- h },
		Source: []byte(`
			bot.on_start(function() pcall(bot.api.send_chat_cmd, "/x") end)
			bot.spawn(function() error("no task") end)
			bot.on_message(function(msg) if msg.text == "bad" then error("no") end end)`),
		OpenCore: func(context.Context, Database) (chat.Core, error) { return core, nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := h.Ping(t.Context()); !errors.Is(err, ErrStopped) {
		t.Errorf("Ping before the start: got %v, want ErrStopped", err)
	}
	if _, err := h.Eval(t.Context(), "1", io.Discard); !errors.Is(err, ErrStopped) {
		t.Errorf("Eval before the start: got %v, want ErrStopped", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- h.Run(ctx) }()
	<-h.Ready()
	if got := <-opened; got != h {
		t.Error("Opened was told about another host")
	}
	core.receive("@4", "good")
	core.receive("@4", "bad")
	if err := h.Idle(t.Context(), core.made); err != nil {
		t.Fatal(err)
	}
	if err := h.Ping(t.Context()); err != nil {
		t.Errorf("Ping: %v", err)
	}
	if got, err := h.Eval(t.Context(), "bot.info.name", io.Discard); err != nil || got != `"bot"` {
		t.Errorf("Eval: got %s, %v", got, err)
	}
	if got := h.Complete("bot.on_mess"); !slices.Equal(got, []string{"on_message"}) {
		t.Errorf("Complete: got %v", got)
	}
	if last := h.LastError(); last.At.IsZero() || !strings.Contains(last.Text, "bot.lua:") {
		t.Errorf("LastError: got %+v", last)
	}
	if err := h.Reload(t.Context()); err != nil {
		t.Errorf("Reload: %v", err)
	}
	s, ok := h.Status()
	if !ok || s.Generation != 2 || s.Loaded.Before(s.Started) {
		t.Errorf("Status: got %+v, %v", s, ok)
	}
	// The new version's own task fails as well, by now or later.
	if last := h.LastError(); !last.At.IsZero() && last.At.Before(s.Loaded) {
		t.Errorf("LastError: got %+v of a version that was replaced", last)
	}
	cancel()
	if err := <-ended; err != nil {
		t.Errorf("Run: %v", err)
	}
	for _, want := range []string{
		"event newChatItems", "handled true", "ran on_message at bot.lua:4 true false", "ran on_message at bot.lua:4 true true",
		"ran on_start at bot.lua:2 true false", "ran spawn at bot.lua:3 true true", "command false 0", "reloaded true",
	} {
		if !m.has(want) {
			t.Errorf("%q was not counted: %q", want, m.notes)
		}
	}
}

// stuckCore hangs in one command until it is let go.
type stuckCore struct {
	*fakeCore
	asked, free chan struct{}
}

func (c *stuckCore) Send(ctx context.Context, cmd string) ([]byte, error) {
	select {
	case <-c.asked:
		if cmd == "/v" {
			<-c.free
		}
	default:
	}
	return c.fakeCore.Send(ctx, cmd)
}

// TestPingStuck tells that the core hangs, and leaves one question behind, not many.
func TestPingStuck(t *testing.T) {
	t.Parallel()
	core := &stuckCore{newFakeCore(), make(chan struct{}), make(chan struct{})}
	h, err := New(Options{Source: []byte(""), Ephemeral: true, OpenCore: func(context.Context, Database) (chat.Core, error) { return core, nil }})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- h.Run(ctx) }()
	<-h.Ready()
	close(core.asked)
	for _, want := range []string{"does not answer", "an earlier question"} {
		short, stop := context.WithTimeout(t.Context(), 10*time.Millisecond)
		if err := h.Ping(short); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
		stop()
	}
	close(core.free)
	if err := h.Ping(t.Context()); err != nil {
		t.Errorf("after it was let go: %v", err)
	}
	cancel()
	if err := <-ended; err != nil {
		t.Errorf("Run: %v", err)
	}
}

// TestMeteredCommands tells how commands end.
func TestMeteredCommands(t *testing.T) {
	t.Parallel()
	m := &countingMeter{}
	fake := newFakeCore()
	fake.override = func(cmd string) string {
		if strings.HasPrefix(cmd, "/_send") {
			return `{"error":{"type":"error","errorType":{"type":"x"}}}`
		}
		return ""
	}
	core := metered(fake, m)
	for _, cmd := range []string{"/v", "/_send @4 json []"} {
		if _, err := core.Send(t.Context(), cmd); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, _ = core.Send(ctx, "/_send @4 json []")
	if want := []string{"command false 0", "command true 1", "command true 2"}; !slices.Equal(m.notes, want) {
		t.Errorf("got %q, want %q", m.notes, want)
	}
	if metered(fake, nil) != chat.Core(fake) {
		t.Error("the core is wrapped although nobody counts")
	}
}
