package bottest

import (
	"slices"
	"sync"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/sim"
	"github.com/simplex-lua/simplex-lua/luaapi"
)

// start is the time at which every case begins.
var start = time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)

var _ luaapi.Clock = (*clock)(nil)

// clock is a network's time with the timers of the scripts in it. Only
// network.advance moves it.
type clock struct {
	*sim.Virtual

	mu     sync.Mutex // guards timers
	timers []*timer   // by time, then by order of setting
}

type timer struct {
	at time.Time
	f  func()
}

func newClock() *clock { return &clock{Virtual: sim.NewVirtual(start)} }

// AfterFunc sets a timer.
func (c *clock) AfterFunc(d time.Duration, f func()) (stop func() bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	t := &timer{c.Now().Add(d), f}
	i, _ := slices.BinarySearchFunc(c.timers, t.at, func(x *timer, at time.Time) int {
		if x.at.After(at) {
			return 1
		}
		return -1
	})
	c.timers = slices.Insert(c.timers, i, t)
	return func() bool {
		c.mu.Lock()
		defer c.mu.Unlock()
		i := slices.Index(c.timers, t)
		if i >= 0 {
			c.timers = slices.Delete(c.timers, i, i+1)
		}
		return i >= 0
	}
}

// next tells when the first timer is due, if that is not after end.
func (c *clock) next(end time.Time) (at time.Time, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.timers) == 0 || c.timers[0].at.After(end) {
		return time.Time{}, false
	}
	return c.timers[0].at, true
}

// fire runs the first timer that is due.
func (c *clock) fire() {
	c.mu.Lock()
	if len(c.timers) == 0 || c.timers[0].at.After(c.Now()) {
		c.mu.Unlock()
		return
	}
	t := c.timers[0]
	c.timers = slices.Delete(c.timers, 0, 1)
	c.mu.Unlock()
	t.f()
}
