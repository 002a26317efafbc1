package host_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/simplex-lua/simplex-lua/host"
	"github.com/simplex-lua/simplex-lua/internal/chat"
	"github.com/simplex-lua/simplex-lua/internal/sim"
	"github.com/simplex-lua/simplex-lua/internal/testkit"
)

// person is somebody in the simulated network who writes to the bot.
type person struct {
	*sim.Person
	t testing.TB
}

func join(t testing.TB, net *sim.Network, name, link string) *person {
	t.Helper()
	p, err := net.Person(name)
	if err == nil {
		err = p.Connect(link)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return &person{p, t}
}

func (p *person) write(text string) {
	p.t.Helper()
	bot, err := p.Chat("Squarer")
	if err == nil {
		_, err = p.SendText(bot, text)
	}
	if err != nil {
		p.t.Fatal(err)
	}
}

// expect waits for that text from the bot.
func (p *person) expect(text string) {
	p.t.Helper()
	var others []string
	for {
		r, err := p.Receive(20 * time.Second)
		if err != nil || r == nil {
			p.t.Fatalf("%q did not come, but %q: %v", text, others, err)
		}
		if r.What == "message" && r.Text == text {
			return
		}
		others = append(others, r.Text)
	}
}

// squarer is a bot on the simulated network, run from a real file.
type squarer struct {
	*host.Host
	t    testing.TB
	core *sim.Core
	done chan error
}

const squaring = `
bot.configure { profile = { display_name = "Squarer" }, welcome = "Send a number." }
bot.state = bot.state or { n = 0 }
bot.on_message({ content_type = "text" }, function(msg)
  bot.state.n = bot.state.n + 1
  local n = tonumber(msg.text)
  msg:reply(n and ("%d * %d = %d"):format(n, n, n * n) or "Not a number.")
end)
bot.on_command("count", function(msg) msg:reply("VERSION " .. bot.state.n) end)
`

func run(t testing.TB, net *sim.Network, script, data string) *squarer {
	t.Helper()
	b := &squarer{t: t, done: make(chan error, 1)}
	var err error
	b.Host, err = host.New(host.Options{
		Script: script, Data: data, Watch: true, Settle: 20 * time.Millisecond,
		OpenCore: func(_ context.Context, db host.Database) (chat.Core, error) {
			core, reply, err := net.Open(db.Prefix, db.Key, db.Confirm)
			if err != nil {
				return nil, fmt.Errorf("%w: %s", err, reply.JSON)
			}
			b.core = core
			return core, nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	go func() { b.done <- b.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		<-b.Done()
	})
	select {
	case <-b.Ready():
	case <-b.Done():
		t.Fatal(<-b.done)
	}
	return b
}

func save(t testing.TB, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestLuaBotOnTheSimulatedNetwork(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	script := filepath.Join(dir, "bot.lua")
	save(t, script, strings.Replace(squaring, "VERSION", "one", 1))
	net := sim.New(sim.Options{Seed: 1})
	defer net.Close()
	b := run(t, net, script, filepath.Join(dir, "bot.data"))
	status, _ := b.Status()
	alice := join(t, net, "alice", status.Address)
	alice.expect("Send a number.")
	alice.write("7")
	alice.expect("7 * 7 = 49")
	alice.write("hello")
	alice.expect("Not a number.")

	// A saved edit takes over with the state; the controller stays.
	save(t, script, strings.Replace(squaring, "VERSION", "two", 1))
	testkit.Until(t, "the edit took over", func() bool {
		s, _ := b.Status()
		return s.Generation == 2
	})
	alice.write("/count")
	alice.expect("two 2")
	alice.write("8")
	alice.expect("8 * 8 = 64")

	// A broken edit changes nothing.
	save(t, script, "local x = = 1")
	if err := b.Reload(t.Context()); err == nil || !strings.Contains(err.Error(), "bot.lua") {
		t.Errorf("broken edit: got %v, want the script's error", err)
	}
	alice.write("/count")
	alice.expect("two 3")

	if err := b.Idle(t.Context(), b.core.Enqueued); err != nil {
		t.Fatal(err)
	}
	b.end()
}

// TestLuaBotAnswersAfterAKill stops the network's end of the bot in the middle
// of things, as SIGKILL would, and starts it again on what is stored.
func TestLuaBotAnswersAfterAKill(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	script, data := filepath.Join(dir, "bot.lua"), filepath.Join(dir, "bot.data")
	save(t, script, squaring+`
	bot.on_message({ text = "hold" }, function(msg) sleep(3600) end)`)
	net := sim.New(sim.Options{Seed: 1})
	defer net.Close()
	b := run(t, net, script, data)
	status, _ := b.Status()
	alice := join(t, net, "alice", status.Address)
	alice.expect("Send a number.")
	alice.write("hold") // its handler is under way when the bot dies
	alice.expect("Not a number.")
	alice.write("7") // waits in the lane
	b.core.Kill()
	if err := <-b.done; !errors.Is(err, host.ErrCoreGone) {
		t.Errorf("killed: got %v, want ErrCoreGone", err)
	}
	alice.write("8") // waits on the way
	save(t, script, squaring+`
	local held
	bot.on_message(function(msg)
		local try = tostring(msg.redelivered) .. msg.attempt
		if msg.text == "hold" then held = try end
		if msg.text == "8" then msg:reply(held .. " " .. try) end
	end)`)
	b = run(t, net, script, data)
	alice.expect("Not a number.") // the message of the handler that was cut
	alice.expect("7 * 7 = 49")
	alice.expect("8 * 8 = 64")
	alice.expect("true2 false1")
	b.end()
}

func (b *squarer) end() {
	b.t.Helper()
	b.Stop("end of the test")
	if err := <-b.done; err != nil {
		b.t.Errorf("Run: %v", err)
	}
}
