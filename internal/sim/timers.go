package sim

import (
	"slices"
	"sync"
	"time"
)

// Timers is a clock that stands still until its network is told to advance,
// with timers for whoever lives in the same time. It is safe for use by several
// goroutines.
type Timers struct {
	*Virtual

	mu     sync.Mutex // guards timers
	timers []*alarm   // by time, then by order of setting
}

type alarm struct {
	at time.Time
	f  func()
}

// NewTimers returns a clock that stands at start; its Virtual belongs into the
// network's Options.
func NewTimers(start time.Time) *Timers { return &Timers{Virtual: NewVirtual(start)} }

// AfterFunc sets a timer, which Fire runs once d has passed. stop tells whether
// it came in time.
func (c *Timers) AfterFunc(d time.Duration, f func()) (stop func() bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	t := &alarm{c.Now().Add(d), f}
	i, _ := slices.BinarySearchFunc(c.timers, t.at, func(x *alarm, at time.Time) int {
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

// Next tells when the first timer is due, if that is not after end.
func (c *Timers) Next(end time.Time) (at time.Time, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.timers) == 0 || c.timers[0].at.After(end) {
		return time.Time{}, false
	}
	return c.timers[0].at, true
}

// Fire runs the first timer that is due, without a lock, and tells whether there
// was one.
func (c *Timers) Fire() bool {
	c.mu.Lock()
	if len(c.timers) == 0 || c.timers[0].at.After(c.Now()) {
		c.mu.Unlock()
		return false
	}
	t := c.timers[0]
	c.timers = slices.Delete(c.timers, 0, 1)
	c.mu.Unlock()
	t.f()
	return true
}

// Pass lets the time of n and of c pass until end. At each timer of either on the
// way, and before and after, it calls rest, which waits until those who live in
// that time have done what there is to do; it returns true, at once, where rest
// says that this is enough. At one moment n's own timers come first.
func (c *Timers) Pass(n *Network, end time.Time, rest func() (enough bool, err error)) (enough bool, err error) {
	for more := true; ; {
		if enough, err = rest(); enough || err != nil || !more {
			return enough, err
		}
		var at time.Time
		if at, more = c.Next(end); !more {
			at = end
		}
		if own, ok := n.NextTimer(); ok && !own.After(at) {
			at, more = own, true
		}
		n.Advance(at.Sub(c.Now()))
		if enough, err = rest(); enough || err != nil {
			return enough, err
		}
		c.Fire() // where one is due
	}
}
