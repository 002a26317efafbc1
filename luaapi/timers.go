package luaapi

import (
	"context"
	"sync"
	"time"

	lua "github.com/yuin/gopher-lua"
)

// task is a function that runs beside the handlers: spawned, or by a timer.
// Tasks belong to their generation and end with it.
type task struct {
	name   string
	fn     *lua.LFunction
	delay  time.Duration // until the first run
	period time.Duration // between runs; 0 for once

	mu        sync.Mutex // guards the fields below
	cancelled bool
	halt      func() bool // stops the timer, nil where none was set
}

// cancel lets the task not run again; a run under way goes on.
func (t *task) cancel() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.cancelled = true
	if t.halt != nil {
		t.halt()
	}
}

// timers are the tasks of a runtime. They have a lock of their own, so that a
// runtime can be stopped while a handler computes; Runtime.mu, where it is
// needed too, is taken before.
type timers struct {
	mu      sync.Mutex // guards the fields below
	started bool
	stopped bool
	tasks   map[*task]struct{}
}

// spawn is bot.spawn(fn): runs fn beside the handlers.
func (rt *Runtime) spawn(L *lua.LState) int {
	return rt.addTask(L, "spawn", &task{fn: rt.checkTask(L, 1, "spawn")})
}

// after is bot.after(delay, fn): runs fn once, after a while.
func (rt *Runtime) after(L *lua.LState) int {
	d := rt.checkDuration(L, 1, "after")
	return rt.addTask(L, "after", &task{fn: rt.checkTask(L, 2, "after"), delay: d})
}

// every is bot.every(period, fn): runs fn again and again. A run that takes
// longer than the period delays the next, so that runs never overlap.
func (rt *Runtime) every(L *lua.LState) int {
	d := rt.checkDuration(L, 1, "every")
	if d < minPeriod {
		rt.raisef(L, ErrArgument, "every: the period must be at least %v, got %v", minPeriod, d)
	}
	return rt.addTask(L, "every", &task{fn: rt.checkTask(L, 2, "every"), delay: d, period: d})
}

const minPeriod = 10 * time.Millisecond

func (rt *Runtime) checkTask(L *lua.LState, n int, what string) *lua.LFunction {
	fn, ok := L.Get(n).(*lua.LFunction)
	if !ok {
		rt.raisef(L, ErrArgument, "%s: want a function, got %s", what, describe(L.Get(n)))
	}
	return fn
}

func (rt *Runtime) checkDuration(L *lua.LState, n int, what string) time.Duration {
	d, err := decodeDuration(L.Get(n))
	if err != nil {
		rt.raisef(L, ErrArgument, "%s: %v", what, err)
	}
	return d
}

// addTask keeps the task, starts it where the runtime runs already, and
// returns its handle.
func (rt *Runtime) addTask(L *lua.LState, what string, t *task) int {
	t.name = what
	if at := callerWhere(L); at != "" {
		t.name += " at " + at[:len(at)-2]
	}
	if !rt.keepTask(t) {
		rt.raise(L, errClosed)
	}
	rt.lab.Registered(t.name)
	L.Push(rt.newHandle(L, func() {
		t.cancel()
		rt.forgetTask(t)
	}))
	return 1
}

// keepTask is false where no task can begin any more.
func (rt *Runtime) keepTask(t *task) bool {
	rt.timers.mu.Lock()
	defer rt.timers.mu.Unlock()
	if rt.timers.stopped {
		return false
	}
	rt.timers.tasks[t] = struct{}{}
	if rt.timers.started {
		rt.startTask(t)
	}
	return true
}

func (rt *Runtime) startTimers() {
	rt.timers.mu.Lock()
	defer rt.timers.mu.Unlock()
	if rt.timers.started || rt.timers.stopped {
		return
	}
	rt.timers.started = true
	for t := range rt.timers.tasks {
		rt.startTask(t)
	}
}

// stopTimers lets no task begin any more; runs under way go on.
func (rt *Runtime) stopTimers() {
	rt.timers.mu.Lock()
	defer rt.timers.mu.Unlock()
	rt.timers.stopped = true
	for t := range rt.timers.tasks {
		t.cancel()
	}
	clear(rt.timers.tasks)
}

// startTask runs the task at once, or when its time has come. From that moment
// on it counts as under way.
func (rt *Runtime) startTask(t *task) {
	if t.delay == 0 {
		go rt.runTask(t, rt.newTaskCall(t))
		return
	}
	rt.arm(t, t.delay)
}

// arm sets the task's timer, unless the task is cancelled.
func (rt *Runtime) arm(t *task, d time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.cancelled {
		return
	}
	t.halt = rt.clock.AfterFunc(d, func() { go rt.runTask(t, rt.newTaskCall(t)) })
}

func (rt *Runtime) forgetTask(t *task) {
	rt.timers.mu.Lock()
	defer rt.timers.mu.Unlock()
	delete(rt.timers.tasks, t)
}

// newTaskCall makes a call that may take as long as it likes, but not hold the
// lock for longer than a handler may.
func (rt *Runtime) newTaskCall(t *task) *call {
	return rt.newCall(context.Background(), t.name, rt.Settings().CPULimit)
}

// runTask runs the task once and sets its timer for the next time. The call
// ends after that, so that a bot at rest has all its timers set.
func (rt *Runtime) runTask(t *task, c *call) {
	defer c.end()
	err := c.run(func() (*lua.LFunction, []lua.LValue) { return t.fn, nil }, nil)
	if err != nil {
		rt.Report(err)
	}
	if t.period > 0 {
		rt.arm(t, t.period)
		return
	}
	rt.forgetTask(t)
}
