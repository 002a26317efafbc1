package host

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/chat"
	"github.com/simplex-lua/simplex-lua/luaapi"
)

var discard = slog.New(slog.DiscardHandler)

// fakeRuntime is a generation whose handlers are Go functions.
type fakeRuntime struct {
	n        int
	settings luaapi.Settings
	files    []string
	// onEvent is the handler; it may take as long as it likes.
	onEvent func(ctx context.Context, ev chat.Event)
	raw     func(ev chat.Event) (chat.Event, bool)
	onStart func(reason string)
	// refuses lets each event wait until the runtime is cut, and begins with none.
	refuses bool
	// onSkipped may wait.
	onSkipped func(luaapi.Skipped)
	adopt     func(state json.RawMessage) error
	wants     func(tag string) bool // nil: all but requests and invitations

	mu      sync.Mutex // guards what follows
	ctx     context.Context
	cut     context.CancelFunc
	active  sync.WaitGroup
	busy    int
	waiters []chan chat.Event
	session luaapi.Session
	started string
	stopped string
	closed  bool
	reports []error
	skipped []luaapi.Skipped
	state   json.RawMessage
}

func newFakeRuntime(name string) *fakeRuntime {
	rt := &fakeRuntime{settings: luaapi.DefaultSettings(name)}
	rt.ctx, rt.cut = context.WithCancel(context.Background())
	return rt
}

func (rt *fakeRuntime) Settings() luaapi.Settings { return rt.settings }
func (rt *fakeRuntime) Files() []string           { return rt.files }
func (rt *fakeRuntime) Pending() luaapi.Pending   { return luaapi.Pending{} }

func (rt *fakeRuntime) HandOver(take func(json.RawMessage) error) error { return take(rt.state) }

func (rt *fakeRuntime) Adopt(_ context.Context, old json.RawMessage, _ int) error {
	rt.state = old
	if rt.adopt != nil {
		return rt.adopt(old)
	}
	return nil
}

func (rt *fakeRuntime) Ready(context.Context) error { return nil }

func (rt *fakeRuntime) Eval(context.Context, string, io.Writer) (string, error) { return "", nil }
func (rt *fakeRuntime) Complete(string) []string                                { return nil }

func (rt *fakeRuntime) Attach(s luaapi.Session) { rt.session = s }

func (rt *fakeRuntime) Start(_ context.Context, reason string) {
	rt.enter(1)
	defer rt.enter(-1)
	rt.mu.Lock()
	rt.started = reason
	rt.mu.Unlock()
	if rt.onStart != nil {
		rt.onStart(reason)
	}
}

func (rt *fakeRuntime) Notice(chat.Event) {}

func (rt *fakeRuntime) Raw(ev chat.Event) (chat.Event, bool) {
	if rt.raw != nil {
		return rt.raw(ev)
	}
	return ev, true
}

// ask gives the next event to whoever waits, before any handler.
func (rt *fakeRuntime) ask() <-chan chat.Event {
	rt.mu.Lock()
	defer rt.mu.Unlock()
	c := make(chan chat.Event, 1)
	rt.waiters = append(rt.waiters, c)
	rt.active.Add(1)
	return c
}

func (rt *fakeRuntime) Offer(ev chat.Event, done func()) bool {
	rt.mu.Lock()
	defer rt.mu.Unlock()
	if len(rt.waiters) == 0 {
		return false
	}
	rt.waiters[0] <- ev
	rt.waiters = rt.waiters[1:]
	rt.active.Done()
	done()
	return true
}

func (rt *fakeRuntime) Dispatch(ev chat.Event, done func()) bool {
	rt.mu.Lock()
	if rt.closed {
		rt.mu.Unlock()
		panic("Dispatch on a closed runtime")
	}
	rt.busy++
	rt.active.Add(1)
	rt.mu.Unlock()
	defer rt.active.Done()
	defer rt.enter(-1)
	if rt.refuses {
		<-rt.ctx.Done()
		return false
	}
	defer done()
	if rt.onEvent != nil {
		rt.onEvent(rt.ctx, ev)
	}
	return true
}

func (rt *fakeRuntime) enter(n int) {
	rt.mu.Lock()
	defer rt.mu.Unlock()
	rt.busy += n
}

func (rt *fakeRuntime) Wants(tag string) bool {
	if rt.wants == nil {
		return tag != requestTag && tag != invitationTag // each start would ask for them
	}
	return rt.wants(tag)
}

func (rt *fakeRuntime) SetAside() uint64 { return 0 }

func (rt *fakeRuntime) Skipped(s luaapi.Skipped) {
	if rt.onSkipped != nil {
		rt.onSkipped(s)
	}
	rt.mu.Lock()
	defer rt.mu.Unlock()
	rt.skipped = append(rt.skipped, s)
}

func (rt *fakeRuntime) Busy() int {
	rt.mu.Lock()
	defer rt.mu.Unlock()
	return rt.busy
}

// Handling is 0: the fake's handlers keep their lane until they have ended.
func (rt *fakeRuntime) Handling() int { return 0 }

func (rt *fakeRuntime) Report(err error) {
	rt.mu.Lock()
	defer rt.mu.Unlock()
	rt.reports = append(rt.reports, err)
}

func (rt *fakeRuntime) reported() []error {
	rt.mu.Lock()
	defer rt.mu.Unlock()
	return append([]error(nil), rt.reports...)
}

var errCut = errors.New("cut")

func (rt *fakeRuntime) Drain(ctx context.Context) error {
	ended := make(chan struct{})
	go func() { rt.active.Wait(); close(ended) }()
	select {
	case <-ended:
		return nil
	case <-ctx.Done():
		rt.end()
		<-ended
		return errCut
	}
}

// end cuts handlers and waiters.
func (rt *fakeRuntime) end() {
	rt.cut()
	rt.mu.Lock()
	defer rt.mu.Unlock()
	for _, w := range rt.waiters {
		close(w)
		rt.active.Done()
	}
	rt.waiters = nil
}

func (rt *fakeRuntime) Stop(_ context.Context, reason string) {
	rt.mu.Lock()
	rt.stopped = reason
	rt.mu.Unlock()
	rt.Close()
}

func (rt *fakeRuntime) Close() {
	rt.end()
	rt.active.Wait()
	rt.mu.Lock()
	defer rt.mu.Unlock()
	rt.closed = true
}

func (rt *fakeRuntime) life() (started, stopped string) {
	rt.mu.Lock()
	defer rt.mu.Unlock()
	return rt.started, rt.stopped
}

var _ Runtime = (*fakeRuntime)(nil)

// running is a host on a fake core.
type running struct {
	*Host
	core *fakeCore
	done chan error // what Run returned
	data string
}

// options for tests: nothing outside the test's own folder.
func testOptions(t *testing.T, core chat.Core) Options {
	t.Helper()
	return Options{
		Script: "bot.lua", Source: []byte("-- a fake runtime is used"), Data: t.TempDir(),
		OpenCore: func(context.Context, Database) (chat.Core, error) { return core, nil },
		Grace:    time.Second,
	}
}

// launch runs a host whose generations come from load, nil for real scripts, and
// waits until it is ready.
func launch(t *testing.T, o Options, core *fakeCore, load loader) *running {
	t.Helper()
	h, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	if load != nil {
		h.load = load
	}
	r := &running{Host: h, core: core, done: make(chan error, 1), data: o.Data}
	ctx, cancel := context.WithCancel(context.Background())
	go func() { r.done <- h.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		<-h.Done()
	})
	select {
	case <-h.Ready():
	case <-h.Done():
		t.Fatalf("the host did not start: %v", <-r.done)
	}
	return r
}

// end stops the host and returns what Run returned.
func (r *running) end() error {
	r.Stop("end of the test")
	return <-r.done
}

// only is a loader that gives one runtime.
func only(rt *fakeRuntime) loader {
	return func(context.Context, int) (Runtime, error) { return rt, nil }
}
