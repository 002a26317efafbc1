package lua51

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// Thread is a Lua thread taken from a State's pool for one use.
type Thread struct {
	// L is the thread. Its context is the Budget.
	L *lua.LState
	s *State
}

// NewThread takes a thread that runs under b. Call is the usual way to run a
// function; this one is for Go code that needs a stack of its own.
func (s *State) NewThread(b *Budget) *Thread { return &Thread{L: s.take(b), s: s} }

// Release gives the thread back. It is used again only if ok, that is if
// everything called on it returned: after an error it may hold open frames.
func (t *Thread) Release(ok bool) {
	if ok {
		t.s.give(t.L)
	}
}

func (s *State) take(b *Budget) *lua.LState {
	var th *lua.LState
	if n := len(s.idle); n > 0 {
		th = s.idle[n-1]
		s.idle[n-1] = nil
		s.idle = s.idle[:n-1]
	} else {
		model := s.worker
		if s.calls > crowd {
			model = s.narrow
		}
		th, _ = model.NewThread()
		th.Panic = s.onError
	}
	th.SetContext(b)
	return th
}

func (s *State) give(th *lua.LState) {
	narrow := th.Options.CallStackSize < s.worker.Options.CallStackSize
	if len(s.idle) < maxIdle && th.GetTop() == 0 && !narrow {
		th.RemoveContext()
		s.idle = append(s.idle, th)
	}
}

// Call runs fn with args on a thread of its own under b, and returns nret
// results (all of them if nret is lua.MultRet). The caller holds the lock.
//
// The error is an *Error: a Lua error with its traceback, or a cut, whose cause
// is a *LimitError or what Cancel was given. Panics of Go functions become
// errors too. After an error the State is usable.
//
// A Go function that Lua calls may wait: it calls b.Pause, gives the lock up,
// waits, takes it back, calls b.Resume and sets L.G.CurrentThread = L, all of
// that deferred so that it also happens on a panic. It works from inside
// pcall, coroutines, metamethods, iterators, sort and gsub. It must not yield.
func (s *State) Call(b *Budget, fn *lua.LFunction, nret int, args ...lua.LValue) ([]lua.LValue, error) {
	if b.open == 0 {
		watcher.enter(b)
		b.Resume()
	}
	b.open++
	s.calls++
	b.state = s
	m, before := b.mark(), s.main.G.CurrentThread
	defer func() {
		b.reset(m)
		s.calls--
		if b.open--; b.open == 0 {
			b.Pause()
			watcher.leave(b)
		}
		s.main.G.CurrentThread = before
	}()

	th := s.take(b)
	s.main.G.CurrentThread = th
	b.threads = append(b.threads, th)
	b.co = nil
	th.Push(fn)
	for _, arg := range args {
		th.Push(arg)
	}
	if f := s.try(th, b, len(args), nret, true); f != nil {
		return nil, f.err
	}
	rets := make([]lua.LValue, th.GetTop())
	for i := range rets {
		rets[i] = th.Get(i + 1)
	}
	th.SetTop(0)
	s.give(th)
	return rets, nil
}

// failure is how a call on a thread ended that did not return.
type failure struct {
	value lua.LValue // what was raised
	cut   *cut       // set if the budget is used up; must not be swallowed
	err   *Error     // set if asked for
}

// try calls the function and nargs arguments on th's stack. The thread's frames
// are left as they were at the error, for tracebacks; it is not to be used
// again then.
func (s *State) try(th *lua.LState, b *Budget, nargs, nret int, want bool) (f *failure) {
	defer func() {
		if r := recover(); r != nil {
			f = s.caught(b, r, want)
		}
	}()
	if b.levels >= s.limits.Nesting {
		s.raiseNesting(th, b)
	}
	b.levels++
	th.Call(nargs, nret)
	b.levels--
	return nil
}

// caught turns a recovered panic into a failure. The innermost thread of b is
// the one that failed.
func (s *State) caught(b *Budget, r any, want bool) *failure {
	th := b.threads[len(b.threads)-1]
	f := &failure{}
	var cause error
	switch r := r.(type) {
	case *cut:
		f.cut, cause = r, r.err
		f.value = lua.LString(place(th) + r.err.Error())
	case *lua.ApiError:
		f.value = r.Object
	default:
		f.value, cause = s.goPanic(b, th, r)
	}
	if b.stop.Load() && f.cut == nil {
		f.cut = &cut{b.Err()}
		cause = f.cut.err
		f.value = lua.LString(place(th) + cause.Error())
	}
	if !want {
		return f
	}
	if text, ok := f.value.(lua.LString); ok && cause == nil && b.limit != nil {
		// An ordinary error that a limit raised, perhaps with text before it.
		if strings.HasSuffix(string(text), b.limit.Detail) {
			text += lua.LString(b.limit.advice())
		}
		if strings.HasSuffix(string(text), b.limit.Error()) {
			f.value, cause = text, b.limit
		}
	}
	chunk, line := position(th)
	f.err = &Error{Value: f.value, Traceback: s.traceback(b, "", 0), Chunk: chunk, Line: line, Cause: cause}
	return f
}

// goPanic explains a panic that is no Lua error: the virtual machine's full
// call stack, or a bug.
func (s *State) goPanic(b *Budget, th *lua.LState, r any) (lua.LValue, error) {
	if text, ok := r.(string); ok && text == vmStackOverflow {
		err := callDepthError(th.Options.CallStackSize)
		b.limit = err
		return lua.LString(place(th) + err.Detail), nil
	}
	if re, ok := r.(runtime.Error); ok {
		r = re.Error()
	}
	err := &PanicError{Value: r, Stack: string(debug.Stack())}
	return lua.LString(place(th) + err.Error()), err
}

// vmStackOverflow is the text gopher-lua panics with when its call stack is
// full.
const vmStackOverflow = "lua callstack overflow"

func callDepthError(depth int) *LimitError {
	return limitError(LimitCalls, "stack overflow", fmt.Sprint(depth))
}
