package lua51

import (
	"errors"
	"runtime"
	"strings"
	"testing"
	"time"
)

// Programs that never end, or that one operation makes run away. Each ends with
// the limit it runs into, and the State is usable afterwards. Where limit is
// empty the program is harmless here, as in Lua 5.1.
var hostile = []struct{ name, limit, src string }{
	{"empty loop", LimitCPU, `while true do end`},
	{"repeat in pcall in a coroutine", LimitCPU, `coroutine.wrap(function() pcall(function() repeat until false end) end)()`},
	{"pcall in a loop", LimitCPU, `while true do pcall(function() while true do end end) end`},
	{"xpcall with a handler that loops", LimitCPU, `xpcall(error, function() while true do end end)`},
	{"handler of a cut", LimitCPU, `while true do xpcall(function() while true do end end, function() while true do end end) end`},
	{"goto loop", LimitCPU, `::a:: goto a`},
	{"tail calls", LimitCPU, `local function f() return f() end f()`},
	{"lying comparator", "", `local t = {} for i = 1, 1000 do t[i] = i end pcall(table.sort, t, function() return true end)`},
	{"random comparator", "", `local t = {} for i = 1, 1000 do t[i] = i end pcall(table.sort, t, function() return math.random() < 0.5 end)`},
	{"comparator that loops", LimitCPU, `table.sort({ 1, 2, 3 }, function() while true do end end)`},
	{"gsub callback that loops", LimitCPU, `("x"):gsub(".", function() while true do end end)`},
	{"tostring that loops", LimitCPU, `tostring(setmetatable({}, { __tostring = function() while true do end end }))`},
	{"index that loops", LimitCPU, `local x = setmetatable({}, { __index = function() while true do end end }).x`},
	{"iterator that loops", LimitCPU, `for i in function() while true do end end do end`},
	{"load that never ends", LimitCPU, `load(function() while true do end end)`},
	{"load of endless source", LimitSource, `assert(load(function() return ("x = 1 "):rep(10000) end))`},
	{"coroutines without end", LimitCPU, `while true do coroutine.wrap(function() coroutine.yield() end)() end`},
	{"huge string", LimitString, `return ("x"):rep(1e12)`},
	{"huge string in pcall", LimitCPU, `while true do pcall(string.rep, "x", 1e12) end`},
	{"doubling string", LimitString, `local s = "x" while true do s = s .. s end`},
	{"gsub that grows", LimitString, `local s = ("x"):rep(1e6) while true do s = s:gsub("x", "xxxx") end`},
	{"format that grows", LimitString, `local s = ("x"):rep(2e7) return ("%s%s%s"):format(s, s, s)`},
	{"concat that grows", LimitString, `local s, t = ("x"):rep(1e6), {} for i = 1, 1000 do t[i] = s end return table.concat(t)`},
	{"concat of many", "", `local t = {} for i = 1, 200000 do t[i] = "x" end return #table.concat(t)`},
	{"concat of nothing", "", `return pcall(table.concat, {}, "", 1, 1e9)`},
	{"sparse array", "", `local t = {} t[6e7] = 1 t[2^40] = 2 return t[6e7]`},
	{"unpack of nothing", LimitUnpack, `return unpack({}, 1, 1e9)`},
	{"unpack wraps around", "", `return unpack({}, -2^62, 2^62)`},
	{"byte of much", LimitUnpack, `return (("x"):rep(1e6)):byte(1, -1)`},
	{"optional items", LimitPattern, `return (("a"):rep(26)):match(("a?"):rep(26) .. ("a"):rep(26))`},
	{"trim", LimitPattern, `return ("x" .. (" "):rep(15000) .. "y"):match("^%s*(.-)%s*$")`},
	{"lazy items", LimitPattern, `return ((" "):rep(15000)):match(".-.-.-b")`},
	{"gmatch with backtracking", LimitPattern, `for x in (("a"):rep(30)):gmatch(("a*"):rep(30) .. "b") do end`},
	{"long pattern", "", `return ("x"):find(("x?"):rep(1e5))`},
	{"long set", LimitPattern, `return (("b"):rep(1e5)):find("[" .. ("a"):rep(1e5) .. "]")`},
	{"pattern on a long string", LimitCPU, `return (("a"):rep(3e7)):find("a-a-a-b")`},
	{"sort of much", LimitCPU, `local t = {} for i = 1, 2e5 do t[i] = "x" .. -i end while true do table.sort(t) t[1], t[2e5] = t[2e5], t[1] end`},
	{"many labels", "", `return loadstring(("::x%d:: "):rep(10000))`},
	{"load of much", LimitCPU, `local s = ("x = 1 "):rep(1e6) while true do loadstring(s) end`},
	{"patterns in a loop", LimitCPU, `while true do pcall(string.find, ("a"):rep(100), ("a*"):rep(100) .. "b") end`},
	{"recursion", LimitCalls, `local function f() return 1 + f() end f()`},
	{"recursion in pcall", LimitCPU, `while true do pcall(function() local function f() return 1 + f() end f() end) end`},
	{"mutual recursion through pcall", LimitNesting, `local function f() assert(pcall(f)) end f()`},
	{"recursion through a metamethod", LimitNesting, `local t = setmetatable({}, {}) getmetatable(t).__index = function(t, k) return t[k] end return t.x`},
	{"recursion through tostring", LimitNesting, `local t = setmetatable({}, { __tostring = tostring }) tostring(t)`},
	{"recursion through gsub", LimitNesting, `local function f(s) return (s:gsub(".", f)) end f("x")`},
	{"recursion through sort", LimitNesting, `local function f(a, b) table.sort({ 1, 2 }, f) return a < b end f(1, 2)`},
	{"nested coroutines", LimitNesting, `local function f() return assert(coroutine.resume(coroutine.create(f))) end f()`},
	{"recursion in every thread", LimitNesting, `
		local function deep(n) if n == 0 then local ok, e = pcall(deep, 1000) error(e, 0) end return 1 + deep(n - 1) end
		deep(1000)`},
	{"index chain", "", `local t = {} t.__index = t return pcall(function() return setmetatable(t, t).x end)`},
	{"many parentheses", LimitSyntax, `assert(loadstring("x = " .. ("("):rep(1e5) .. "1" .. (")"):rep(1e5)))`},
	{"many tables", LimitSyntax, `assert(loadstring("x = " .. ("{"):rep(1e5) .. ("}"):rep(1e5)))`},
	{"many functions", LimitSyntax, `assert(loadstring(("function f() "):rep(1e5) .. ("end "):rep(1e5)))`},
	{"many blocks", LimitSyntax, `assert(loadstring(("do "):rep(1e5) .. ("end "):rep(1e5)))`},
	{"many unary operators", LimitSyntax, `assert(loadstring("x = " .. ("not "):rep(1e5) .. "x"))`},
	{"long sum", LimitTerms, `assert(loadstring("local a = 1; x = a" .. ("+ a"):rep(1e5)))`},
	{"long and", LimitTerms, `assert(loadstring("local a = 1; x = a" .. (" and a"):rep(1e5)))`},
	{"large source", LimitSource, `assert(loadstring(("x = 1 "):rep(2e6)))`},
	{"many globals", "", `return loadstring((("x%d = %d "):rep(20000):gsub("%%d", (function() local n = 0 return function() n = n + 1 return n end end)())))`},
	{"many constants", "", `assert(loadstring("return {" .. ("%d,"):rep(50000):gsub("%%d", (function() local n = 0 return function() n = n + 1 return n end end)()) .. "}"))()`},
	{"metatable of globals", LimitNesting, `setmetatable(_G, { __index = function(t, k) return t[k] end }) return undefined`},
	{"print redefined", LimitCalls, `tostring = function(x) return tostring(x) .. "" end tostring(1)`},
	{"globals removed", "", `local g = _G for k in pairs(g) do g[k] = nil end`},
	{"string metatable broken", "", `getmetatable("").__index = nil pcall(function() return ("x"):rep(3) end) getmetatable("").__add = 1`},
	{"bytecode", "", `assert(not loadstring("\27Lua")) assert(not pcall(string.dump, print))`},
	{"yield in the wrong place", "", `pcall(coroutine.yield) coroutine.wrap(function() pcall(coroutine.yield) end)()`},
}

func TestHostile(t *testing.T) {
	t.Parallel()
	for _, h := range hostile {
		t.Run(h.name, func(t *testing.T) {
			t.Parallel()
			s := New(Options{})
			defer s.Close()
			cpu := time.Minute
			if h.limit == LimitCPU {
				cpu = 100 * time.Millisecond
			}
			err := run(t, s, cpu, h.src)
			var limit *LimitError
			switch {
			case h.limit == "" && err != nil:
				t.Errorf("got %v, want no error", err)
			case h.limit != "" && !errors.As(err, &limit):
				t.Errorf("got %v, want a LimitError", err)
			case h.limit != "" && limit.Limit != h.limit:
				t.Errorf("got limit %q (%v), want %q", limit.Limit, err, h.limit)
			case h.limit != "" && !strings.Contains(err.Error(), limit.Option):
				t.Errorf("%q does not name the option %q", err, limit.Option)
			}
			if err := run(t, s, time.Minute, `local n = 0 for i = 1, 10 do n = n + i end if n ~= 55 then n() end`); err != nil {
				t.Errorf("the next call: %v", err)
			}
		})
	}
}

// Not parallel: the bound is the process's.
func TestMemory(t *testing.T) {
	runtime.GC()
	live, _ := readHeap()
	SetMemoryLimit(live + 32<<20)
	defer SetMemoryLimit(0)
	for name, src := range map[string]string{
		"array":           `local t = {} for i = 1, 1e7 do t[i] = i end`,
		"hash":            `local t = {} for i = 1, 1e7 do t["k" .. i] = i end`,
		"nested tables":   `local t = {} while true do t = { t, {}, {} } end`,
		"strings":         `local t = {} for i = 1, 1e6 do t[i] = ("x"):rep(1e6) end`,
		"in pcall":        `local t = {} while true do pcall(function() while true do t[#t + 1] = { 1, 2, 3 } end end) end`,
		"in a coroutine":  `local t = {} coroutine.wrap(function() while true do t[#t + 1] = {} end end)()`,
		"closures":        `local t = {} while true do t[#t + 1] = function() return t end end`,
		"coroutines":      `local t = {} while true do t[#t + 1] = coroutine.create(function() end) end`,
		"sparse arrays":   `local t = {} while true do local u = {} u[4e6] = 1 t[#t + 1] = u end`,
		"sorting strings": `local t = {} for i = 1, 1e7 do t[i] = i .. "" end table.sort(t)`,
	} {
		t.Run(name, func(t *testing.T) {
			s := New(Options{})
			defer s.Close()
			err := run(t, s, time.Minute, src)
			var limit *LimitError
			if !errors.As(err, &limit) || limit.Limit != LimitMemory {
				t.Errorf("got %v, want a LimitError of memory", err)
			}
			if err := run(t, s, time.Minute, `return #("x"):rep(1000)`); err != nil {
				t.Errorf("the next call: %v", err)
			}
		})
	}
	// Garbage alone is no reason to cut. What the cases above left goes first.
	runtime.GC()
	live, _ = readHeap()
	SetMemoryLimit(live + 128<<20)
	s := New(Options{})
	defer s.Close()
	if err := run(t, s, time.Minute, `for i = 1, 300 do local s = ("x"):rep(1e6) end`); err != nil {
		t.Errorf("garbage: %v", err)
	}
}

// The watchdog ends when nothing runs, and coroutines leave nothing behind.
func TestNoGoroutines(t *testing.T) {
	before := runtime.NumGoroutine()
	s := New(Options{})
	if err := run(t, s, time.Minute, `for i = 1, 1000 do coroutine.wrap(function() coroutine.yield() end)() end`); err != nil {
		t.Fatal(err)
	}
	s.Close()
	for i := 0; i < 500 && runtime.NumGoroutine() > before; i++ {
		time.Sleep(watchEvery)
	}
	if n := runtime.NumGoroutine(); n > before {
		t.Errorf("%d goroutines, %d before", n, before)
	}
}

// Cancel from another goroutine ends a handler that catches every error.
func TestCancel(t *testing.T) {
	t.Parallel()
	s := New(Options{})
	defer s.Close()
	proto, err := s.Compile("t", []byte(`while true do pcall(function() while true do end end) end`))
	if err != nil {
		t.Fatal(err)
	}
	want := errors.New("the message was deleted")
	b := NewBudget("owner", 0)
	timer := time.AfterFunc(10*time.Millisecond, func() { b.Cancel(want) })
	defer timer.Stop()
	_, err = s.Call(b, s.L().NewFunctionFromProto(proto), 0)
	if !errors.Is(err, want) {
		t.Errorf("got %v, want %v", err, want)
	}
	var e *Error
	if !errors.As(err, &e) || e.Chunk != "t" || e.Line != 1 || e.Traceback == "" {
		t.Errorf("got %#v, want an Error with a place and a traceback", err)
	}
}
