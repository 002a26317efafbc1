package luaapi

import (
	"strings"
	"testing"
)

// TestWaitsBeginTheCPULimitAnew: it bounds what is computed without waiting, and
// not the sum over the life of a handler or a task. The limit is far from what is
// computed at once, for machines may be busy.
func TestWaitsBeginTheCPULimitAnew(t *testing.T) {
	t.Parallel()
	const script = `
		bot.configure { cpu_limit = 3 }
		local function compute()
			local before = os.clock()
			while os.clock() - before < 0.4 do end
		end
		local function rounds(msg)
			local began = os.clock()
			for _ = 1, 2 do
				compute() sleep(0.001)
				compute() msg:react("👍")
				compute() msg:ask(nil, { timeout = 0.001 })
				compute() require("promise").new():wait(0.001)
			end
			assert(os.clock() - began > 3, "os.clock goes back")
			msg:reply("done")
		end
		bot.on_command("handler", rounds)
		bot.on_command("task", function(msg) bot.spawn(function() rounds(msg) end) end)
		bot.on_command("broadcast", function(msg)
			local strangers = {}
			for i = 1, 8 do strangers[i] = { type = "direct", id = i, created_at = "another" } end
			bot.broadcast(strangers, "x", { on_progress = compute })
			msg:reply("done")
		end)`
	for _, where := range []string{"handler", "task", "broadcast"} {
		t.Run(where, func(t *testing.T) {
			t.Parallel()
			b := start(t, script)
			b.core.answer = func(cmd string) (string, bool) {
				return `{"result":{"type":"contactsList","contacts":[]}}`, strings.HasPrefix(cmd, "/_contacts")
			}
			sent := b.say("@4", "/"+where)
			if err := b.Drain(t.Context()); err != nil {
				t.Fatal(err)
			}
			if sent = append(sent, b.core.texts()...); strings.Join(sent, " ") != "done" {
				t.Errorf("got %q, log %s", sent, b.logs)
			}
		})
	}
}
