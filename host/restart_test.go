package host

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/chat"
)

// TestNoBotCanRun ends the Supervisor where no bot has run, and none can before
// somebody mends it.
func TestNoBotCanRun(t *testing.T) {
	t.Parallel()
	var final, passing atomic.Int64
	typo := errors.New("typo")
	wrong := func(context.Context, int) (Runtime, error) { final.Add(1); return nil, typo }
	once := func(context.Context, int) (Runtime, error) {
		if passing.Add(1) == 1 {
			return nil, errBroken
		}
		return nil, typo
	}
	for _, tt := range []struct {
		name  string
		bots  []loader
		ended bool
	}{
		{"all have mistakes", []loader{wrong, wrong}, true},
		{"another runs", []loader{wrong, works()}, false},
		{"another may run", []loader{wrong, fails(new(atomic.Int64), 1000)}, false},
		{"the other's mistake shows later", []loader{wrong, once}, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := supervised(t, Restart{When: RestartOnFailure, Final: func(err error) bool { return errors.Is(err, typo) }}, tt.bots...)
				ctx, cancel := context.WithCancel(t.Context())
				ended := make(chan error, 1)
				go func() { ended <- s.Run(ctx) }()
				time.Sleep(time.Minute)
				synctest.Wait()
				cancel()
				if err := <-ended; errors.Is(err, typo) != tt.ended || tt.ended && s.bots[0].State().Stopped {
					t.Errorf("got %v, %+v; ended by itself should be %v", err, s.bots[0].State(), tt.ended)
				}
			})
		})
	}
}

// TestOneThatHasRunIsNotGivenUp goes on where a change brings the only bot a mistake.
func TestOneThatHasRunIsNotGivenUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		typo := errors.New("typo")
		restart := Restart{When: RestartOnFailure, Final: func(err error) bool { return errors.Is(err, typo) }}
		s := supervised(t, restart, works())
		ended := make(chan error, 1)
		go func() { ended <- s.Run(t.Context()) }()
		synctest.Wait()
		next := supervised(t, restart, works()).bots[0]
		next.opts.OpenCore = func(context.Context, Database) (chat.Core, error) { return nil, typo }
		if err := s.Change([]Bot{{Options: next.opts, Restart: restart}}, func(string) bool { return false }, nil); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		if st := s.Bots()[0].State(); st.Phase != PhaseWaiting || st.Restarts == 0 {
			t.Errorf("got %+v, want it to be tried again", st)
		}
		s.Bots()[0].Stop("test")
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}
