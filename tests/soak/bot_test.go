package soak

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/simplex-lua/simplex-lua/host"
	"github.com/simplex-lua/simplex-lua/internal/chat"
	"github.com/simplex-lua/simplex-lua/internal/sim"
	"github.com/simplex-lua/simplex-lua/luaapi"
)

// script prints each numbered text that it handles. Some handlers are slow, some
// fail, some ask and print the answer too; files are fetched. What has no number
// is answered. Timers run all the time, and change hands with each edit.
const script = `
bot.configure { profile = { display_name = "Soaker" }, welcome = "Welcome.", allow_files = true, drain_timeout = "200ms" }
bot.on_event("receivedGroupInvitation", function(event) bot.api.join_group(event.groupInfo.groupId) end)
local function number(msg) return tonumber(msg.text:match(" (%d+)$")) end
bot.state = { ticks = 0 }
bot.every("20ms", function() bot.state.ticks = bot.state.ticks + 1 end)
bot.every("1s", function() sleep(0.1) end, { name = "second", catch_up = true })
bot.on_message({ content_type = { "text", "file" } }, function(msg)
  local n = number(msg)
  if not n then
    msg:reply("hello")
    return
  end
  print(msg.text)
  if msg.file then msg:download() end
  if n % 10 == 3 then sleep(0.02) end
  if n % 10 == 5 then error("on purpose") end
  if n % 10 == 7 then
    local answer = msg:ask("more?", { timeout = "500ms" })
    if answer and number(answer) then print(answer.text) end
  end
  if n % 4 == 0 then msg:reply("ok " .. n) end
end)
`

// bot is the bot through all its lives.
type bot struct {
	t      *testing.T
	net    *sim.Network
	ledger *ledger
	dir    string
	life   int

	// What follows is of the present life.
	*host.Host
	core atomic.Pointer[sim.Core]
	done chan error
}

func newBot(t *testing.T, net *sim.Network, l *ledger) *bot {
	t.Helper()
	b := &bot{t: t, net: net, ledger: l, dir: t.TempDir()}
	b.save(script)
	return b
}

func (b *bot) path() string { return filepath.Join(b.dir, "bot.lua") }

// save writes the script as editors do, by renaming.
func (b *bot) save(text string) {
	err := os.WriteFile(b.path()+".new", []byte(text), 0o600)
	if err == nil {
		err = os.Rename(b.path()+".new", b.path())
	}
	if err != nil {
		b.t.Error(err)
	}
}

// start begins the next life and waits until it is ready, or ended already.
func (b *bot) start(ctx context.Context) error {
	b.life++
	life := b.life
	h, err := host.New(host.Options{
		Script: b.path(), Data: filepath.Join(b.dir, "data"), Watch: true, Settle: 10 * time.Millisecond,
		Grace: 2 * time.Second, CatchUp: host.CatchUp{MaxItems: 1 << 20, MaxAge: -1},
		Print: printed{b.ledger, life},
		OpenCore: func(_ context.Context, db host.Database) (chat.Core, error) {
			core, reply, err := b.net.Open(db.Prefix, db.Key, db.Confirm)
			if err != nil {
				return nil, fmt.Errorf("%w: %s", err, reply.JSON)
			}
			b.core.Store(core)
			return core, nil
		},
	})
	if err != nil {
		return err
	}
	b.Host, b.done = h, make(chan error, 1)
	b.core.Store(nil)
	go func(done chan<- error) { done <- h.Run(ctx) }(b.done)
	return nil
}

// untilReady waits for the end of a start. One that found a broken edit is
// made again.
func (b *bot) untilReady(ctx context.Context) error {
	for {
		select {
		case <-b.Ready():
			return nil
		case <-b.Done():
		}
		if err := <-b.done; !isBroken(err) {
			return fmt.Errorf("life %d did not start: %w", b.life, err)
		}
		if err := b.start(ctx); err != nil {
			return err
		}
	}
}

// fewQueued is what may wait in the lanes of a bot that keeps up: people talk on.
const fewQueued = 500

// untilCaughtUp waits until what waits is not from before this life.
func (b *bot) untilCaughtUp(ctx context.Context) error {
	if err := b.untilReady(ctx); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		if s, ok := b.Status(); ok && !s.CatchingUp && s.Queued < fewQueued {
			return nil
		}
		select {
		case <-time.After(5 * time.Millisecond):
		case <-ctx.Done():
			return fmt.Errorf("life %d does not catch up: %w", b.life, ctx.Err())
		}
	}
}

// isBroken tells that a bot did not start since its script has a mistake.
func isBroken(err error) bool {
	var script *luaapi.ScriptError
	return errors.As(err, &script)
}

// kill takes the core away, as SIGKILL takes everything, and waits for the
// host to notice.
func (b *bot) kill() error {
	core := b.core.Load()
	if core == nil {
		return b.end() // not open yet: there is nothing to kill
	}
	b.ledger.noteKilled(b.life)
	core.Kill()
	<-b.done // it says in many ways that the core is gone
	return nil
}

// end stops the bot in order.
func (b *bot) end() error {
	b.Stop("end")
	if err := <-b.done; err != nil && !isBroken(err) {
		return fmt.Errorf("life %d did not end well: %w", b.life, err)
	}
	return nil
}

// restEvery is how many lives pass until one may catch up: who is killed before
// that again and again is left with more than a short life can read.
const restEvery = 16

// live kills the bot at random moments, or stops it, and starts it again, until
// the deadline; then a last life goes on.
func (b *bot) live(ctx context.Context, r *rand.Rand, deadline time.Time) error {
	for n := 1; time.Now().Before(deadline); n++ {
		if n%restEvery == 0 {
			if err := b.untilCaughtUp(ctx); err != nil {
				return err
			}
		}
		time.Sleep(time.Duration(r.IntN(400)) * time.Millisecond) // the moment of the kill
		end := b.kill
		if r.IntN(6) == 0 {
			end = b.end
		}
		if err := end(); err != nil {
			return err
		}
		if err := b.start(ctx); err != nil {
			return err
		}
	}
	return b.untilReady(ctx)
}

// edit saves the script again and again, some times with a mistake, until the
// deadline; the last save is good.
func (b *bot) edit(period time.Duration, deadline time.Time) (edits int) {
	for time.Now().Before(deadline) {
		edits++
		text := fmt.Sprintf("-- edit %d\n%s", edits, script)
		if edits%4 == 0 {
			text += "local x = = 1"
		}
		b.save(text)
		time.Sleep(period) // people do not edit all the time
	}
	b.save(script)
	return edits
}
