package lua51

import (
	"errors"
	"sync/atomic"
	"time"

	lua "github.com/yuin/gopher-lua"
)

// lookEvery is how many instructions run between two looks at clock, heap and
// Go stack: about 0.2 ms.
const lookEvery = 10_000

// closed is what a cut Budget's Done returns.
var closed = func() chan struct{} {
	c := make(chan struct{})
	close(c)
	return c
}()

// ErrCancelled is the cause of a Budget cancelled without one.
var ErrCancelled = errors.New("cancelled")

// Budget is what one call of a handler may use, and the context.Context of
// every Lua thread that the call runs on: the one it starts with, those of
// pcall, and coroutines while they run.
//
// gopher-lua asks Done before each instruction. Done counts, and every 10,000
// instructions looks at the clock, the heap and the depth of the Go stack. Once
// a Budget is cut it stays cut: each further instruction fails, so pcall cannot
// swallow it. The clock runs only between Resume and Pause, which State.Call
// calls at the start and the end.
//
// All methods but Cancel, Err, Used and Owner belong to the goroutine that runs
// the handler.
type Budget struct {
	left int32       // instructions until the next look
	stop atomic.Bool // cause is set

	owner any
	cpu   time.Duration
	cause atomic.Pointer[cause]

	since   atomic.Int64 // when the clock was started, 0 while it stands
	used    atomic.Int64 // nanoseconds used before since
	renewed atomic.Int64 // nanoseconds used when the limit of time began anew
	heap    heapShare

	open    int         // State.Call in progress on this budget
	levels  int         // nesting of Go calls into Lua
	co      *lua.LState // the coroutine that runs, nil for the handler itself
	threads []*lua.LState
	limit   *LimitError // the last limit that raised an ordinary error
	parked  *parked     // set by a yield for the resume that it returns to
	final   bool        // the value being raised is complete
	state   *State      // where it is used, once Call was
}

type cause struct{ err error }

// NewBudget returns a Budget whose clock stands. The owner is whatever the
// caller wants to find again with BudgetOf(L).Owner(); a cpu of zero or less
// means no limit of time.
func NewBudget(owner any, cpu time.Duration) *Budget {
	return &Budget{left: lookEvery, owner: owner, cpu: cpu}
}

// BudgetOf returns the Budget of the call that runs on L, which may be any
// thread a Go function was called with. It returns nil outside of State.Call.
func BudgetOf(L *lua.LState) *Budget {
	switch c := L.Context().(type) {
	case *Budget:
		return c
	case *firstStep:
		return c.Budget
	}
	return nil
}

// Owner returns what NewBudget was given.
func (b *Budget) Owner() any { return b.owner }

// Used returns how long the clock has run.
func (b *Budget) Used() time.Duration {
	used := b.used.Load()
	if since := b.since.Load(); since != 0 {
		used += now() - since
	}
	return time.Duration(used)
}

// Pause stops the clock. A Go function that gives up the runtime's lock to
// wait calls it before, and Resume once it has the lock back.
func (b *Budget) Pause() {
	if since := b.since.Swap(0); since != 0 {
		b.used.Add(now() - since)
	}
	b.heap.leave()
}

// Resume starts the clock again.
func (b *Budget) Resume() {
	b.heap.enter()
	b.since.CompareAndSwap(0, now())
}

// Renew lets the limit of time begin anew, as after a wait. Used counts on.
func (b *Budget) Renew() { b.renewed.Store(int64(b.Used())) }

// Cancel cuts the call with err (ErrCancelled if nil), from any goroutine: the
// next instruction fails, also inside pcall and coroutines, and State.Call
// returns an error that wraps err. The first cause stays. A Go function that
// waits has to watch for it itself, with Cancelled.
func (b *Budget) Cancel(err error) {
	if err == nil {
		err = ErrCancelled
	}
	if b.cause.CompareAndSwap(nil, &cause{err}) {
		b.stop.Store(true)
	}
}

// Err returns what cut the call, or nil. It implements context.Context.
func (b *Budget) Err() error {
	if c := b.cause.Load(); c != nil {
		return c.err
	}
	return nil
}

// Done counts an instruction. It returns a closed channel once the call is cut
// and nil before; it never becomes ready by itself, so do not select on it from
// other goroutines.
func (b *Budget) Done() <-chan struct{} {
	if b.left--; b.left > 0 && !b.stop.Load() {
		return nil
	}
	return b.look()
}

// Deadline implements context.Context; the clock stands while a handler waits,
// so there is no fixed one.
func (b *Budget) Deadline() (time.Time, bool) { return time.Time{}, false }

// Value implements context.Context.
func (b *Budget) Value(any) any { return nil }

// look is the slow part of Done. Instead of returning it raises an ordinary
// error on the thread that runs if metamethods nest without end.
func (b *Budget) look() <-chan struct{} {
	if b.stop.Load() {
		return closed
	}
	b.left = lookEvery
	if b.overTime() {
		b.Cancel(cpuError(b.cpu))
		return closed
	}
	if b.heap.look(b); b.stop.Load() {
		return closed
	}
	if n := len(b.threads); n > 0 && tooDeep() {
		b.state.raiseDeep(b.threads[n-1], b)
	}
	return nil
}

func (b *Budget) overTime() bool {
	used := b.Used() // before renewed: the watch looks from its own goroutine
	return b.cpu > 0 && used-time.Duration(b.renewed.Load()) > b.cpu
}

// spend counts work done in Go as if it were n instructions and panics with a
// cut if the budget is used up.
func (b *Budget) spend(n int) {
	if b.left -= int32(min(n, lookEvery)); b.left > 0 && !b.stop.Load() {
		return
	}
	if b.look() != nil {
		b.check()
	}
}

// check panics if the call is cut.
func (b *Budget) check() {
	if b.stop.Load() {
		panic(&cut{b.Err()})
	}
}

// cut is the panic that unwinds a cut call. Only State.Call stops it.
type cut struct{ err error }

// mark is the part of a Budget that an error must restore.
type mark struct {
	levels, threads int
	co              *lua.LState
}

func (b *Budget) mark() mark { return mark{b.levels, len(b.threads), b.co} }

func (b *Budget) reset(m mark) {
	b.levels, b.co = m.levels, m.co
	clear(b.threads[m.threads:])
	b.threads = b.threads[:m.threads]
}

var started = time.Now()

// now returns monotonic nanoseconds, never 0.
func now() int64 { return int64(time.Since(started)) + 1 }
