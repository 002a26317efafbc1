package host_test

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"github.com/simplex-lua/simplex-lua/host"
	"github.com/simplex-lua/simplex-lua/internal/sim"
	"github.com/simplex-lua/simplex-lua/internal/testkit"
)

// TestTimersOfARealBot go on over a reload and, with a name, over a restart.
func TestTimersOfARealBot(t *testing.T) {
	t.Parallel()
	net, folder := sim.New(sim.Options{Seed: 1}), t.TempDir()
	defer net.Close()
	script := filepath.Join(folder, "squarer.lua")
	const timers = `
bot.after(0.2, function() bot.state.after = (bot.state.after or 0) + 1 end)
bot.after(0.1, function() bot.state.named = (bot.state.named or 0) + 1 end, { name = "once" })
bot.on_command("after", function(msg) msg:reply(("%d %d of VERSION"):format(bot.state.after or 0, bot.state.named or 0)) end)
`
	save(t, script, strings.ReplaceAll(squaring+timers, "VERSION", "first"))
	data := filepath.Join(folder, "data")
	b := run(t, net, script, data)
	alice := join(t, net, "alice", address(b))
	untilNoTimers(t, b)
	alice.write("/after")
	alice.expect("1 1 of first")

	save(t, script, strings.ReplaceAll(squaring+timers, "VERSION", "second"))
	if err := b.Reload(t.Context()); err != nil {
		t.Fatal(err)
	}
	untilNoTimers(t, b)
	alice.write("/after")
	alice.expect("1 1 of second")
	b.end()

	b = run(t, net, script, data)
	untilNoTimers(t, b)
	alice.write("/after")
	alice.expect("1 0 of second") // the state is another, the name has come
	b.end()
}

// untilNoTimers waits for what the bot is going to do by itself.
func untilNoTimers(t *testing.T, b *squarer) {
	t.Helper()
	testkit.Until(t, "the timers ran", func() bool { return b.Pending().Timers == 0 })
	if err := b.Idle(t.Context(), b.core.Enqueued); err != nil {
		t.Fatal(err)
	}
}

// TestIdleAfterStop: a bot that stops is not at rest.
func TestIdleAfterStop(t *testing.T) {
	t.Parallel()
	net, folder := sim.New(sim.Options{Seed: 1}), t.TempDir()
	defer net.Close()
	script := filepath.Join(folder, "squarer.lua")
	save(t, script, squaring)
	b := run(t, net, script, filepath.Join(folder, "data"))
	b.Stop("test")
	if err := b.Idle(context.Background(), b.core.Enqueued); !errors.Is(err, host.ErrStopped) {
		t.Errorf("got %v, want ErrStopped", err)
	}
	if err := <-b.done; err != nil {
		t.Error(err)
	}
}

// TestAddressAfterAReload: an address that a reload makes is told.
func TestAddressAfterAReload(t *testing.T) {
	t.Parallel()
	net, folder := sim.New(sim.Options{Seed: 1}), t.TempDir()
	defer net.Close()
	script := filepath.Join(folder, "squarer.lua")
	save(t, script, `bot.configure { create_address = false }`)
	b := run(t, net, script, filepath.Join(folder, "data"))
	if s, _ := b.Status(); s.Address != "" {
		t.Errorf("got the address %q, want none", s.Address)
	}
	save(t, script, squaring+`bot.on_command("address", function(msg) msg:reply(bot.info.address) end)`)
	if err := b.Reload(t.Context()); err != nil {
		t.Fatal(err)
	}
	link := address(b)
	if link == "" {
		t.Fatal("the status has no address")
	}
	alice := join(t, net, "alice", link)
	alice.write("/address")
	alice.expect(link)
	b.end()
}

func address(b *squarer) string {
	s, _ := b.Status()
	return s.Address
}
