package irc

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/simplex-lua/simplex-lua/internal/sim"
)

// bottom: on, trigger, wait on events; handlers as plugins applied to a client
// bottom: plugin registry: register by name, enable on a client
// bottom: raw handler chain, in front or replaced, whole lines; outgoing side too
// bottom: regex router
func TestPatterns(t *testing.T) {
	t.Parallel()
	run(t, "patterns", env(startNgircd(t, "irc.patterns.test", ""))).Check(t,
		"greet local", "greet ben", "echo: one", "route anna hello", "route 7", "PONG a", "echo: TWO", "counted true", "true false",
		"echo: 3", "echo: three", "line PRIVMSG ben :raw", "RPL_WHOISUSER", "end")
}

// bottom: connect, disconnect, reconnect: over restarts of the server, with the
// nick taken by somebody else meanwhile.
func TestReconnect(t *testing.T) {
	t.Parallel()
	server := startNgircd(t, "irc.again.test", "")
	b := start(t, sim.New(sim.Options{}), "testdata/talk.lua", env(server))
	b.Out.Wait(t, "welcome anna")
	for range 2 {
		server.stop()
		server.start()
	}
	zed := dial(t, server, "zed")
	for strings.Count(b.Out.String(), "welcome anna\n") < 2 {
		zed.send("PING :x")
		zed.hear("PONG")
	}
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
