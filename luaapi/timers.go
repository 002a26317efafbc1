package luaapi

import (
	"context"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	lua "github.com/yuin/gopher-lua"
)

// task is a function that runs beside the handlers: spawned, or by a timer.
// Tasks belong to their generation and end with it; what a later generation
// has to know of those that the script declares stands in the TimerBook.
type task struct {
	name   string // "every at bot.lua:12"
	fn     *lua.LFunction
	seq    int           // the order of setting
	delay  time.Duration // of after and every
	rhythm rhythm        // nil for once
	// declared tells that the top of the script sets it, at each load; resumed, that
	// the next generation goes on with it: it is declared, or on_start sets it by name.
	declared, resumed bool
	// timers.mu guards the next two: its timer is set, or its run begun; its only
	// run has begun.
	set, begun bool
	// key is what the book knows it by, "" for nothing, and spec what a change of
	// which makes it another timer.
	key, spec string
	catchUp   bool
	// ran counts its runs; nil: nobody counts.
	ran func(took time.Duration, failed bool)
	// generation is that of the runtime.
	generation int

	mu        sync.Mutex // guards the fields below
	due       time.Time
	looked    time.Time // when a cron looked at the clock last
	cancelled bool
	halt      func() bool // stops the timer, nil where none was set
}

// once tells that the task runs one time only.
func (t *task) once() bool { return t.rhythm == nil }

// cancel lets the task not run again; a run under way goes on.
func (t *task) cancel() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.cancelled = true
	if t.halt != nil {
		t.halt()
	}
}

func (t *task) isCancelled() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.cancelled
}

// timers are the tasks of a runtime. They have a lock of their own, so that a
// runtime can be stopped while a handler computes; Runtime.mu, where it is
// needed too, is taken before.
type timers struct {
	mu      sync.Mutex // guards the fields below
	started bool
	// handed tells that a later generation has taken over: only what handlers have
	// set once still runs, while they are drained.
	handed  bool
	stopped bool
	seq     int
	tasks   map[*task]struct{} // until their last run has ended
	// running counts the runs under way, also of tasks that were taken back.
	running atomic.Int64
	changed *sync.Cond
	// names are the named tasks, alike counts the declared ones that are the same
	// but for their place.
	names map[string]*task
	alike map[string]int
	// memory is the book where the host has none.
	memory *TimerBook
}

func (ts *timers) init() {
	ts.tasks, ts.names, ts.alike = map[*task]struct{}{}, map[string]*task{}, map[string]int{}
	ts.changed = sync.NewCond(&ts.mu)
	ts.memory = OpenTimerBook("", nil)
}

// inOrder returns the tasks as they were set; mu is held.
func (ts *timers) inOrder() []*task {
	list := make([]*task, 0, len(ts.tasks))
	for t := range ts.tasks {
		list = append(list, t)
	}
	slices.SortFunc(list, func(a, b *task) int { return a.seq - b.seq })
	return list
}

// pending counts those that are still to run once, and those that run again and
// again; mu is held.
func (ts *timers) pending() (once, again int) {
	for t := range ts.tasks {
		switch {
		case !t.once():
			again++
		case !t.begun:
			once++
		}
	}
	return once, again
}

// begin notes that the task's only run is under way: its call counts from now on.
func (ts *timers) begin(t *task) {
	ts.mu.Lock()
	defer ts.mu.Unlock()
	t.begun = t.once()
	ts.changed.Broadcast()
}

// drop forgets a task; mu is held.
func (ts *timers) drop(t *task) {
	delete(ts.tasks, t)
	if name, named := strings.CutPrefix(t.key, namedPrefix); named && ts.names[name] == t {
		delete(ts.names, name)
	}
	ts.changed.Broadcast()
}

// wait blocks until none is left that is still to run once, and tells whether
// it had to.
func (ts *timers) wait(ctx context.Context) (waited bool, err error) {
	defer context.AfterFunc(ctx, func() {
		ts.mu.Lock()
		defer ts.mu.Unlock()
		ts.changed.Broadcast()
	})()
	ts.mu.Lock()
	defer ts.mu.Unlock()
	for {
		if once, _ := ts.pending(); once == 0 {
			return waited, nil
		}
		if ctx.Err() != nil {
			return waited, ctx.Err()
		}
		waited = true
		ts.changed.Wait()
	}
}

// Pending is what a bot at rest is still going to do by itself.
type Pending struct {
	// Timers are those of bot.after that have not begun to run, Repeating those
	// of bot.every and bot.cron.
	Timers, Repeating int
	// Waiting are the handlers that wait for an answer or an event.
	Waiting int
}

// Pending tells what the runtime waits for. It does not block.
func (rt *Runtime) Pending() Pending {
	rt.calls.mu.Lock()
	p := Pending{Waiting: rt.calls.asking}
	rt.calls.mu.Unlock()
	rt.timers.mu.Lock()
	defer rt.timers.mu.Unlock()
	p.Timers, p.Repeating = rt.timers.pending()
	return p
}

func (rt *Runtime) startTimers() {
	book := rt.timerBook()
	rt.timers.mu.Lock()
	defer rt.timers.mu.Unlock()
	if rt.timers.started || rt.timers.stopped {
		return
	}
	rt.timers.started = true
	for _, t := range rt.timers.inOrder() {
		if !t.set {
			rt.startTask(t, book)
		}
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
	rt.timers.changed.Broadcast()
}

// handTimers stops the timers that a later generation takes over: all but those
// that a handler has set once, which nobody else can run.
func (rt *Runtime) handTimers() {
	rt.timers.mu.Lock()
	defer rt.timers.mu.Unlock()
	rt.timers.handed = true
	for t := range rt.timers.tasks {
		if !t.once() || t.resumed {
			t.cancel()
			rt.timers.drop(t)
		}
	}
}

// startTask runs the task at once, or when its time has come. timers.mu is held.
func (rt *Runtime) startTask(t *task, book *TimerBook) {
	t.set = true
	now := rt.clock.Now()
	due, ok := book.begin(t, now)
	switch {
	case !ok:
		rt.timers.drop(t)
	case t.delay == 0 && t.once():
		t.begun = true
		go rt.runTask(t, rt.newTaskCall(t), book)
	default:
		rt.arm(t, due, book)
	}
}

// arm sets the task's timer, unless the task is cancelled.
func (rt *Runtime) arm(t *task, due time.Time, book *TimerBook) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.due = due
	if t.cancelled {
		return
	}
	now := rt.clock.Now()
	wait := max(due.Sub(now), 0)
	if _, byClock := t.rhythm.(*cronRhythm); byClock {
		t.looked = now.Round(0)
		if rt.lanes == nil { // the machine's clock may be set
			wait = min(wait, cronLook)
		}
	}
	t.halt = rt.clock.AfterFunc(wait, func() { rt.look(t, book) })
}

// look runs the task if its time has come. Clocks call it; it does not block.
func (rt *Runtime) look(t *task, book *TimerBook) {
	now := rt.clock.Now()
	t.mu.Lock()
	due := t.due
	if r, byClock := t.rhythm.(*cronRhythm); byClock {
		due = r.corrected(due, t.looked, now)
	}
	t.mu.Unlock()
	if due.After(now) {
		rt.arm(t, due, book)
		return
	}
	go rt.runTask(t, rt.newTaskCall(t), book)
}

func (rt *Runtime) forgetTask(t *task) {
	rt.timers.mu.Lock()
	defer rt.timers.mu.Unlock()
	rt.timers.drop(t)
}

// newTaskCall makes a call that may take as long as it likes, but not compute
// without waiting for longer than a handler may.
func (rt *Runtime) newTaskCall(t *task) *call {
	rt.timers.running.Add(1)
	return rt.newCall(context.Background(), t.name, rt.frozen.Load().CPULimit)
}

// runTask runs the task once and sets its timer for the next time. The call
// ends after that, so that a bot at rest has all its timers set.
func (rt *Runtime) runTask(t *task, c *call, book *TimerBook) {
	defer c.end()
	defer rt.timers.running.Add(-1)
	if t.isCancelled() {
		return
	}
	rt.timers.begin(t)
	if book.claim(t, rt.clock.Now()) {
		began := rt.clock.Now()
		err := c.run(func() (*lua.LFunction, []lua.LValue) { return t.fn, nil }, nil)
		book.release(t)
		if t.ran != nil {
			t.ran(rt.clock.Now().Sub(began), err != nil)
		}
		if err != nil {
			rt.Report(err)
		}
	}
	if t.once() {
		rt.forgetTask(t)
		return
	}
	rt.arm(t, book.next(t, rt.clock.Now()), book)
}
