package lime

import (
	"os"
	"strings"
	"testing"

	"github.com/simplex-lua/simplex-lua/internal/sim"
	"github.com/simplex-lua/simplex-lua/internal/testkit"
	"github.com/simplex-lua/simplex-lua/tests/simbot"
)

// patience bounds a whole test; a machine can be slow.
const patience = testkit.Patience

// prelude is what scripts begin with: outcome says how a call ended, and the
// bot stops when the function given to main has.
const prelude = `local lime = require "lime"
local function outcome(fn, ...)
  local ok, e = pcall(fn, ...)
  if ok then return "fine" end
  return (e.type .. ": " .. e.message):match("[^\n]*") .. (e.reason and " " .. e.reason.code or "")
end
local function client(uri, options)
  local o = { uri = uri, identity = "anna@example.com/home", timeout = 10, finish_timeout = 2 }
  for k, v in pairs(options or {}) do o[k] = v end
  return lime.client(o)
end
local function main(fn)
  bot.on_start(function()
    local ok, err = pcall(fn)
    if not ok then print(tostring(err)) end
    bot.stop()
  end)
end
`

// start runs a script as a bot on the network. env is what os.getenv answers.
func start(t *testing.T, network *sim.Network, env map[string]string, script string) simbot.Bot {
	t.Helper()
	return simbot.Start(t, network, "bot", prelude+script, simbot.Options{Env: env})
}

// save writes the script of a bot anew.
func save(t *testing.T, b simbot.Bot, script string) {
	t.Helper()
	if err := os.WriteFile(b.Path, []byte(prelude+script), 0o600); err != nil {
		t.Fatal(err)
	}
}

// run runs a script as a bot until it stops, and returns what it printed.
func run(t *testing.T, env map[string]string, script string) string {
	t.Helper()
	b := start(t, sim.New(sim.Options{}), env, script)
	<-b.Done()
	return b.Out.String()
}

// check wants these lines, in this order, and no others.
func check(t *testing.T, got string, want ...string) {
	t.Helper()
	if all := strings.Join(want, "\n") + "\n"; got != all {
		t.Errorf("got\n%s\nwant\n%s", got, all)
	}
}
