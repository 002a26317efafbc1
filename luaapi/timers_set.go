package luaapi

import (
	"fmt"
	"strings"
	"time"

	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/luaapi/lua51"
)

// timerOptions are the options of after and every.
type timerOptions struct {
	// Name makes the timer outlive the process: the data folder remembers when it
	// is due.
	Name string `lua:"name"`
	// CatchUp runs a named timer once, at the start, that was due while the bot
	// was off.
	CatchUp bool `lua:"catch_up"`
}

// rhythm says when a task runs again.
type rhythm interface {
	// next returns the first time after now; due is when it was to run last.
	next(due, now time.Time) time.Time
}

// period is the rhythm of every.
type period time.Duration

// next keeps the phase: what was missed meanwhile is left out.
func (p period) next(due, now time.Time) time.Time {
	late := max(now.Sub(due), 0)
	return due.Add((late/time.Duration(p) + 1) * time.Duration(p))
}

const (
	minPeriod = 10 * time.Millisecond
	// minNamedPeriod keeps the file of the named timers from being written all the
	// time.
	minNamedPeriod = time.Second
	// maxTasks is how many timers and spawned functions a script may have, and
	// how many runs of them under way.
	maxTasks = 15_000
)

// errTooManyTasks ends a script's wish for another one.
var errTooManyTasks = &Error{
	Type:    ErrLimit,
	Message: fmt.Sprintf("the script has %d timers and spawned functions, and no more are taken", maxTasks),
	Hint:    "keep what is due in a store or a queue, and look at it with one timer",
}

// spawn is bot.spawn(fn): runs fn beside the handlers.
func (rt *Runtime) spawn(L *lua.LState) int {
	return rt.addTask(L, &task{name: "spawn", fn: rt.checkTask(L, 1, "spawn")}, "")
}

// after is bot.after(delay, fn[, options]): runs fn once, after a while.
func (rt *Runtime) after(L *lua.LState) int {
	d := rt.checkDuration(L, 1, "after")
	t := &task{name: "after", fn: rt.checkTask(L, 2, "after"), delay: d, spec: "after " + d.String()}
	var o timerOptions
	rt.checkOptions(L, 3, "after", &o)
	rt.checkTimerOptions(L, "after", o)
	t.catchUp = o.CatchUp
	return rt.addTask(L, t, o.Name)
}

// every is bot.every(period, fn[, options]): runs fn again and again. Runs
// never overlap; those that would are left out.
func (rt *Runtime) every(L *lua.LState) int {
	d := rt.checkDuration(L, 1, "every")
	t := &task{name: "every", fn: rt.checkTask(L, 2, "every"), delay: d, rhythm: period(d), spec: "every " + d.String()}
	var o timerOptions
	rt.checkOptions(L, 3, "every", &o)
	rt.checkTimerOptions(L, "every", o)
	least := minPeriod
	if o.Name != "" {
		least = minNamedPeriod
	}
	if d < least {
		rt.raisef(L, ErrArgument, "every: the period must be at least %v, got %v", least, d)
	}
	t.catchUp = o.CatchUp
	return rt.addTask(L, t, o.Name)
}

func (rt *Runtime) checkTimerOptions(L *lua.LState, what string, o timerOptions) {
	if o.CatchUp && o.Name == "" {
		rt.raisef(L, ErrArgument, "%s.catch_up needs a name, by which the next start knows the timer", what)
	}
}

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
// returns its handle. In a handler, a named task takes the place of the one
// that has the name.
func (rt *Runtime) addTask(L *lua.LState, t *task, name string) int {
	what := t.name
	file := ""
	if at := strings.TrimSuffix(callerWhere(L), ": "); at != "" {
		t.name += " at " + at
		file, _, _ = strings.Cut(at, ":")
	}
	t.ran = rt.meter(t.name)
	t.declared, t.generation = rt.loading, rt.opts.Generation
	t.resumed = t.declared || name != "" && callOf(L).hook == hookStart
	switch err := rt.keepTask(t, name, file); {
	case err == errClosed || err == error(errTooManyTasks):
		rt.raise(L, err)
	case err != nil:
		rt.raisef(L, ErrArgument, "%s: %v", what, err)
	}
	if chunk, _ := lua51.Position(L, nil); !inStdlib(chunk) {
		rt.lab.Registered(t.name) // those of a module are its own business
	}
	L.Push(rt.newHandle(L, func() {
		t.cancel()
		rt.forgetTask(t)
	}))
	return 1
}

// keepTask gives the task its place. The error is the script's, but for the one
// of a generation that has ended.
func (rt *Runtime) keepTask(t *task, name, file string) error {
	ts := &rt.timers
	book := rt.session.Timers
	if book == nil {
		book = ts.memory
	}
	ts.mu.Lock()
	defer ts.mu.Unlock()
	if ts.stopped {
		return errClosed
	}
	if len(ts.tasks) >= maxTasks || ts.running.Load() >= maxTasks {
		return errTooManyTasks
	}
	if ts.handed && !t.once() {
		t.cancel() // the later generation has its own
		return nil
	}
	if name != "" {
		if old := ts.names[name]; old != nil {
			if t.declared {
				return fmt.Errorf("the name %q is taken, by %s", name, old.name)
			}
			old.cancel()
			ts.drop(old)
		}
		ts.names[name], t.key = t, namedKey(name)
	} else if t.declared && t.spec != "" {
		same := t.spec + " in " + file
		ts.alike[same]++
		t.key = fmt.Sprintf("%s #%d", same, ts.alike[same])
	}
	ts.seq++
	t.seq = ts.seq
	ts.tasks[t] = struct{}{}
	if ts.started || !t.declared && rt.life.started { // what on_start sets need not wait for its end
		rt.startTask(t, book)
	}
	return nil
}

// timerBook is the host's book, or one that lasts as long as the runtime.
func (rt *Runtime) timerBook() *TimerBook {
	rt.mu.Lock()
	defer rt.mu.Unlock()
	if rt.session.Timers != nil {
		return rt.session.Timers
	}
	return rt.timers.memory
}
