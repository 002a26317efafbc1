package lua51

import (
	"context"
	"fmt"

	lua "github.com/yuin/gopher-lua"
)

// Coroutines are gopher-lua's threads, entered through its own resume, with
// what that lacks:
//
//   - the thread is made from one without a context, for with one each thread
//     starts a goroutine that never ends; while it runs it has the Budget of
//     whoever resumed it;
//   - resuming a coroutine that is active is refused (it recursed until the
//     process died), and nesting is bounded;
//   - values passed to resume are brought to the number that the waiting yield
//     assigns to (fewer crashed the virtual machine);
//   - a yield as a tail call of the coroutine's function ends it properly;
//   - yield across a metamethod, an iterator or a Go function is an error, as
//     in Lua 5.1 (it silently ended the caller).
//
// What is known of a coroutine is kept in its context: none before the first
// resume, firstStep and then the Budget while it runs, parked between.

// firstStep is the context of a coroutine up to its first instruction, the
// first time our code runs after gopher-lua reset the thread's error hook.
type firstStep struct {
	*Budget
	s  *State
	th *lua.LState
}

// Done sets the hook and steps aside.
func (f *firstStep) Done() <-chan struct{} {
	f.th.Panic = f.s.onError
	f.th.SetContext(f.Budget)
	return f.Budget.Done()
}

// parked is the context of a coroutine that waits in yield.
type parked struct {
	context.Context
	want int  // values the yield returns, lua.MultRet for all
	last bool // what the yield returns are the coroutine's results
}

const (
	statusSuspended = "suspended"
	statusRunning   = "running"
	statusNormal    = "normal"
	statusDead      = "dead"
)

func (s *State) status(L, th *lua.LState) string {
	switch {
	case th.Dead:
		return statusDead
	case s.budget(L).co == th:
		return statusRunning
	case th.Parent != nil:
		return statusNormal
	}
	return statusSuspended
}

func (s *State) newCoroutine(L *lua.LState) *lua.LState {
	fn, ok := L.Get(1).(*lua.LFunction)
	if !ok || fn.IsG {
		argError(L, 1, "Lua function expected")
	}
	// Upstream's create also pushes the function's frame, which only it can.
	carrier := s.carrier
	carrier.SetTop(0)
	carrier.Push(fn)
	n := s.create(carrier)
	th := carrier.Get(-n).(*lua.LState)
	carrier.SetTop(0)
	th.Panic = nil // until the first resume
	return th
}

func (s *State) coCreate(L *lua.LState) int {
	L.Push(s.newCoroutine(L))
	return 1
}

func (s *State) coResume(L *lua.LState) int {
	th, ok := L.Get(1).(*lua.LState)
	if !ok {
		argError(L, 1, "coroutine expected")
	}
	return s.resumeThread(L, th)
}

func (s *State) coWrap(L *lua.LState) int {
	th := s.newCoroutine(L)
	L.Push(L.NewFunction(func(L *lua.LState) int {
		L.Insert(th, 1)
		n := s.resumeThread(L, th)
		if L.Get(-n) == lua.LTrue {
			return n - 1
		}
		v := L.Get(-1)
		if isString(v) {
			v = lua.LString(where(L, 1) + toText(v))
		}
		fail(L, s.budget(L), v)
		return 0
	}))
	return 1
}

// resumeThread resumes th with the arguments above it on L's stack, which
// start at index 2. It leaves true and values, or false and an error, and
// returns how many that are.
func (s *State) resumeThread(L, th *lua.LState) int {
	b := s.budget(L)
	if status := s.status(L, th); status != statusSuspended {
		return refuse(L, fmt.Sprintf("cannot resume %s coroutine", status))
	}
	if b.levels >= s.limits.Nesting {
		b.limit = s.nestingError()
		return refuse(L, b.limit.Detail)
	}
	started := th.Panic != nil
	if p, ok := th.Context().(*parked); ok && started {
		if p.last {
			th.Dead = true
			L.Insert(lua.LTrue, 2)
			return L.GetTop() - 1
		}
		if p.want != lua.MultRet {
			L.SetTop(1 + p.want)
		}
	}
	if started {
		th.SetContext(b)
	} else {
		th.SetContext(&firstStep{b, s, th})
	}
	co, levels := b.co, b.levels
	b.co, b.levels = th, b.levels+1
	b.threads = append(b.threads, th)
	n := s.resume(L)
	b.threads = b.threads[:len(b.threads)-1]
	b.co, b.levels = co, levels
	if b.stop.Load() {
		b.check()
	}
	if p := b.parked; p != nil {
		b.parked = nil
		th.SetContext(p)
	} else {
		th.RemoveContext()
		if text, ok := L.Get(-1).(lua.LString); ok && th.Dead && L.Get(-n) == lua.LFalse && text == vmStackOverflow {
			b.limit = callDepthError(th.Options.CallStackSize)
			L.Replace(-1, lua.LString(b.limit.Detail))
		}
	}
	return n
}

func refuse(L *lua.LState, message string) int {
	L.Push(lua.LFalse)
	L.Push(lua.LString(message))
	return 2
}

func (s *State) coYield(L *lua.LState) int {
	p, ok := s.park(L)
	if !ok {
		fail(L, s.budget(L), lua.LString("attempt to yield across metamethod/C-call boundary"))
	}
	s.budget(L).parked = p
	return -1
}

// park finds out whether the yield that runs on L may suspend its thread and
// what it will be resumed with. Between it and the coroutine's start there must
// be nothing but Lua functions that were called by instructions for calls.
func (s *State) park(L *lua.LState) (*parked, bool) {
	if L.Parent == nil {
		return nil, false
	}
	first, _ := L.GetStack(-1)
	p := &parked{want: lua.MultRet, last: true}
	for level, known := 1, false; ; level++ {
		f, ok := frameOf(L, level, first)
		if !ok {
			return p, true
		}
		i, ok := f.instruction()
		switch {
		case f.isLua() && f.pc < 0: // an int of 32 bits has no room for it
			p.last = false
		case ok && i.Code == lua.OP_CALL:
			if !known {
				known, p.last, p.want = true, false, i.C-1
			}
		case ok && i.Code == lua.OP_TAILCALL && level == 1:
			// The frame is gone once the yield returns.
		default:
			return nil, false
		}
		if f.first {
			return p, true
		}
		if f.tail {
			// Levels without a frame follow.
			for level+1 < s.limits.CallDepth {
				if dbg, ok := L.GetStack(level + 1); !ok || *dbg != *first || firstFrom(L, level+1, first) {
					break
				}
				level++
			}
		}
	}
}

func (s *State) coStatus(L *lua.LState) int {
	th, ok := L.Get(1).(*lua.LState)
	if !ok {
		argError(L, 1, "coroutine expected")
	}
	L.Push(lua.LString(s.status(L, th)))
	return 1
}

func (s *State) coRunning(L *lua.LState) int {
	if co := s.budget(L).co; co != nil {
		L.Push(co)
		return 1
	}
	L.Push(lua.LNil)
	return 1
}
