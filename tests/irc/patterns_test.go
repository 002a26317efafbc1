package irc

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/simplex-lua/simplex-lua/internal/sim"
)

// What event-style clients are built from, for IRC and for the bot itself.
func TestPatterns(t *testing.T) {
	t.Parallel()
	t.Run("on, trigger and wait for events, plugins on a client", func(t *testing.T) {
		t.Parallel()
		out := run(t, "events", env(startNgircd(t, "irc.events.test", "")))
		out.Check(t, "greet local", "greet ben", "PONG a", "b RPL_NOWAWAY 2", "all of two: nil", "false argument",
			"order 1", "order 2", "waited for 3", "time-out nil", "end")
		if out.Count("greet nobody") != 0 {
			t.Errorf("a handler that was removed was called:\n%s", out)
		}
	})
	t.Run("plugins registered by name and switched while they run", func(t *testing.T) {
		t.Parallel()
		out := run(t, "plugins", env(startNgircd(t, "irc.plugins.test", "")))
		if want := "echo orders\noff: one\necho: two!\noff: three\norder 1\norder 3\nend\n"; out.String() != want {
			t.Errorf("got\n%s\nwant\n%s", out, want)
		}
	})
	t.Run("chains of raw handlers in front or replaced, in and out", func(t *testing.T) {
		t.Parallel()
		network := sim.New(sim.Options{})
		b := start(t, network, "testdata/chain.lua", env(startNgircd(t, "irc.chain.test", "")))
		b.Out.WaitLine(t, "end")
		alice := meet(t, network, b, "alice")
		alice.send(alice.chat("chain"), "dropped")
		alice.send(alice.chat("chain"), "hello")
		alice.hear("sealed text")
		b.Out.WaitLine(t, "held back false")
		b.Out.Check(t, "echo: TWO", "counted true", "true false", "echo: 3", "echo: three", "line PRIVMSG ben :raw", "RPL_WHOISUSER", "message HELLO")
		if b.Out.Count("message DROPPED")+b.Out.Count("message dropped") != 0 {
			t.Errorf("what was dropped came:\n%s", b.Out)
		}
	})
	t.Run("a router of regular expressions", func(t *testing.T) {
		t.Parallel()
		network := sim.New(sim.Options{})
		b := start(t, network, "testdata/router.lua", env(startNgircd(t, "irc.router.test", "")))
		b.Out.WaitLine(t, "end")
		b.Out.Check(t, "say hello please: hello", "add 3 4: 7", "add nothing: no route", "say hello: no route")
		alice := meet(t, network, b, "alice")
		alice.send(alice.chat("router"), "add 20 3")
		alice.hear("23")
	})
}

// The client comes back after restarts of its server.
func TestReconnect(t *testing.T) {
	t.Parallel()
	server := startNgircd(t, "irc.again.test", "")
	b := start(t, sim.New(sim.Options{}), "testdata/talk.lua", env(server))
	b.Out.WaitLine(t, "welcome anna")
	for range 2 {
		server.stop()
		server.start()
	}
	zed := dial(t, server, "zed")
	zed.online("anna")
	zed.send("PRIVMSG anna :stop")
	<-b.Done()
	b.Out.Check(t, "end")
}

// A client ends with its generation of the script, and the next one takes its
// nick.
func TestReload(t *testing.T) {
	t.Parallel()
	server := startNgircd(t, "irc.reload.test", "")
	b := start(t, sim.New(sim.Options{}), "testdata/generations.lua", env(server))
	zed := dial(t, server, "zed", "#hall")
	zed.here("#hall", "anna")
	text, err := os.ReadFile(filepath.Join("testdata", "generations.lua"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(b.Path, append(text, "\n-- changed\n"...), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := b.Reload(t.Context()); err != nil {
		t.Fatal(err)
	}
	zed.hear("QUIT :")
	zed.hear("JOIN :#hall")
	zed.send("PRIVMSG #hall :which")
	if got := zed.hear("PRIVMSG #hall"); !strings.Contains(got, ":anna!") || !strings.HasSuffix(got, "generation 2") {
		t.Errorf("got %q", got)
	}
	zed.send("PRIVMSG #hall :which")
	if got := zed.hear("PRIVMSG #hall"); !strings.HasSuffix(got, "generation 2") {
		t.Errorf("got %q", got)
	}
}

// What the operator has not allowed is not connected to.
func TestPermission(t *testing.T) {
	t.Parallel()
	script := `local c = require("irc").client { host = "127.0.0.1", port = ` + strconv.Itoa(freePort(t)) + `, nick = "anna" }
bot.on_start(function()
  local ok, err = pcall(c.connect, c)
  print(tostring(ok) .. " " .. err.type)
  bot.stop()
end)`
	path := filepath.Join(t.TempDir(), "denied.lua")
	if err := os.WriteFile(path, []byte(script), 0o600); err != nil {
		t.Fatal(err)
	}
	b := startWith(t, sim.New(sim.Options{}), path, nil, false)
	<-b.Done()
	b.Out.Check(t, "false permission")
}
