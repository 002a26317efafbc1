package host

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"testing"
	"testing/synctest"

	"github.com/simplex-lua/simplex-lua/luaapi"
)

// namesOf are the names of bots, in their order.
func namesOf(bots []*Supervised) (names []string) {
	for _, b := range bots {
		names = append(names, b.Name())
	}
	return names
}

// botsOf are bots with the options of those of s.
func botsOf(s *Supervisor) (bots []Bot) {
	for _, b := range s.Bots() {
		bots = append(bots, Bot{Options: b.opts})
	}
	return bots
}

// fake gives bots scripts in Go that work.
func fake(bots []*Supervised) {
	for _, b := range bots {
		b.newHost = func(o Options) (*Host, error) {
			h, err := New(o)
			if err == nil {
				h.load = works()
			}
			return h, err
		}
	}
}

// TestChange stops one bot, starts another, and leaves those alone that stay,
// whether they run or were stopped.
func TestChange(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := supervised(t, Restart{}, works(), works(), works())
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- s.Run(ctx) }()
		synctest.Wait()
		runs, changes, rests := s.bots[0], s.bots[1], s.bots[2]
		host := runs.Host()
		rests.Stop("test")
		synctest.Wait()

		bots := botsOf(s)
		o := testOptions(t, newFakeCore())
		o.Name = "new"
		bots = append([]Bot{{Options: o}}, bots...)
		stays := func(name string) bool { return name == "bot0" || name == "bot2" }
		var swapped bool
		err := s.Change(bots, stays, func(gone, come []*Supervised) {
			swapped = true
			if g, c := namesOf(gone), namesOf(come); !slices.Equal(g, []string{"bot1"}) || !slices.Equal(c, []string{"new", "bot1"}) {
				t.Errorf("gone %v, come %v", g, c)
			}
			if changes.State().Phase != PhaseEnded {
				t.Error("the one that changes has not ended")
			}
			fake(come)
		})
		if err != nil || !swapped {
			t.Fatal(err, swapped)
		}
		synctest.Wait()
		if got := namesOf(s.Bots()); !slices.Equal(got, []string{"new", "bot0", "bot1", "bot2"}) {
			t.Errorf("got the bots %v", got)
		}
		for _, b := range s.Bots() {
			want := PhaseRunning
			if b.Name() == "bot2" {
				want = PhaseEnded
			}
			if got := b.State().Phase; got != want {
				t.Errorf("%s is %s, want %s", b.Name(), got, want)
			}
		}
		if runs.Host() != host {
			t.Error("the one that stays was started again")
		}
		if b, _ := s.Bot("bot1"); b == changes {
			t.Error("the one that changes is as before")
		}
		if err := s.Change(append(bots, bots[0]), stays, nil); err == nil || runs.Host() != host {
			t.Errorf("two of one name: got %v", err)
		}
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if err := s.Change(bots, stays, nil); !errors.Is(err, ErrStopped) {
			t.Errorf("after the end: got %v", err)
		}
	})
}

// TestChangeOfAll: Run goes on while no bot runs, and says nothing of those that
// are gone.
func TestChangeOfAll(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := supervised(t, Restart{}, works())
		ended := make(chan error, 1)
		go func() { ended <- s.Run(t.Context()) }()
		synctest.Wait()
		o := testOptions(t, newFakeCore())
		o.Name = "other"
		err := s.Change([]Bot{{Options: o}}, func(string) bool { return false }, func(_, come []*Supervised) {
			select {
			case err := <-ended:
				t.Errorf("Run has returned: %v", err)
			default:
			}
			come[0].newHost = func(Options) (*Host, error) { return nil, errBroken }
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := <-ended; !errors.Is(err, errBroken) {
			t.Errorf("got %v", err)
		}
	})
}

// TestChangeHandsADatabaseOver: a bot with another name may have the database of
// one that is gone.
func TestChangeHandsADatabaseOver(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := supervised(t, Restart{}, works(), works())
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- s.Run(ctx) }()
		synctest.Wait()
		bots := botsOf(s)
		o := testOptions(t, newFakeCore())
		o.Name, o.Database = "renamed", &luaapi.Database{SQLite: &luaapi.SQLite{FilePrefix: filepath.Join(bots[0].Data, "chat")}}
		bots[0] = Bot{Options: o}
		err := s.Change(bots, func(name string) bool { return name == "bot1" }, func(_, come []*Supervised) { fake(come) })
		if err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if b, ok := s.Bot("renamed"); !ok || b.State().Phase != PhaseRunning {
			t.Errorf("got %+v", b.State())
		}
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}
