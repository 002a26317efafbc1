package luaapi

import (
	"context"
	"io"
	"sync"
	"sync/atomic"
	"time"

	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/luaapi/lua51"
)

// call is one run of Lua code: a handler, a hook, a timer, a task. It has a
// goroutine, a Lua thread and a budget of its own, and ends by itself, at its
// time-out, or when the runtime closes.
type call struct {
	rt     *Runtime
	name   string // "on_message at bot.lua:12"; "" while loading
	ctx    context.Context
	cancel context.CancelCauseFunc
	budget *lua51.Budget
	// hook is what kind of hook it is, "" for others.
	hook hookKind
	// group is that of the event whose handler it is, nil for a hook, timer or task.
	group *group
	// mayNotWait is the name of a handler that must not wait, "" for others.
	mayNotWait string
	// held is the lane that waits for this call, nil when it goes on beside it.
	// Only the call's own goroutine uses it.
	held *hold
	// print is where print writes instead of the runtime's place, nil for there.
	print io.Writer
	// stop tells that the handler returned bot.STOP.
	stop atomic.Bool
	// atEnd is run by the call's own goroutine when its Lua has ended.
	atEnd []func()
	// limit counts the handler time-out down, not while the call is in ask.
	limit stopwatch
	// resting tells that the call waits for an answer or sleeps, forMessage that only
	// a message ends that, and asleep is what counts its lane, nil without one.
	// calls.mu guards them.
	resting, forMessage bool
	asleep              *lanes
}

// hold keeps a lane waiting until a call ends or gives it up.
type hold struct {
	once sync.Once
	// unused tells, after the release, that the event is still nobody's. It stands
	// here since there it takes no memory.
	unused   bool
	released chan struct{}
	done     func() // what to call with the release; nil for nothing
}

func newHold(done func()) *hold { return &hold{released: make(chan struct{}), done: done} }

func (h *hold) release() {
	h.once.Do(func() {
		if h.done != nil {
			h.done()
		}
		close(h.released)
	})
}

// giveBack releases the lane with its event, which the call could not use.
func (h *hold) giveBack() {
	h.once.Do(func() {
		h.unused = true
		close(h.released)
	})
}

// giveUpLane lets the lane go on beside the call.
func (c *call) giveUpLane() {
	if c.held != nil {
		c.held.release()
		c.held = nil
	}
}

// newCall makes a call with a CPU limit. It must be run and then ended; runOnce
// does both.
func (rt *Runtime) newCall(ctx context.Context, name string, cpu time.Duration) *call {
	return rt.enlist(ctx, &call{name: name}, cpu)
}

// enlist is newCall for a call that has more than a name.
func (rt *Runtime) enlist(ctx context.Context, c *call, cpu time.Duration) *call {
	c.rt = rt
	c.ctx, c.cancel = context.WithCancelCause(ctx)
	c.budget = lua51.NewBudget(c, cpu)
	rt.calls.add(c)
	rt.lab.Ran(c.name)
	return c
}

// callOf returns the call that L runs in.
func callOf(L *lua.LState) *call { return lua51.BudgetOf(L).Owner().(*call) }

// prepared builds the function of a call and its arguments, with the lock held.
type prepared func() (*lua.LFunction, []lua.LValue)

// runOnce is run and then end.
func (c *call) runOnce(prepare prepared, after func(result lua.LValue) error) error {
	defer c.end()
	return c.run(prepare, after)
}

// run takes the lock, calls what prepare builds, and hands its first result to
// after, which may be nil. It blocks until the function has ended. The error is
// a *ScriptError.
func (c *call) run(prepare prepared, after func(result lua.LValue) error) error {
	c.rt.mu.Lock()
	defer c.rt.mu.Unlock()
	if c.rt.lua == nil {
		c.cut(errClosed)
	}
	if err := context.Cause(c.ctx); err != nil {
		return c.rt.scriptError(c.name, err)
	}
	fn, args := prepare()
	rets, err := c.rt.lua.Call(c.budget, fn, 1, args...)
	if err == nil && after != nil {
		err = after(rets[0])
	}
	if err != nil {
		return c.rt.scriptError(c.name, err)
	}
	return nil
}

var errClosed = &Error{Type: ErrClosed, Message: "this generation of the script has ended"}

// end gives the lane up and takes the call off the books.
func (c *call) end() {
	for _, f := range c.atEnd {
		f()
	}
	c.limit.stop()
	c.cancel(nil)
	c.giveUpLane()
	c.rt.calls.remove(c)
}

// cut ends the call with err, wherever it is: in Lua code, also inside pcall,
// or in a Go function that waits. Safe from any goroutine.
func (c *call) cut(err error) {
	c.cancel(err)
	c.budget.Cancel(err)
}

// limitTime cuts the call when it has taken d, time in ask not counted.
func (c *call) limitTime(d time.Duration) {
	c.limit.start(c.rt.clock, d, func() {
		c.rouse()
		c.cut(&lua51.LimitError{Limit: "handler_timeout", Detail: "the handler took too long", Value: d.String(), Option: "handler_timeout"})
	})
}

// asking runs fn while the call waits for somebody's answer: the lane goes on
// and the handler time-out stands still. over is closed when timeout has passed.
func (c *call) asking(timeout time.Duration, fn func(over <-chan struct{})) {
	over, end := c.beginAsking(timeout)
	defer end()
	c.giveUpLane() // last: whoever sees the lane free sees us at rest
	fn(over)
}

// beginAsking is asking without its lane; end must be called.
func (c *call) beginAsking(timeout time.Duration) (over <-chan struct{}, end func()) {
	c.limit.pause()
	late := make(chan struct{})
	stop := c.rt.clock.AfterFunc(timeout, func() { c.rouse(); close(late) })
	c.rt.calls.rest(c, nil)
	if c.group != nil {
		c.group.stir(-1)
	}
	return late, func() {
		stop()
		c.rouse()
		if c.group != nil {
			c.group.stir(1)
		}
		c.limit.resume()
	}
}

// sleep waits until d has passed or the call is cut, and keeps the lane. Where
// the clock is moved by hand, the call is at rest meanwhile.
func (c *call) sleep(d time.Duration) {
	over := make(chan struct{})
	defer c.rt.clock.AfterFunc(d, func() { c.rouse(); close(over) })()
	if c.rt.lanes != nil {
		c.rt.calls.rest(c, c.rt.lanes) // after the timer: whoever sees us rest can move the clock
		defer c.rouse()
	}
	select {
	case <-over:
	case <-c.ctx.Done():
	}
}

// rouse ends the rest of a call; who wakes it up calls it first, so that it
// counts as under way from there.
func (c *call) rouse() { c.rt.calls.rouse(c) }
