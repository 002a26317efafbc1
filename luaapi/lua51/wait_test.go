package lua51

import (
	"fmt"
	"sync"
	"testing"
	"time"

	lua "github.com/yuin/gopher-lua"
)

// waiter is a Go function that waits as the runtime's do: it gives the lock up
// and takes it back, also when it panics.
func waiter(s *State, mu *sync.Mutex) lua.LGFunction {
	return func(L *lua.LState) int {
		n := L.ToInt(1)
		func() {
			b := BudgetOf(L)
			b.Pause()
			mu.Unlock()
			defer func() {
				mu.Lock()
				b.Resume()
				L.G.CurrentThread = L
			}()
			time.Sleep(time.Duration(n%7) * 100 * time.Microsecond)
		}()
		if L.ToBool(2) {
			L.RaiseError("woken by %d", n)
		}
		L.Push(lua.LNumber(n * 2))
		return 1
	}
}

const waitingProgram = `
local id = ...
local function check(ok, what) if not ok then error(what .. " in " .. id) end end
local sum = 0
for i = 1, 3 do sum = sum + wait(id + i) end
check(sum == 6 * id + 12, "plain")
local ok, v = pcall(function() return wait(id) + pcall_depth(3) end)
check(ok and v == 2 * id + 3, "pcall")
local ok, e = pcall(function() wait(id, true) end)
check(not ok and e:find("woken by " .. id, 1, true), "error in pcall")
local co = coroutine.wrap(function(a)
  while true do a = coroutine.yield(wait(a) + 1) end
end)
check(co(id) == 2 * id + 1 and co(id + 1) == 2 * id + 3, "coroutine")
local t = setmetatable({}, { __index = function(_, k) return wait(k) end })
check(t[id] == 2 * id, "metamethod")
local list = { 5, 3, 9, 1, 7 }
table.sort(list, function(a, b) wait(a); return a < b end)
check(table.concat(list, ",") == "1,3,5,7,9", "sort")
check(("a b c"):gsub("%w", function(c) wait(id); return c .. id end) == ("a%d b%d c%d"):format(id, id, id), "gsub")
local n = 0
for x in function() n = n + 1; if wait(n) < 8 then return n end end do sum = sum + x end
check(n == 4, "iterator")
return id
`

// Several hundred handlers wait in every place Lua code can be called from,
// under one lock, and none sees another's state.
func TestWaitingHandlers(t *testing.T) {
	t.Parallel()
	s := New(Options{})
	defer s.Close()
	var mu sync.Mutex
	s.L().SetGlobal("wait", s.L().NewFunction(waiter(s, &mu)))
	if err := run(t, s, time.Second, `
		function pcall_depth(n)
			if n == 0 then return wait(0) end
			local ok, v = pcall(pcall_depth, n - 1)
			return v + 1
		end`); err != nil {
		t.Fatal(err)
	}
	proto, err := s.Compile("waiting", []byte(waitingProgram))
	if err != nil {
		t.Fatal(err)
	}
	fn := s.L().NewFunctionFromProto(proto)

	var wg sync.WaitGroup
	errs := make(chan error, 400)
	for id := 1; id <= cap(errs); id++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			mu.Lock()
			defer mu.Unlock()
			b := NewBudget(id, 10*time.Second)
			rets, err := s.Call(b, fn, 1, lua.LNumber(id))
			if err != nil {
				errs <- fmt.Errorf("handler %d: %w", id, err)
			} else if rets[0] != lua.LNumber(id) {
				errs <- fmt.Errorf("handler %d returned %v", id, rets[0])
			}
		}()
	}
	wg.Wait()
	close(errs)
	for err := range errs {
		t.Error(err)
	}
}
