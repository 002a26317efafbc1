package luaapi

import (
	"strings"
	"testing"
	"time"
)

func TestPromise(t *testing.T) {
	t.Parallel()
	b := start(t, `
		local promise = require "promise"
		local p = promise.new()
		bot.on_command("wait", function(msg)
			local ok, v = p:wait(msg.text:match("%d+"))
			bot.send("@9", tostring(ok) .. " " .. tostring(v))
		end)
		bot.on_command("give", function(msg)
			bot.send("@9", tostring(p:resolve("x")) .. tostring(p:resolve("y")) .. tostring(p:resolved()))
		end)
		bot.on_command("late", function(msg)
			local q = promise.new()
			local ok, v = q:wait(0.001)
			bot.send("@9", tostring(ok) .. " " .. tostring(v) .. " " .. tostring(q:resolve(1)))
		end)
		bot.on_command("bad", function(msg) p.wait() end)`)
	var sent []string
	for _, said := range [][2]string{
		{"@4", "/wait"}, // which gives the lane up
		{"@5", "/wait"}, {"@6", "/give"},
		{"@7", "/wait"}, // it is there already
		{"@7", "/late"}, {"@7", "/bad"},
	} {
		sent = append(sent, b.say(said[0], said[1])...)
	}
	if err := b.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	got := strings.Join(append(sent, b.core.texts()...), ", ")
	for want, n := range map[string]int{"true x": 3, "truefalsetrue": 1, "false nil true": 1} {
		if strings.Count(got, want) != n {
			t.Errorf("got %q, want %q %d times, log %s", got, want, n, b.logs)
		}
	}
	if log := b.logs.String(); !strings.Contains(log, "write p:wait(…) with a colon") {
		t.Errorf("log: %s", log)
	}
}

// TestPromiseTimedOut: whoever has given up waiting is not roused from another
// rest, and is not kept.
func TestPromiseTimedOut(t *testing.T) {
	t.Parallel()
	b := startOnClock(t, `
		local p = require("promise").new()
		bot.on_command("wait", function(msg)
			for _ = 1, 3 do p:wait("1s") end
			msg:ask("Well?")
			msg:reply("answered")
		end)
		bot.on_command("give", function() p:resolve("x") end)`)
	b.hear(t, "@4", "/wait")
	b.want(t, "after three time-outs", b.wait(t, 3*time.Second), "Well?")
	b.hear(t, "@5", "/give")
	if busy, waiting := b.Busy(), b.Pending().Waiting; busy != 0 || waiting != 1 {
		t.Errorf("got %d busy and %d that wait, want the asker to rest", busy, waiting)
	}
	b.want(t, "the answer", b.hear(t, "@4", "yes"), "answered")
}

// A promise that nobody keeps ends with the runtime.
func TestPromiseClosed(t *testing.T) {
	t.Parallel()
	b := start(t, `
		local promise = require "promise"
		bot.on_message(function() promise.new():wait() end)`)
	b.say("@4", "x")
	if n := b.Busy(); n != 0 {
		t.Errorf("%d handlers are busy, want the one that waits to be at rest", n)
	}
	b.Close()
}
