package luaapi

import (
	"encoding/json"
	"math/rand/v2"
	"sync"
	"testing"
	"time"
)

// TestNoTickTwice reloads a script all the time while its timers run: each
// moment that is due comes once at most, whichever version it finds.
func TestNoTickTwice(t *testing.T) {
	t.Parallel()
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 1))
	core, book := &fakeCore{}, OpenTimerBook("", nil)
	load := func(n int) *Runtime {
		rt, err := Load(t.Context(), Options{Name: "test", Path: "bot.lua", Generation: n, Source: []byte(`
			bot.every("10ms", function() bot.send("@4", "tick") end)
			bot.after("50ms", function() bot.send("@4", "once") end)`)})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(rt.Close)
		rt.Attach(Session{Core: core, UserID: 1, Timers: book})
		return rt
	}
	current := load(1)
	began := time.Now()
	current.Start(t.Context(), "start")
	var drains sync.WaitGroup
	for n := 2; n <= 100 || time.Since(began) < 100*time.Millisecond; n++ {
		time.Sleep(time.Duration(r.IntN(8000)) * time.Microsecond) // the moment of the reload
		old, next := current, load(n)
		if err := old.HandOver(func(state json.RawMessage) error { return next.Adopt(t.Context(), state, 1) }); err != nil {
			t.Fatal(err)
		}
		next.Start(t.Context(), "reload")
		drains.Go(func() {
			if err := old.Drain(t.Context()); err != nil {
				t.Error(err)
			}
			old.Close()
		})
		current = next
	}
	current.Close()
	drains.Wait()
	most := int(time.Since(began) / (10 * time.Millisecond))
	got := map[string]int{}
	for _, text := range core.texts() {
		got[text]++
	}
	if got["tick"] == 0 || got["tick"] > most || got["once"] != 1 {
		t.Errorf("got %v, want %d ticks at most and one once", got, most)
	}
}
