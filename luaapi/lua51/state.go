package lua51

import (
	"math/rand/v2"
	"time"

	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/luaapi/lua51/compiler"
)

// Options are given to New. The zero value is usable.
type Options struct {
	Limits Limits
	// Clock is the time os.time and os.date show. Default time.Now.
	Clock func() time.Time
	// Getenv answers os.getenv. Default: nothing is set.
	Getenv func(name string) (string, bool)
	// SignedZero makes sums, products and quotients keep the sign of a zero, as
	// in Lua 5.1, where the virtual machine's own give 0 for -0. Arithmetic is
	// several times slower then; tests use it.
	SignedZero bool
}

// State is one Lua state: the repaired language and the harmless part of Lua
// 5.1's library. It is not safe for concurrent use: whoever owns it holds one
// lock around everything that touches it or its values. Go functions called
// from Lua may give that lock up while they wait (see Call).
type State struct {
	main    *lua.LState
	worker  *lua.LState // threads for calls are made like this one
	narrow  *lua.LState // and like this one while many calls are in progress
	carrier *lua.LState // threads for coroutines are made like this one
	limits  Limits
	clock   func() time.Time
	born    time.Time
	getenv  func(string) (string, bool)
	random  *rand.Rand

	calls  int            // calls in progress
	idle   []*lua.LState  // threads that ended well, to be used again
	free   *Budget        // stands in where Go code uses a thread outside of Call
	create lua.LGFunction // gopher-lua's coroutine.create and resume
	resume lua.LGFunction

	operators                compiler.Operators
	nextFunction, ipairsStep *lua.LFunction

	strict *lua.LTable // metatable of the globals while Strict is on
}

// maxArray is where a table's array ends: larger keys go to its hash part. One
// assignment to t[maxArray-1] takes 32 MiB; with gopher-lua's own bound it takes
// a gigabyte. The length operator sees the array only, so it stops here too.
const maxArray = 1 << 22

func init() { lua.MaxArrayIndex = maxArray }

// maxIdle is how many threads a State keeps for later calls.
const maxIdle = 64

// A thread takes a byte for each level of calls that it might reach, and two
// threads where a handler waits in pcall: thousands of handlers that wait would
// take hundreds of megabytes. So while more calls than crowd are in progress,
// new threads reach crowdedDepth only.
const (
	crowd        = 200
	crowdedDepth = 1000
)

// New returns a State with the library opened.
func New(opts Options) *State {
	s := &State{limits: opts.Limits.withDefaults(), clock: opts.Clock, getenv: opts.Getenv}
	if s.clock == nil {
		s.clock = time.Now
	}
	if s.getenv == nil {
		s.getenv = func(string) (string, bool) { return "", false }
	}
	s.born = s.clock()
	s.seed(uint64(s.born.UnixNano()))
	s.free = NewBudget(nil, 0)

	// An initial registry below 128 slots silently becomes 5120; growing in
	// steps keeps deep recursion from copying the registry over and over.
	s.main = lua.NewState(lua.Options{
		SkipOpenLibs:        true,
		CallStackSize:       s.limits.CallDepth,
		MinimizeStackMemory: true,
		RegistrySize:        256,
		RegistryGrowStep:    2048,
		RegistryMaxSize:     1 << 20,
	})
	s.main.Panic = s.onError
	s.worker, _ = s.main.NewThread()
	s.narrow, _ = s.main.NewThread()
	s.narrow.Options.CallStackSize = min(s.limits.CallDepth, crowdedDepth)
	s.narrow.Options.RegistrySize, s.narrow.Options.RegistryGrowStep = 64, 192
	s.carrier, _ = s.main.NewThread()
	s.carrier.Options.CallStackSize = min(s.limits.CallDepth, 8000)

	// gopher-lua takes the first thread that calls anything for the main one.
	s.main.Push(s.main.NewFunction(func(*lua.LState) int { return 0 }))
	s.main.Call(0, 0)
	s.open(opts.SignedZero)
	return s
}

// L returns the main thread, for making values and setting globals. Lua code is
// run by Call.
func (s *State) L() *lua.LState { return s.main }

// Close frees the state. No call may be in progress.
func (s *State) Close() {
	s.idle = nil
	if !s.main.IsClosed() {
		s.main.Close()
	}
}

// seed starts the sequence of math.random.
func (s *State) seed(n uint64) { s.random = rand.New(rand.NewPCG(n, n)) }

// budget returns the budget of the call that runs on L.
func (s *State) budget(L *lua.LState) *Budget {
	if b := BudgetOf(L); b != nil {
		return b
	}
	return s.free
}
