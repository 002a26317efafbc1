package lua51

import (
	"sync"
	"testing"
	"time"

	lua "github.com/yuin/gopher-lua"
)

// While many calls wait, new ones get threads that reach less deep; afterwards
// all is as before, and none of those threads is kept.
func TestManyCallsWait(t *testing.T) {
	t.Parallel()
	s := New(Options{})
	defer s.Close()
	var mu sync.Mutex
	var waiting, ended sync.WaitGroup
	wake := make(chan struct{})
	s.L().SetGlobal("wait", s.L().NewFunction(func(L *lua.LState) int {
		mu.Unlock()
		waiting.Done()
		<-wake
		mu.Lock()
		L.G.CurrentThread = L
		return 0
	}))
	const program = `
		local function deep(n) if n == 0 then return 0 end return 1 + deep(n - 1) end
		return function() wait() return deep(800) end, function() return deep(15000) end`
	proto, err := s.Compile("crowd", []byte(program))
	if err != nil {
		t.Fatal(err)
	}
	call := func(fn *lua.LFunction, nret int) ([]lua.LValue, error) {
		mu.Lock()
		defer mu.Unlock()
		return s.Call(NewBudget(nil, 10*time.Second), fn, nret)
	}
	fns, err := call(s.L().NewFunctionFromProto(proto), 2)
	if err != nil {
		t.Fatal(err)
	}
	shallow, deep := fns[0].(*lua.LFunction), fns[1].(*lua.LFunction)
	if _, err := call(deep, 1); err != nil {
		t.Fatalf("before: %v", err)
	}
	const calls = crowd + 200
	waiting.Add(calls)
	for range calls {
		ended.Go(func() {
			if rets, err := call(shallow, 1); err != nil || rets[0] != lua.LNumber(800) {
				t.Errorf("a call that waited: got %v, %v", rets, err)
			}
		})
	}
	waiting.Wait()
	mu.Lock()
	s.idle = nil
	mu.Unlock()
	if _, err := call(deep, 1); err == nil {
		t.Error("in the crowd: got a deep thread, want one that is not")
	}
	close(wake)
	ended.Wait()
	if _, err := call(deep, 1); err != nil {
		t.Errorf("after: %v", err)
	}
	for _, th := range s.idle {
		if th.Options.CallStackSize != s.limits.CallDepth {
			t.Fatal("a thread of the crowd is kept")
		}
	}
	if s.calls != 0 {
		t.Errorf("got %d calls in progress, want none", s.calls)
	}
}
