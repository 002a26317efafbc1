package host

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/chat"
	"github.com/simplex-lua/simplex-lua/internal/testkit"
	"github.com/simplex-lua/simplex-lua/luaapi"
)

var errBroken = errors.New("broken")

// supervised makes a Supervisor of bots with scripts in Go; loads[i] is how the
// i-th bot's script is loaded.
func supervised(t *testing.T, restart Restart, loads ...loader) *Supervisor {
	t.Helper()
	bots := make([]Bot, len(loads))
	for i := range loads {
		o, core := testOptions(t, nil), newFakeCore()
		o.Name = fmt.Sprint("bot", i)
		o.OpenCore = func(context.Context, Database) (chat.Core, error) {
			core.mu.Lock()
			defer core.mu.Unlock()
			core.closed, core.started = false, false // a database that is opened again
			return core, nil
		}
		bots[i] = Bot{Options: o, Restart: restart}
	}
	s, err := NewSupervisor(bots...)
	if err != nil {
		t.Fatal(err)
	}
	for i, load := range loads {
		s.bots[i].newHost = func(o Options) (*Host, error) {
			h, err := New(o)
			if err == nil {
				h.load = load
			}
			return h, err
		}
	}
	return s
}

func works() loader {
	return func(context.Context, int) (Runtime, error) { return newFakeRuntime("bot"), nil }
}

// fails counts the tries; from the try good on it works.
func fails(tries *atomic.Int64, good int64) loader {
	return func(context.Context, int) (Runtime, error) {
		if tries.Add(1) < good {
			return nil, errBroken
		}
		return newFakeRuntime("bot"), nil
	}
}

func TestAFailingBotLeavesTheOthers(t *testing.T) {
	t.Parallel()
	for _, when := range []string{RestartNever, RestartOnFailure} {
		t.Run(when, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var tries atomic.Int64
				s := supervised(t, Restart{When: when}, fails(&tries, 1000), works())
				ctx, cancel := context.WithCancel(t.Context())
				ended := make(chan error)
				go func() { ended <- s.Run(ctx) }()
				time.Sleep(time.Hour)
				synctest.Wait()
				bad, good := s.bots[0].State(), s.bots[1].State()
				if good.Phase != PhaseRunning || !errors.Is(bad.Err, errBroken) {
					t.Errorf("got %+v and %+v, want the second to run", bad, good)
				}
				cancel()
				err := <-ended
				switch when {
				case RestartNever:
					if bad.Phase != PhaseEnded || tries.Load() != 1 || !errors.Is(err, errBroken) || !strings.HasPrefix(err.Error(), "bot0: ") {
						t.Errorf("got %s after %d tries and %v, want one try and bot0: broken", bad.Phase, tries.Load(), err)
					}
				default:
					// 1+2+4+…+256 s, then every 5 min: 9 tries in 511 s, 10 more in the rest.
					if bad.Phase != PhaseWaiting || bad.Restarts != 19 || err != nil {
						t.Errorf("got %s after %d restarts and %v, want 19 and no error", bad.Phase, bad.Restarts, err)
					}
				}
			})
		})
	}
}

func TestRestartPolicy(t *testing.T) {
	t.Parallel()
	notClosed := fmt.Errorf("%w: a command did not end", ErrNotClosed)
	tests := []struct {
		when string
		err  error
		want bool
	}{
		{"", errBroken, false},
		{RestartNever, errBroken, false},
		{RestartOnFailure, errBroken, true},
		{RestartOnFailure, nil, false},
		{RestartOnFailure, notClosed, false},
		{RestartAlways, nil, true},
		{RestartAlways, errBroken, true},
		{RestartAlways, notClosed, false},
	}
	for _, tt := range tests {
		if got := (Restart{When: tt.when}).again(tt.err); got != tt.want {
			t.Errorf("%q after %v: got %t, want %t", tt.when, tt.err, got, tt.want)
		}
	}
}

func TestABotThatRanLongWaitsLittle(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := supervised(t, Restart{When: RestartAlways, Delay: time.Second, MaxDelay: 4 * time.Second}, works())
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- s.Run(ctx) }()
		for range 5 {
			time.Sleep(time.Minute)
			synctest.Wait()
			s.bots[0].Host().Stop("test")
			synctest.Wait()
			if st := s.bots[0].State(); st.Phase != PhaseWaiting || time.Until(st.Retry) > time.Second {
				t.Errorf("got %+v, want a retry within a second", st)
			}
		}
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}

func TestAWaitingBotStartsAtAReload(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var tries atomic.Int64
		s := supervised(t, Restart{When: RestartOnFailure, Delay: time.Hour, MaxDelay: time.Hour}, fails(&tries, 2))
		ended := make(chan error)
		go func() { ended <- s.Run(t.Context()) }()
		synctest.Wait()
		b, _ := s.Bot("bot0")
		if st := b.State(); st.Phase != PhaseWaiting {
			t.Fatalf("got %+v, want waiting", st)
		}
		if err := b.Reload(t.Context()); err != nil {
			t.Error(err)
		}
		synctest.Wait()
		if st := b.State(); st.Phase != PhaseRunning || st.Restarts != 1 {
			t.Errorf("got %+v, want it to run", st)
		}
		b.Stop("test")
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}

func TestAWaitingBotCanBeStopped(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var tries atomic.Int64
		s := supervised(t, Restart{When: RestartAlways}, fails(&tries, 1000))
		ended := make(chan error)
		go func() { ended <- s.Run(t.Context()) }()
		synctest.Wait()
		s.bots[0].Stop("test")
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if st := s.bots[0].State(); st.Phase != PhaseEnded || !st.Stopped || !errors.Is(st.Err, errBroken) {
			t.Errorf("got %+v, want it ended with what was wrong", st)
		}
	})
}

func TestAWaitingBotStartsWhenItsScriptChanges(t *testing.T) {
	t.Parallel()
	var tries atomic.Int64
	o := testOptions(t, newFakeCore())
	o.Source, o.Watch, o.Settle = nil, true, time.Millisecond
	o.Script = filepath.Join(t.TempDir(), "bot.lua")
	if err := os.WriteFile(o.Script, []byte("broken"), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := NewSupervisor(Bot{Options: o, Restart: Restart{When: RestartOnFailure, Delay: time.Hour, MaxDelay: time.Hour}})
	if err != nil {
		t.Fatal(err)
	}
	b := s.bots[0]
	b.newHost = func(o Options) (*Host, error) {
		h, err := New(o)
		if err == nil {
			h.load = fails(&tries, 2)
		}
		return h, err
	}
	ended := make(chan error)
	go func() { ended <- s.Run(t.Context()) }()
	testkit.Until(t, "the bot waits", func() bool { return b.State().Phase == PhaseWaiting })
	if err := os.WriteFile(o.Script, []byte("mended"), 0o600); err != nil {
		t.Fatal(err)
	}
	testkit.Until(t, "the bot runs", func() bool { return b.State().Phase == PhaseRunning })
	b.Stop("test")
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

func TestABotApart(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		runs := 0
		o := testOptions(t, newFakeCore())
		s, err := NewSupervisor(Bot{Options: o, Restart: Restart{When: RestartOnFailure}, Apart: func(ctx context.Context) error {
			if runs++; runs == 1 {
				return errBroken
			}
			<-ctx.Done()
			return nil
		}})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- s.Run(ctx) }()
		time.Sleep(time.Minute)
		synctest.Wait()
		if st := s.bots[0].State(); st.Phase != PhaseRunning || !st.Apart || st.Restarts != 1 {
			t.Errorf("got %+v, want the second process", st)
		}
		cancel()
		if err := <-ended; err != nil || runs != 2 {
			t.Errorf("got %v after %d processes, want none after 2", err, runs)
		}
	})
}

func TestBotsThatCannotRunTogether(t *testing.T) {
	t.Parallel()
	one, two := testOptions(t, newFakeCore()), testOptions(t, newFakeCore())
	one.Name, two.Name = "one", "two"
	same := two
	same.Data = one.Data
	var shared *DataError
	if _, err := NewSupervisor(Bot{Options: one}, Bot{Options: same}); !errors.As(err, &shared) || !strings.Contains(err.Error(), "one and two would share it") {
		t.Errorf("the same folder: got %v, want a DataError that names both", err)
	}
	two.Name = "one"
	if _, err := NewSupervisor(Bot{Options: one}, Bot{Options: two}); err == nil || !strings.Contains(err.Error(), `two bots have the name "one"`) {
		t.Errorf("the same name: got %v", err)
	}
}

func TestTheOperatorsSettingsGoOverTheScripts(t *testing.T) {
	t.Parallel()
	o := testOptions(t, newFakeCore())
	o.Source = []byte(`bot.configure { cpu_limit = "2s", handler_timeout = "2m" }`)
	o.Override = func(s luaapi.Settings) luaapi.Settings {
		s.CPULimit = time.Minute
		return s
	}
	h, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	rt, err := h.load(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	defer rt.Close()
	if s := rt.Settings(); s.CPULimit != time.Minute || s.HandlerTimeout != 2*time.Minute {
		t.Errorf("got %+v", s)
	}
}

// TestAWaitingBotThatCannotBeWatched says so: an edit does not start it.
func TestAWaitingBotThatCannotBeWatched(t *testing.T) {
	t.Parallel()
	var log testkit.Buffer
	o := testOptions(t, newFakeCore())
	o.Source, o.Watch, o.Log = nil, true, testLog(&log)
	o.Script = filepath.Join(t.TempDir(), "no folder", "bot.lua")
	s, err := NewSupervisor(Bot{Options: o, Restart: Restart{When: RestartOnFailure, Delay: time.Hour, MaxDelay: time.Hour}})
	if err != nil {
		t.Fatal(err)
	}
	b := s.bots[0]
	b.newHost = func(Options) (*Host, error) { return nil, errBroken }
	ended := make(chan error)
	go func() { ended <- s.Run(t.Context()) }()
	testkit.Until(t, "the log tells of it", func() bool { return strings.Contains(log.String(), "changes of the script are not noticed") })
	b.Stop("test")
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
