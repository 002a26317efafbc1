package ops

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/ops/control"
	"github.com/simplex-lua/simplex-lua/internal/ops/notify"
)

var discard = slog.New(slog.DiscardHandler)

// fakeBot has the status that a test gives it.
type fakeBot struct {
	name, data string

	mu     sync.Mutex // guards what follows
	status control.Status
	sick   error
	checks int // since it is sick
}

func newFakeBot(name, phase string) *fakeBot {
	return &fakeBot{name: name, status: control.Status{Bot: name, Phase: phase, Network: control.Network{Receiving: true}}}
}

// set changes the status.
func (b *fakeBot) set(change func(s *control.Status)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	change(&b.status)
}

func (b *fakeBot) Status() control.Status {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.status
}

func (b *fakeBot) Check(context.Context) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.sick != nil {
		b.checks++
	}
	return b.sick
}

// asked counts the checks since the bot is sick.
func (b *fakeBot) asked() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.checks
}

func (b *fakeBot) fail(err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.sick = err
}

func (b *fakeBot) Name() string                 { return b.name }
func (b *fakeBot) Data() string                 { return b.data }
func (b *fakeBot) Reload(context.Context) error { return nil }
func (b *fakeBot) Stop(context.Context) error   { return nil }
func (b *fakeBot) Save(context.Context) (control.Saved, error) {
	return control.Saved{}, nil
}
func (b *fakeBot) Complete(string) []string { return nil }
func (b *fakeBot) Eval(_ context.Context, code string, _ io.Writer) (string, error) {
	return code, nil
}

func newOps(t *testing.T, o Options, bots ...Bot) *Ops {
	t.Helper()
	o.Log = discard
	ops, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(ops.Close)
	for _, b := range bots {
		ops.Add(b)
	}
	return ops
}

func get(t *testing.T, o *Ops, path string) (int, string) {
	t.Helper()
	c := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	r, err := c.Get("http://" + o.Address() + path)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return r.StatusCode, string(body)
}

func TestWeb(t *testing.T) {
	t.Parallel()
	one, two := newFakeBot("one", control.Running), newFakeBot("two", control.Running)
	o := newOps(t, Options{Metrics: "127.0.0.1:0", Version: "1.2.3", MemoryLimit: func() int64 { return 1 }}, one, two)
	o.Start(t.Context())
	o.Meter("one").Event("newChatItems")
	for _, step := range []struct {
		name         string
		change       func()
		path         string
		code         int
		body, noBody string
	}{
		{name: "metrics", path: "/metrics", code: 200, body: `simplex_lua_events_total{bot="one",class="message"} 1`},
		{name: "both bots", path: "/metrics", code: 200, body: `simplex_lua_up{bot="two"} 1`},
		{name: "healthy", path: "/healthz", code: 200, body: "healthy"},
		{name: "ready", path: "/readyz", code: 200, body: "ready"},
		{name: "no profiles", path: "/debug/pprof/", code: 404},
		{name: "nothing else", path: "/", code: 404},
		{name: "a core that hangs", change: func() { two.fail(errors.New("the core does not answer")) }, path: "/healthz", code: 503, body: "two: the core does not answer"},
		{name: "a bot that failed", change: func() { two.set(func(s *control.Status) { s.Phase = control.Failed }) }, path: "/healthz", code: 200},
		{name: "is not ready", path: "/readyz", code: 503, body: "two: failed", noBody: "one:"},
		{name: "starting", change: func() { two.set(func(s *control.Status) { s.Phase = control.Starting }) }, path: "/readyz", code: 503, body: "two: starting"},
		{name: "catching up", change: func() { two.set(func(s *control.Status) { s.Phase = control.CatchingUp }) }, path: "/readyz", code: 503, body: "two: catching up"},
		{name: "stopped as asked", change: func() { two.set(func(s *control.Status) { s.Phase = control.Ended }) }, path: "/readyz", code: 200},
		{name: "critical", change: func() { one.set(func(s *control.Status) { s.Network.WantsRestart = true }) }, path: "/readyz", code: 503, body: "one: the core asks for a restart"},
		{name: "restarted", change: func() { one.set(func(s *control.Status) { s.Network.WantsRestart = false }) }, path: "/readyz", code: 200},
		{name: "offline", change: func() { one.set(func(s *control.Status) { s.Network.Offline = true }) }, path: "/readyz", code: 503, body: "one: all message servers are lost"},
		{name: "no events", change: func() { one.set(func(s *control.Status) { s.Network = control.Network{} }) }, path: "/readyz", code: 503, body: "one: the core gives errors"},
		{name: "queue", change: func() {
			one.set(func(s *control.Status) {
				s.Network.Receiving, s.Queue.Waiting, s.Queue.WaitingBytes = true, 9, overloadBytes+1
			})
		}, path: "/readyz", code: 503, body: "one: more arrives than the script handles: 9 events wait"},
	} {
		if step.change != nil {
			step.change()
		}
		code, body := get(t, o, step.path)
		if code != step.code || !strings.Contains(body, step.body) || step.noBody != "" && strings.Contains(body, step.noBody) {
			t.Errorf("%s: got %d %s, want %d %s", step.name, code, body, step.code, step.body)
		}
	}
}

func TestProfiles(t *testing.T) {
	t.Parallel()
	o := newOps(t, Options{Metrics: "127.0.0.1:0", Pprof: true})
	o.Start(t.Context())
	if code, body := get(t, o, "/debug/pprof/goroutine?debug=1"); code != 200 || !strings.Contains(body, "goroutine profile") {
		t.Errorf("got %d %s", code, body)
	}
}

func TestAddressInUse(t *testing.T) {
	t.Parallel()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	_, err = New(Options{Log: discard, Metrics: ln.Addr().String()})
	if taken := (*ListenError)(nil); !errors.As(err, &taken) || !strings.Contains(err.Error(), ln.Addr().String()) || taken.Hint() == "" {
		t.Errorf("an address in use: got %v", err)
	}
}

// TestOverload remembers for a while that messages did not fit.
func TestOverload(t *testing.T) {
	t.Parallel()
	now := time.Now()
	h := &health{now: func() time.Time { return now }}
	s := control.Status{Bot: "b", Phase: control.Running, Network: control.Network{Receiving: true}}
	s.Queue.Spilled = 3 // before anybody looked
	if got := h.ready(s); got != "" {
		t.Errorf("got %q", got)
	}
	s.Queue.Dropped = 1
	if got := h.ready(s); !strings.Contains(got, "more arrives") {
		t.Errorf("got %q", got)
	}
	now = now.Add(overloadFor)
	if got := h.ready(s); got != "" {
		t.Errorf("after a while: got %q", got)
	}
}

func TestOpened(t *testing.T) {
	t.Parallel()
	b := newFakeBot("b", control.Starting)
	b.data = t.TempDir()
	nothing := newFakeBot("ephemeral", control.Starting)
	o := newOps(t, Options{}, b, nothing)
	o.Start(t.Context())
	for range 2 {
		o.Opened("b")
	}
	o.Opened("ephemeral")
	o.Opened("nobody")
	c, err := control.Dial(b.data)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if r, err := c.Do(t.Context(), control.Request{Op: control.OpStatus}, nil); err != nil || r.Status.Bot != "b" {
		t.Errorf("got %+v, %v", r, err)
	}
	o.Close()
	o.Opened("b")
	if _, err := os.Lstat(filepath.Join(b.data, control.SocketName)); err == nil {
		t.Error("a socket after Close")
	}
	if o.Meter("b") != nil || o.Address() != "" {
		t.Error("metrics although nobody asked")
	}
}

// TestSystemd follows a bot through its life with a service manager of our own.
// Not parallel: the protocol's place is the environment.
func TestSystemd(t *testing.T) {
	path := filepath.Join(t.TempDir(), "n")
	conn, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: path, Net: "unixgram"})
	if err != nil {
		t.Skip("no datagram sockets here: ", err)
	}
	defer conn.Close()
	t.Setenv("NOTIFY_SOCKET", path)
	t.Setenv("WATCHDOG_USEC", "20000")
	var seen []string
	until := func(want string) {
		t.Helper()
		for buf := make([]byte, 1000); ; {
			if err := conn.SetReadDeadline(time.Now().Add(time.Minute)); err != nil {
				t.Fatal(err)
			}
			n, err := conn.Read(buf)
			if err != nil {
				t.Fatalf("%s never came after %q: %v", want, seen, err)
			}
			got := string(buf[:n])
			seen = append(seen, got)
			if strings.HasPrefix(got, want) {
				return
			}
		}
	}
	good, bad := newFakeBot("good", control.Starting), newFakeBot("bad", control.Starting)
	o := newOps(t, Options{Notifier: notify.FromEnv(discard)}, good, bad)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	o.Start(ctx)
	until("STATUS=0 of 2 bots run")
	good.set(func(s *control.Status) { s.Phase = control.Running })
	until("STATUS=1 of 2 bots run")
	if slices.Contains(seen, "READY=1") {
		t.Error("ready while a bot is starting")
	}
	bad.set(func(s *control.Status) { s.Phase = control.Failed })
	until("STATUS=1 of 2 bots run, 1 failed")
	until("READY=1")
	until("WATCHDOG=1")
	good.fail(errors.New("hangs"))
	o.Reloading(func(context.Context) {})
	until("RELOADING=1\nMONOTONIC_USEC=")
	until("READY=1")
	for good.asked() < 3 {
		time.Sleep(time.Millisecond)
	}
	seen = nil
	cancel()
	until("STOPPING=1")
	if n := strings.Count(strings.Join(seen, " "), "WATCHDOG=1"); n > 1 { // one may have been on its way
		t.Errorf("the watchdog was told %d times that a bot that hangs is well", n)
	}
}
