package luaapi

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/luaapi/module"
	"github.com/simplex-lua/simplex-lua/luaapi/permission"
)

// loadWith loads a script that finds the functions as the global m.
func loadWith(t *testing.T, script string, functions func(m module.VM) map[string]lua.LGFunction) *bot {
	t.Helper()
	b, err := load(t, `bot.on_command("run", function(msg) return run(msg) end) `+script)
	if err != nil {
		t.Fatal(err)
	}
	b.Runtime.mu.Lock()
	L := b.lua.L()
	L.G.Global.RawSetString("m", vm{b.Runtime}.Table(L, "m", functions(vm{b.Runtime}), nil))
	b.Runtime.mu.Unlock()
	b.Attach(Session{Core: b.core, UserID: 1, FilesDir: t.TempDir()})
	return b
}

// What a module raises reaches the script with its type and the script's line.
func TestModuleErrors(t *testing.T) {
	t.Parallel()
	cause := map[string]error{
		"argument": module.Errorf(module.ErrArgument, "wrong"), "io": errors.New("wrong"),
		"permission": &permission.Error{Message: "wrong"}, "timeout": context.DeadlineExceeded,
	}
	b := loadWith(t, `function run(msg)
		local ok, e = pcall(function() m.fail(msg.text:match("%S+ (.*)")) end)
		bot.send("@9", e.type .. " at " .. e.where)
	end`, func(m module.VM) map[string]lua.LGFunction {
		return map[string]lua.LGFunction{"fail": func(L *lua.LState) int {
			m.Wait(L, func(context.Context) error { return cause[L.CheckString(1)] })
			return 0
		}}
	})
	b.Start(t.Context(), "start")
	for want := range cause {
		if got := b.say("@4", "/run "+want); len(got) == 0 || got[len(got)-1] != want+" at bot.lua:2" {
			t.Errorf("%s: got %q, log %s", want, got, b.logs)
		}
	}
}

func TestModuleLife(t *testing.T) {
	t.Parallel()
	var heard []string
	note := func(what string) func() { return func() { heard = append(heard, what) } }
	b := loadWith(t, "function run() end", func(m module.VM) map[string]lua.LGFunction {
		m.OnReady(func(context.Context) error { note("ready")(); return nil })
		m.OnStart(note("start"))
		m.OnClose(note("close first"))
		m.OnClose(note("close last"))
		return nil
	})
	if err := b.Ready(t.Context()); err != nil {
		t.Fatal(err)
	}
	b.Start(t.Context(), "start")
	b.Close()
	b.Close()
	if got, want := strings.Join(heard, ", "), "ready, start, close last, close first"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// A function that a module calls by itself is a handler with all limits, and
// its errors are reported.
func TestModuleCall(t *testing.T) {
	t.Parallel()
	calls := make(chan error, 1)
	var L0 module.VM
	b := loadWith(t, `
		bot.configure { cpu_limit = 0.5 }
		function spin() while true do end end
		function double(n) return n * 2 end`, func(m module.VM) map[string]lua.LGFunction {
		L0 = m
		return nil
	})
	b.Start(t.Context(), "start")
	var got lua.LValue
	call := func(ctx context.Context, name string, n int) error {
		return L0.Call(ctx, "callback "+name, func(L *lua.LState) (*lua.LFunction, []lua.LValue) {
			return L.GetGlobal(name).(*lua.LFunction), []lua.LValue{lua.LNumber(n)}
		}, func(_ *lua.LState, v lua.LValue) error { got = v; return nil })
	}
	if err := call(t.Context(), "double", 4); err != nil || got != lua.LNumber(8) {
		t.Errorf("got %v, %v", got, err)
	}
	if err := call(t.Context(), "spin", 0); err == nil || !strings.Contains(b.logs.String(), "cpu_limit") {
		t.Errorf("got %v, log %s", err, b.logs)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	go func() { calls <- call(ctx, "spin", 0) }()
	if err := <-calls; err == nil {
		t.Error("a call outlives its context")
	}
}
