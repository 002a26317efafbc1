package tuning

import (
	"context"
	"os"
	"runtime"
	"sync"
	"time"

	"github.com/simplex-lua/simplex-lua/native"
)

// How Go's processors are decided on. A bot's Lua runs on one at a time; with
// more of them, goroutines that follow on each other are woken on different
// ones: on two processors an event took 27 µs, on one 21 µs, and the difference
// grows where others use the machine. So one serves a flood of messages best. But each command
// inside the core keeps the processor that it began on until the runtime
// notices, so where the core takes its time, one is too few; and where commands
// are rare, waking up takes longer with one.
const (
	// slowCommand is from when on a command counts as slow, rareCommand after how
	// long without one it counts as rare.
	slowCommand = 200 * time.Microsecond
	rareCommand = 500 * time.Microsecond
	// A slow or rare command adds slowWeight to a score that each other one lowers by one:
	// from manyFrom on there are many processors, at zero for calmTime one. It
	// begins at its most: bots start on many.
	slowWeight = 4
	manyFrom   = 8
	mostScore  = 16
	calmTime   = 20 * time.Millisecond
)

// Processors follows how long commands take in the core. It is safe for use by
// several goroutines.
type Processors struct {
	// set is told the choice when it changes: one processor, or as many as there are.
	set func(one bool)

	mu    sync.Mutex // guards the fields below
	bots  int        // with an open controller
	one   bool
	score int
	slow  time.Time // when a command was slow or rare last
	last  time.Time // when a command ended last
}

// NewProcessors leaves Go's own choice alone where GOMAXPROCS is set: whoever
// set it has decided.
func NewProcessors() *Processors {
	if os.Getenv("GOMAXPROCS") != "" {
		return &Processors{set: func(bool) {}}
	}
	return &Processors{set: func(one bool) {
		if one {
			runtime.GOMAXPROCS(1)
		} else {
			runtime.SetDefaultGOMAXPROCS()
		}
	}}
}

// Core counts one bot more, until its controller is closed, and returns that
// with its commands timed.
func (p *Processors) Core(ctl *native.Controller) *TimedController {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.bots++; p.bots == 1 {
		p.score = mostScore
	}
	p.decide(false)
	return &TimedController{ctl, p, sync.OnceFunc(p.leave)}
}

// leave counts one bot less.
func (p *Processors) leave() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.bots--
}

// TimedController is a controller whose commands are timed.
type TimedController struct {
	*native.Controller
	processors *Processors
	leave      func() // does something once
}

// Close closes the controller; the bot counts no more.
func (c *TimedController) Close(ctx context.Context) error {
	c.leave()
	return c.Controller.Close(ctx)
}

// Send sends a command and notes how long it took.
func (c *TimedController) Send(ctx context.Context, cmd string) ([]byte, error) {
	began := time.Now()
	reply, err := c.Controller.Send(ctx, cmd)
	now := time.Now()
	c.processors.note(now.Sub(began), now)
	return reply, err
}

// note takes a command's time into account.
func (p *Processors) note(took time.Duration, now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	rare := now.Sub(p.last)-took >= rareCommand
	p.last = now
	if took >= slowCommand || rare {
		p.score, p.slow = min(p.score+slowWeight, mostScore), now
	} else {
		p.score = max(p.score-1, 0)
	}
	switch {
	case p.bots > 1 || p.score >= manyFrom:
		p.decide(false)
	case p.score == 0 && now.Sub(p.slow) >= calmTime:
		p.decide(true)
	}
}

// decide tells a change, with mu held.
func (p *Processors) decide(one bool) {
	if p.one != one {
		p.one = one
		p.set(one) // stops all goroutines for some microseconds
	}
}
