package luaapi

import (
	"strings"
	"testing"

	"github.com/simplex-lua/simplex-lua/internal/testkit"
)

// TestWaitsBeginTheCPULimitAnew: it bounds what is computed without waiting, and
// not the sum over the life of a handler or a task.
func TestWaitsBeginTheCPULimitAnew(t *testing.T) {
	t.Parallel()
	const script = `
		bot.configure { cpu_limit = 1.5 }
		local function compute()
			local before = os.clock()
			while os.clock() - before < 0.3 do end
		end
		local function rounds(wait)
			local began = os.clock()
			for _ = 1, 6 do compute() wait() end
			assert(os.clock() - began > 1.5, "os.clock goes back")
		end
		bot.on_command("run", function(msg, cmd)
			local wait = {
				sleep = function() sleep(0.001) end,
				reply = function() msg:reply("x") end,
				ask = function() msg:ask(nil, { timeout = 0.001 }) end,
			}
			if cmd.args == "broadcast" then
				local strangers = {}
				for i = 1, 6 do strangers[i] = { type = "direct", id = i, created_at = "another" } end
				bot.broadcast(strangers, "x", { on_progress = compute })
			elseif cmd.args == "task" then
				bot.spawn(function() rounds(wait.sleep) msg:reply("done") end)
				return
			else
				rounds(wait[cmd.args])
			end
			msg:reply("done")
		end)`
	for _, how := range []string{"sleep", "reply", "ask", "broadcast", "task"} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			b := start(t, script)
			b.core.answer = func(cmd string) (string, bool) {
				return `{"result":{"type":"contactsList","contacts":[]}}`, strings.HasPrefix(cmd, "/_contacts")
			}
			b.say("@4", "/run "+how)
			testkit.Until(t, "the work ends", func() bool { return b.Busy() == 0 && b.Pending().Waiting == 0 })
			if logs := b.logs.String(); logs != "" {
				t.Error(logs)
			}
		})
	}
}
