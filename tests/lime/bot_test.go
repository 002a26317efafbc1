package lime

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/simplex-lua/simplex-lua/host"
	"github.com/simplex-lua/simplex-lua/internal/chat"
	"github.com/simplex-lua/simplex-lua/internal/sim"
	"github.com/simplex-lua/simplex-lua/luaapi/permission"
	"github.com/simplex-lua/simplex-lua/stdlib"
)

// patience bounds a whole test; a machine can be slow.
const patience = 1 * time.Minute

// printed collects what a bot prints.
type printed struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (p *printed) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.buf.Write(b)
}

func (p *printed) String() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.buf.String()
}

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

// run runs a script as a bot on a simulated network of its own until it stops,
// and returns what it printed. env is what os.getenv answers.
func run(t *testing.T, env map[string]string, script string) string {
	t.Helper()
	dir := t.TempDir()
	path := filepath.Join(dir, "bot.lua")
	if err := os.WriteFile(path, []byte(prelude+script), 0o600); err != nil {
		t.Fatal(err)
	}
	network, out := sim.New(sim.Options{}), &printed{}
	bot, err := host.New(host.Options{
		Script: path, Data: filepath.Join(dir, "data"), Stdlib: stdlib.FS, Print: out, Grace: time.Second,
		Log:    slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelDebug})),
		Grants: permission.Set{All: true},
		Getenv: func(name string) (string, bool) { v, ok := env[name]; return v, ok },
		OpenCore: func(_ context.Context, db host.Database) (chat.Core, error) {
			core, reply, err := network.Open(db.Prefix, db.Key, db.Confirm)
			if err != nil {
				return nil, fmt.Errorf("%w: %s", err, reply.JSON)
			}
			return core, nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := bot.Run(ctx); err != nil {
		t.Errorf("the bot: %v", err)
	}
	return out.String()
}

// check wants these lines, in this order, and no others.
func check(t *testing.T, got string, want ...string) {
	t.Helper()
	if all := strings.Join(want, "\n") + "\n"; got != all {
		t.Errorf("got\n%s\nwant\n%s", got, all)
	}
}
