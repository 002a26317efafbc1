package lua51

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"
	"time"

	lua "github.com/yuin/gopher-lua"
)

// Faults of gopher-lua v1.1.2, each with what Lua 5.1 prints. TestUpstream
// fails where ours prints something else, and also where stock gopher-lua prints
// the same: then upstream has mended the fault, and the repair named in doc.go
// can go.
var upstreamFaults = []struct{ name, src, want string }{
	// The compiler.
	{"boolean chain", `
		local function f() return false end local function g() return true end
		local ok = true; ok = ok and f() and g() out(ok)`, "false"},
	{"multiple assignment", `
		local function f(x) return x end local x, y = 1, 2 x, y = nil, f(x) out(x, y)`, "nil 1"},
	{"loop of a lone break", `
		local n = 0 for i = 1, 3 do for k in pairs({ 1, 2 }) do break end n = n + 1 end out(n)`, "3"},
	{"constant condition", `
		local x = 5 while not (false and x) do x = x - 1 if x == 0 then break end end out(x)`, "0"},
	{"break out of a block with a captured variable", `
		local g while true do do local y = 1; g = function() y = y + 1 return y end; break end end
		local a, b, c = 10, 20, 30 out(g(), a, b, c)`, "2 10 20 30"},
	{"fifty elements and a call", `
		local function v(...) return ... end
		local t = {1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31,32,33,34,35,36,37,38,39,40,41,42,43,44,45,46,47,48,49,50, v(51, 52)}
		out(t[1], t[50], t[51], #t)`, "1 50 51 52"},
	{"local variable in its own function", `f = 1 local f = function() return f end out(f())`, "1"},
	{"syntax message", `out(select(2, loadstring("x = = 1")))`, `[string "x = = 1"]:1: unexpected symbol near '='`},
	{"escapes", `out("\x41\u{42}")`, "AB"},

	// The virtual machine.
	{"octal strings", `out("010" + 0)`, "10"},
	{"binary strings", `out(pcall(function() return "0b11" + 0 end))`, "false t:1: attempt to perform arithmetic on a string value"},
	{"number to string", `out(1e15 .. "", 2^53 .. "", 1 / 3 .. "")`, "1e+15 9.007199254741e+15 0.33333333333333"},
	{"modulo", `local inf = 1 / 0 out(5 % inf ~= 5 % inf)`, "true"},
	{"bounds of for as strings", `for i = "1", "2" do out(i) end`, "1;2"},
	{"name in index error", `out(pcall(function() local x; return x.y end))`, "false t:1: attempt to index local 'x' (a nil value)"},
	{"name in call error", `out(pcall(function() local t = {} t.f() end))`, "false t:1: attempt to call field 'f' (a nil value)"},
	{"name in arithmetic error", `out(pcall(function() return 1 + a end))`, "false t:1: attempt to perform arithmetic on global 'a' (a nil value)"},
	{"compare tables", `out(pcall(function() return {} < {} end))`, "false t:1: attempt to compare two table values"},
	{"removal of the last element", `local t = { 1, 2, 3 } t[#t] = nil out(table.remove(t), #t)`, "2 1"},

	// pcall, errors and coroutines.
	{"captured variables after an error", `
		local n = 0 local function inc() n = n + 1 end
		for i = 1, 5 do pcall(function() inc() error("x") end) end out(n)`, "5"},
	{"level of an error", "out(pcall(function() local function f() error('x', 2) end\nf() end))", "false t:2: x"},
	{"pcall of nothing", `out(pcall(string.rep))`, "false bad argument #1 to '?' (string expected, got no value)"},
	{"error in a handler", `out(xpcall(function() error("a") end, function() error("b") end))`, "false error in error handling"},
	{"overflow in xpcall", `
		local function f() return 1 + f() end
		out(xpcall(f, function(m) return "caught: " .. tostring(m):match("stack overflow") end))`, "false caught: stack overflow"},
	{"deep recursion", `local function f(n) if n == 0 then return 0 end return 1 + f(n - 1) end out(f(15000))`, "15000"},
	{"few values for a yield", `
		local co = coroutine.wrap(function() local a, b = coroutine.yield() out(a, b) end) co() co(1)`, "1 nil"},
	{"yield as a tail call", `
		local co = coroutine.wrap(function() return coroutine.yield(1) end) out(co()) out(co(2))`, "1;2"},
	{"yield across pcall", `
		local co = coroutine.create(function() return pcall(coroutine.yield, 1) end) out(coroutine.resume(co))`,
		"true false attempt to yield across metamethod/C-call boundary"},
	{"yield in a metamethod", `
		local t = setmetatable({}, { __index = function() return coroutine.yield(1) end })
		out(coroutine.resume(coroutine.create(function() return t.x end)))`,
		"false attempt to yield across metamethod/C-call boundary"},
	{"resume of a dead coroutine", `
		local co = coroutine.create(function() end) coroutine.resume(co) out(coroutine.resume(co))`, "false cannot resume dead coroutine"},

	// The library.
	{"tonumber", `out(tonumber("1e3"), tonumber("0x1p4"), tonumber("1e1", 10))`, "1000 16 10"},
	{"math.huge", `out(math.huge, -math.huge)`, "inf -inf"},
	{"find at the end", `out(("abc"):find("", 10))`, "4 3"},
	{"frontier", `out((("THE (quick) fox"):gsub("%f[%a]%a+", string.lower)))`, "the (quick) fox"},
	{"quoted format", `out(("%q"):format("a\nb"))`, "\"a\\\nb\""},
	{"format of numbers", `out(("%s %s"):format(1e15, 1 / 3))`, "1e+15 0.33333333333333"},
	{"concat of many", `local t = {} for i = 1, 3000 do t[i] = i end out(#table.concat(t))`, "10893"},
	{"order of equal elements", `
		local r = { { 1, "a" }, { 1, "b" }, { 1, "c" }, { 0, "d" }, { 1, "e" }, { 0, "f" } }
		table.sort(r, function(a, b) return a[1] < b[1] end)
		local s = "" for _, p in ipairs(r) do s = s .. p[2] end out(s)`, "fdecba"},
	{"maxn", `out(table.maxn({ 1, 2, [10.5] = 1 }))`, "10.5"},
	{"day of the year", `out(os.date("!*t", 86400 * 40).yday, os.date("!%j", 86400 * 40))`, "41 041"},
	{"char out of range", `out(pcall(string.char, 256))`, "false bad argument #1 to '?' (invalid value)"},
	{"load of a string", `out(load("return 7")())`, "7"},
}

func TestUpstream(t *testing.T) {
	t.Parallel()
	for _, f := range upstreamFaults {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			src := strings.TrimSpace(f.src)
			if got := faultOnOurs(t, src); got != f.want {
				t.Errorf("ours printed %q, want %q", got, f.want)
			}
			if got := faultOnStock(src); got == f.want {
				t.Errorf("stock gopher-lua prints %q: upstream mended this, remove our repair", got)
			}
		})
	}
}

func faultOnOurs(t *testing.T, src string) string {
	s := New(Options{})
	defer s.Close()
	out := &output{}
	s.L().SetGlobal("out", s.L().NewFunction(out.function(s.ToString)))
	if err := run(t, s, time.Minute, src); err != nil {
		out.add("error: " + err.Error())
	}
	return out.String()
}

func faultOnStock(src string) string {
	L := lua.NewState()
	defer L.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	L.SetContext(ctx)
	out := &output{}
	L.SetGlobal("out", L.NewFunction(out.function(func(L *lua.LState, v lua.LValue) lua.LValue { return L.ToStringMeta(v) })))
	fn, err := L.Load(strings.NewReader(src), "t")
	if err == nil {
		L.Push(fn)
		err = L.PCall(0, 0, nil)
	}
	if err != nil {
		out.add("error: " + err.Error())
	}
	return out.String()
}

// output collects what a program passes to out.
type output struct{ lines []string }

func (o *output) add(line string) { o.lines = append(o.lines, line) }
func (o *output) String() string  { return strings.Join(o.lines, ";") }

func (o *output) function(tostring func(*lua.LState, lua.LValue) lua.LValue) lua.LGFunction {
	return func(L *lua.LState) int {
		parts := make([]string, L.GetTop())
		for i := range parts {
			parts[i] = tostring(L, L.Get(i+1)).String()
		}
		o.add(strings.Join(parts, " "))
		return 0
	}
}

// Faults that end the process, so stock gopher-lua meets them in another one.
var fatalFaults = map[string]string{
	"resume of a normal coroutine": `
		local co
		co = coroutine.create(function()
			return coroutine.resume(coroutine.create(function() return coroutine.resume(co) end))
		end)
		out(coroutine.resume(co))`,
}

const fatalVariable = "LUA51_TEST_FATAL"

func TestUpstreamFatal(t *testing.T) {
	if name := os.Getenv(fatalVariable); name != "" {
		fmt.Println("survived: " + faultOnStock(fatalFaults[name]))
		return
	}
	t.Parallel()
	for name, src := range fatalFaults {
		if got, want := faultOnOurs(t, src), "true true false cannot resume normal coroutine"; got != want {
			t.Errorf("%s: ours printed %q, want %q", name, got, want)
		}
		cmd := exec.Command(os.Args[0], "-test.run=^TestUpstreamFatal$")
		cmd.Env = append(os.Environ(), fatalVariable+"="+name)
		if out, err := cmd.CombinedOutput(); err == nil && strings.Contains(string(out), "survived") {
			t.Errorf("%s: stock gopher-lua survived: upstream mended this, remove our repair", name)
		}
	}
}

// With a context each coroutine of stock gopher-lua leaves a goroutine behind.
func TestUpstreamGoroutines(t *testing.T) {
	L := lua.NewState()
	defer L.Close()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	L.SetContext(withoutShortcut{ctx})
	if err := L.DoString(`all = {} for i = 1, 100 do all[i] = coroutine.create(function() end) end`); err != nil {
		t.Fatal(err)
	}
	stacks := make([]byte, 4<<20)
	stacks = stacks[:runtime.Stack(stacks, true)]
	if n := bytes.Count(stacks, []byte("created by context.(*cancelCtx).propagateCancel")); n < 100 {
		t.Errorf("%d goroutines for 100 coroutines: upstream mended this, remove our repair", n)
	}
	// They end with their coroutines, which most never do.
	if err := L.DoString(`for i = 1, 100 do coroutine.resume(all[i]) end`); err != nil {
		t.Fatal(err)
	}
}

// withoutShortcut hides from the context package that it made the context.
type withoutShortcut struct{ context.Context }

func (c withoutShortcut) Done() <-chan struct{} {
	if c.Context.Err() != nil {
		return c.Context.Done()
	}
	return forever
}

func (withoutShortcut) Value(any) any { return nil }

var forever = make(chan struct{})
