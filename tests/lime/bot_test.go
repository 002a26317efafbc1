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

// bot is a bot of a test.
type bot struct {
	*host.Host
	out  *printed
	path string
}

// start runs a script as a bot on the network until the test ends or the bot
// stops, and returns it when it is ready. env is what os.getenv answers.
func start(t *testing.T, network *sim.Network, env map[string]string, script string) bot {
	t.Helper()
	dir := t.TempDir()
	b := bot{out: &printed{}, path: filepath.Join(dir, "bot.lua")}
	b.save(t, script)
	var err error
	b.Host, err = host.New(host.Options{
		Script: b.path, Data: filepath.Join(dir, "data"), Stdlib: stdlib.FS, Print: b.out, Grace: time.Second,
		Log:    slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn})),
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
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	ended := make(chan error, 1)
	go func() { ended <- b.Run(ctx) }()
	t.Cleanup(func() {
		b.Stop("the test is over")
		if err := <-ended; err != nil {
			t.Errorf("the bot: %v", err)
		}
		cancel()
	})
	select {
	case <-b.Ready():
	case <-b.Done():
	}
	return b
}

// save writes the script of the bot.
func (b bot) save(t *testing.T, script string) {
	t.Helper()
	if err := os.WriteFile(b.path, []byte(prelude+script), 0o600); err != nil {
		t.Fatal(err)
	}
}

// run runs a script as a bot until it stops, and returns what it printed.
func run(t *testing.T, env map[string]string, script string) string {
	t.Helper()
	b := start(t, sim.New(sim.Options{}), env, script)
	<-b.Done()
	return b.out.String()
}

// check wants these lines, in this order, and no others.
func check(t *testing.T, got string, want ...string) {
	t.Helper()
	if all := strings.Join(want, "\n") + "\n"; got != all {
		t.Errorf("got\n%s\nwant\n%s", got, all)
	}
}
