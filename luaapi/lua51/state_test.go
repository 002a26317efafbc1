package lua51

import (
	"errors"
	"strings"
	"testing"
	"time"

	lua "github.com/yuin/gopher-lua"
)

func TestCompile(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ src, want string }{
		"byte order mark": {"\xef\xbb\xbfprint(1)", "1\n"},
		"first line":      {"#!/usr/bin/simplex-lua\nprint(1)", "1\n"},
		"only first line": {"#", ""},
		"line ends":       {"print(1)\r\nprint(2)\rprint(3)\n\rprint('a\\\r\nb')", "1\n2\n3\na\nb\n"},
		"empty":           {"", ""},
	} {
		got, err := program(t, tc.src)
		if err != nil || got != tc.want {
			t.Errorf("%s: printed %q, %v, want %q", name, got, err, tc.want)
		}
	}
	s := New(Options{Limits: Limits{SourceSize: 100}})
	defer s.Close()
	for name, tc := range map[string]struct{ src, want, limit string }{
		"syntax":    {"x =\n= 1", "bot.lua:2: unexpected symbol near '='", ""},
		"bytecode":  {"\x1bLua", "bot.lua:1: precompiled code (bytecode) is not accepted; load the source", ""},
		"too large": {strings.Repeat("x = 1 ", 100), "bot.lua:1: source too large: source_limit exceeded (100 bytes); option --limit source_limit=N changes it", LimitSource},
	} {
		_, err := s.Compile("bot.lua", []byte(tc.src))
		var se *SyntaxError
		if !errors.As(err, &se) || err.Error() != tc.want {
			t.Errorf("%s: %v, want %s", name, err, tc.want)
		}
		var limit *LimitError
		if errors.As(err, &limit) != (tc.limit != "") || limit != nil && limit.Limit != tc.limit {
			t.Errorf("%s: limit %v, want %q", name, limit, tc.limit)
		}
	}
}

func TestGlobals(t *testing.T) {
	t.Parallel()
	want := "_G _VERSION assert coroutine debug error getmetatable ipairs load loadstring math next os pairs pcall print rawequal " +
		"rawget rawset select setmetatable string table tonumber tostring type unpack xpcall\n" +
		"clock date difftime getenv time\ntraceback\ncreate resume running status wrap yield\n"
	got, err := program(t, `
		local function names(t)
			local list = {}
			for k in pairs(t) do list[#list + 1] = k end
			table.sort(list)
			return table.concat(list, " ")
		end
		print(names(_G)) print(names(os)) print(names(debug)) print(names(coroutine))`)
	if err != nil || got != want {
		t.Errorf("got  %s%v\nwant %s", got, err, want)
	}
}

func TestError(t *testing.T) {
	t.Parallel()
	_, err := program(t, "local function f(t)\n  return t.x.y\nend\nlocal t = {}\nlocal r = f(t)\n")
	var e *Error
	if !errors.As(err, &e) {
		t.Fatalf("got %v, want an *Error", err)
	}
	if want := "t:2: attempt to index field 'x' (a nil value)"; e.Error() != want || e.Value != lua.LString(want) {
		t.Errorf("message %q, want %q", e.Error(), want)
	}
	if e.Chunk != "t" || e.Line != 2 || e.Cause != nil {
		t.Errorf("chunk %q, line %d, cause %v", e.Chunk, e.Line, e.Cause)
	}
	if want := "stack traceback:\n\tt:2: in function 'f'\n\tt:5: in main chunk\n\t[C]: ?"; e.Traceback != want {
		t.Errorf("traceback\n%s\nwant\n%s", e.Traceback, want)
	}

	_, err = program(t, `error({ message = "from a table" })`)
	if !errors.As(err, &e) || e.Error() != "from a table" || e.Value.Type() != lua.LTTable || e.Line != 1 {
		t.Errorf("got %#v", err)
	}
	_, err = program(t, `error()`)
	if !errors.As(err, &e) || e.Error() != "(error object is a nil value)" {
		t.Errorf("got %v", err)
	}
}

// A Go function that panics fails the call, not the process, and Lua can catch
// it.
func TestGoPanic(t *testing.T) {
	t.Parallel()
	s := New(Options{})
	defer s.Close()
	s.L().SetGlobal("broken", s.L().NewFunction(func(*lua.LState) int { panic("a bug") }))
	if err := run(t, s, time.Second, `local ok, e = pcall(broken) assert(not ok and e:find("a bug"), e)`); err != nil {
		t.Error(err)
	}
	err := run(t, s, time.Second, "\nbroken()")
	var p *PanicError
	var e *Error
	if !errors.As(err, &p) || p.Value != "a bug" || p.Stack == "" || !errors.As(err, &e) || e.Line != 2 {
		t.Errorf("got %#v", err)
	}
	if err := run(t, s, time.Second, `coroutine.wrap(function() broken() end)()`); err == nil || !strings.Contains(err.Error(), "a bug") {
		t.Errorf("in a coroutine: %v", err)
	}
}

// Messages that other packages raise with LState's methods get lines and quotes
// too.
func TestGoErrors(t *testing.T) {
	t.Parallel()
	s := New(Options{})
	defer s.Close()
	for name, fn := range map[string]lua.LGFunction{
		"raises": func(L *lua.LState) int { L.RaiseError("no %s", "luck"); return 0 },
		"checks": func(L *lua.LState) int { L.CheckString(1); return 0 },
		"level2": func(L *lua.LState) int { L.Error(lua.LString("deeper"), 3); return 0 },
		"index":  func(L *lua.LState) int { L.GetField(lua.LNil, "x"); return 0 },
	} {
		s.L().SetGlobal(name, s.L().NewFunction(fn))
	}
	for src, want := range map[string]string{
		"raises()":                              "t:1: no luck",
		"\nchecks()":                            "t:2: bad argument #1 to 'checks' (string expected, got nil)",
		"local function f()\nlevel2() end\nf()": "t:3: deeper",
		"index()":                               "attempt to index a nil value",
	} {
		if err := run(t, s, time.Second, src); err == nil || err.Error() != want {
			t.Errorf("%q: %v, want %s", src, err, want)
		}
	}
}

func TestStrict(t *testing.T) {
	t.Parallel()
	s := New(Options{})
	defer s.Close()
	s.Strict(func() []string { return []string{"reply_all"} })
	for _, tc := range []struct{ src, want string }{
		{"x = 1 return x", ""},
		{"return rawget(_G, 'y')", ""},
		{"assert(getmetatable(_G) == nil)", ""},
		{"\nlocal x = tostrin", "t:2: undefined global 'tostrin' (did you mean 'tostring'?)"},
		{"repyl_all()", "t:1: undefined global 'repyl_all' (did you mean 'reply_all'?)"},
		{"return zzz", "t:1: undefined global 'zzz'"},
		{"return io.open 'x'", "t:1: undefined global 'io' (require \"fs\" reads and writes files)"},
		{"os.exit(1)", "t:1: attempt to call field 'exit' (a nil value): bot.stop() ends the bot"},
		{"local os = { x = 1 } os.exit(1)", "t:1: attempt to call field 'exit' (a nil value)"},
		{"local x = table.unpack {}", "t:1: attempt to call field 'unpack' (a nil value): it is called unpack"},
		{"local u = table.unpack u {}", "t:1: attempt to call local 'u' (a nil value)"},
		{"count = (count or 0) + 1", "t:1: undefined global 'count' (it is read before it is set: begin with local count = … at the top)"},
		{"setmetatable(_G, nil) return undefined", ""},
	} {
		err := run(t, s, time.Second, tc.src)
		if (err == nil) != (tc.want == "") || err != nil && err.Error() != tc.want {
			t.Errorf("%q: %v, want %q", tc.src, err, tc.want)
		}
	}
}

func TestBudget(t *testing.T) {
	t.Parallel()
	b := NewBudget("owner", time.Second)
	if b.Owner() != "owner" || b.Err() != nil || b.Used() != 0 || b.Done() != nil {
		t.Errorf("new budget: %v, %v, %v", b.Owner(), b.Err(), b.Used())
	}
	b.Resume()
	b.Resume() // twice is once
	b.Pause()
	used := b.Used()
	if b.Pause(); b.Used() != used {
		t.Error("the clock runs while paused")
	}
	first := errors.New("first")
	b.Cancel(first)
	b.Cancel(nil)
	if !errors.Is(b.Err(), first) {
		t.Errorf("Err() = %v, want the first cause", b.Err())
	}
	select {
	case <-b.Done():
	default:
		t.Error("Done is open after Cancel")
	}

	s := New(Options{})
	defer s.Close()
	if _, err := s.Call(b, s.L().GetGlobal("tostring").(*lua.LFunction), 1, lua.LTrue); err != nil {
		t.Errorf("a Go function alone runs no instruction: %v", err)
	}
	proto, _ := s.Compile("t", []byte("return 1"))
	if _, err := s.Call(b, s.L().NewFunctionFromProto(proto), 1); !errors.Is(err, first) {
		t.Errorf("Call on a cancelled budget: %v, want %v", err, first)
	}
}

// Calls can nest: a Go function may call Lua again under the same budget.
func TestNestedCall(t *testing.T) {
	t.Parallel()
	s := New(Options{})
	defer s.Close()
	s.L().SetGlobal("again", s.L().NewFunction(func(L *lua.LState) int {
		b := BudgetOf(L)
		rets, err := s.Call(b, L.CheckFunction(1), 1, lua.LNumber(1))
		if err != nil {
			L.RaiseError("%v", err)
		}
		if b.since.Load() == 0 || L.G.CurrentThread != L {
			L.RaiseError("the outer call is not restored")
		}
		L.Push(rets[0])
		return 1
	}))
	if err := run(t, s, time.Second, `
		assert(again(function(x) return x + again(function(y) return y + 1 end) end) == 3)
		local ok, e = pcall(again, function() error("inner") end)
		assert(not ok and e:find("inner"), e)`); err != nil {
		t.Error(err)
	}
}

func TestClock(t *testing.T) {
	t.Parallel()
	at := time.Date(2024, 2, 29, 13, 5, 9, 0, time.FixedZone("TST", 3600))
	opts := Options{
		Clock:  func() time.Time { return at },
		Getenv: func(name string) (string, bool) { return "value of " + name, name == "SHOWN" },
	}
	got, err := programIn(t, opts, time.Second, `
		print(os.time(), os.date("%Y-%m-%d %H:%M:%S"), os.date("!%H"), os.date("*t").yday)
		print(os.time { year = 2024, month = 2, day = 29, hour = 13, min = 5, sec = 9 }, os.time { year = 2024, month = 14, day = -3 })
		print(pcall(os.time, { year = 2024 }), os.getenv("SHOWN"), os.getenv("HIDDEN"))
		print(os.difftime(10, 4), os.clock() >= 0)`)
	want := "1709208309\t2024-02-29 13:05:09\t12\t60\n1709208309\t1738062000\nfalse\tvalue of SHOWN\tnil\n6\ttrue\n"
	if err != nil || got != want {
		t.Errorf("got  %s%v\nwant %s", got, err, want)
	}
}
