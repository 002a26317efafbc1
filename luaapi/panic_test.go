package luaapi

import (
	"context"
	"strings"
	"testing"

	lua "github.com/yuin/gopher-lua"
)

// TestPanicInAModule: a bug in a Go function of ours ends its handler, wherever
// it happens, and nothing else.
func TestPanicInAModule(t *testing.T) {
	t.Parallel()
	bugs := map[string]func(rt *Runtime, L *lua.LState){
		"with the lock":    func(*Runtime, *lua.LState) { panic("a bug") },
		"a nil pointer":    func(*Runtime, *lua.LState) { var m *message; m.value = nil },
		"out of bounds":    func(_ *Runtime, L *lua.LState) { _ = make([]int, 1)[L.GetTop()+7] },
		"while it waits":   func(rt *Runtime, L *lua.LState) { rt.unlocked(L, func(context.Context) { panic("a bug") }) },
		"with nothing set": func(*Runtime, *lua.LState) { panic(error(nil)) },
	}
	for name, bug := range bugs {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b, err := load(t, `
				function_of_go = false
				bot.on_error(function(e) bot.send("@9", "reported " .. e.type) end)
				bot.on_command("handler", function() function_of_go() end)
				bot.on_command("caught", function(msg) local ok = pcall(function_of_go) msg:reply("caught " .. tostring(not ok)) end)
				bot.on_command("task", function() bot.spawn(function() function_of_go() end) end)
				bot.on_command("timer", function() bot.after(0.001, function() function_of_go() end) end)
				bot.on_command("stream", function(msg) local s = msg:stream("x") function_of_go() end)
				bot.on_message(function(msg) msg:reply("alive") end)
				bot.on_start(function() function_of_go() end)
				bot.on_stop(function() function_of_go() end)`)
			if err != nil {
				t.Fatal(err)
			}
			b.mu.Lock()
			L := b.lua.L()
			L.G.Global.RawSetString("function_of_go", L.NewFunction(func(L *lua.LState) int {
				bug(b.Runtime, L)
				return 0
			}))
			b.mu.Unlock()
			b.Attach(Session{Core: b.core, UserID: 1, FilesDir: t.TempDir()})
			b.Start(t.Context(), "start")
			if got := strings.Join(b.core.texts(), ","); !strings.HasPrefix(got, "reported ") {
				t.Errorf("on_start: got %q, want it reported", got)
			}
			for command, want := range map[string]string{
				"/handler": "reported", "/caught": "caught true", "/stream": "x,reported", "/task": "reported", "/timer": "reported",
			} {
				done := false
				b.id++
				b.Dispatch(textEvent("@4", b.id, command), func() { done = true })
				if err := b.settle(t.Context()); err != nil {
					t.Fatal(err)
				}
				if got := strings.Join(b.core.texts(), ","); !strings.HasPrefix(got, want) {
					t.Errorf("%s: got %q, want %s…\n%s", command, got, want, b.logs)
				}
				if !done {
					t.Errorf("%s: the message is not done", command)
				}
				if got := strings.Join(b.say("@4", "x"), ","); got != "alive" {
					t.Fatalf("after %s: got %q, want the next message answered", command, got)
				}
			}
			b.Stop(t.Context(), "stop")
		})
	}
}
