package tests

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/simplex-lua/simplex-lua/host"
	"github.com/simplex-lua/simplex-lua/internal/chat"
	"github.com/simplex-lua/simplex-lua/internal/remote"
	"github.com/simplex-lua/simplex-lua/internal/remote/remotetest"
	"github.com/simplex-lua/simplex-lua/internal/sim"
)

// far is a bot on a chat program of the simulated network, over WebSocket.
type far struct {
	network *sim.Network
	program *remotetest.Program
	bots    *host.Supervisor
	ended   chan error
	alice   *sim.Person
}

// runFar runs the script as a bot named bot, and connects alice with it.
func runFar(ctx context.Context, t *testing.T, script string) *far {
	t.Helper()
	f := &far{network: sim.New(sim.Options{}), ended: make(chan error, 1)}
	t.Cleanup(f.network.Close)
	f.program = remotetest.Wrap(t, func() chat.Core {
		c, _, err := f.network.Open("db/program", "", "yesUp")
		if err != nil {
			t.Fatal(err)
		}
		return c
	})
	open := func(ctx context.Context, _ host.Database) (chat.Core, error) {
		c, err := remote.Open(ctx, remote.Options{URL: f.program.URL(), FirstPause: time.Millisecond, LastPause: 20 * time.Millisecond})
		if err != nil {
			return nil, err
		}
		return c, nil
	}
	var err error
	f.bots, err = host.NewSupervisor(host.Bot{Options: host.Options{
		Name: "bot", Source: []byte(script), Data: t.TempDir(), OpenCore: open,
	}})
	if err != nil {
		t.Fatal(err)
	}
	go func() { f.ended <- f.bots.Run(ctx) }()
	if f.alice, err = f.network.Person("alice"); err != nil {
		t.Fatal(err)
	}
	if err := f.alice.Connect(address(ctx, t, f.bots, "bot")); err != nil {
		t.Fatal(err)
	}
	return f
}

const repeater = `
bot.configure { profile = { display_name = "Repeater" } }
bot.on_message(function(msg)
  if msg.text == "stop" then bot.stop() return end
  msg:reply("got " .. msg.text)
end)`

// TestBotOverWebSocket: a bot on a chat program that is not its own answers, and
// leaves the program as it was.
func TestBotOverWebSocket(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	f := runFar(ctx, t, repeater)
	say(ctx, t, f.alice, "Repeater", "hello")
	hear(ctx, t, f.alice, "got hello")
	say(ctx, t, f.alice, "Repeater", "stop")
	if err := <-f.ended; err != nil {
		t.Error(err)
	}
	for _, cmd := range f.program.Commands() {
		if word := chat.CommandName(cmd); slices.Contains([]string{"/_start", "/_stop", "/_app", "/_db", "/set file"}, word) {
			t.Errorf("%s was sent to a program that is not the bot's", word)
		}
	}
	reply, err := f.program.Core().Send(ctx, "/_start")
	if err != nil || !strings.Contains(string(reply), "chatRunning") {
		t.Errorf("the chat of the program: got %s, %v, want it running", reply, err)
	}
}

// TestProgramIsKilledAndReturns: nothing that people wrote before, meanwhile or
// after is lost, and nothing is answered twice.
func TestProgramIsKilledAndReturns(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	f := runFar(ctx, t, repeater)
	say(ctx, t, f.alice, "Repeater", "first")
	hear(ctx, t, f.alice, "got first")
	n := 0
	for range 3 {
		f.program.Kill()
		var want []string
		for range 3 {
			n++
			say(ctx, t, f.alice, "Repeater", fmt.Sprint("away ", n))
			want = append(want, fmt.Sprint("got away ", n))
		}
		f.program.Return()
		say(ctx, t, f.alice, "Repeater", fmt.Sprint("back ", n))
		want = append(want, fmt.Sprint("got back ", n))
		// What would be answered twice is answered before the last one.
		heard := hearUntil(ctx, t, f.alice, len(want))
		say(ctx, t, f.alice, "Repeater", fmt.Sprint("last ", n))
		heard = append(heard, hearUntil(ctx, t, f.alice, 1)...)
		want = append(want, fmt.Sprint("got last ", n))
		slices.Sort(heard)
		slices.Sort(want)
		if !slices.Equal(heard, want) {
			t.Fatalf("got %q, want %q", heard, want)
		}
	}
	say(ctx, t, f.alice, "Repeater", "stop")
	if err := <-f.ended; err != nil {
		t.Error(err)
	}
}

// hearUntil returns the next n messages.
func hearUntil(ctx context.Context, t *testing.T, p *sim.Person, n int) (texts []string) {
	t.Helper()
	for ctx.Err() == nil && len(texts) < n {
		r, err := p.Receive(10 * time.Millisecond)
		if err != nil {
			t.Fatal(err)
		}
		if r != nil && r.What == "message" {
			texts = append(texts, r.Text)
		}
	}
	if len(texts) < n {
		t.Fatalf("got %q, want %d messages", texts, n)
	}
	return texts
}

// TestConnectionsAreCut: the program lives on while messages fly; each is
// handled once.
func TestConnectionsAreCut(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	f := runFar(ctx, t, `
bot.configure { profile = { display_name = "Repeater" } }
local seen = {}
bot.on_message(function(msg)
  seen[msg.text] = (seen[msg.text] or 0) + 1
  if msg.text ~= "count" then return end
  local n, twice = 0, 0
  for _, times in pairs(seen) do
    n = n + 1
    if times > 1 then twice = twice + 1 end
  end
  msg:reply(("%d seen, %d twice"):format(n, twice))
end)`)
	var drops sync.WaitGroup
	drops.Go(func() {
		for range 5 {
			time.Sleep(10 * time.Millisecond) // in the midst of it
			f.program.Drop()
		}
	})
	const n = 200
	for i := range n {
		say(ctx, t, f.alice, "Repeater", fmt.Sprint("message ", i))
	}
	drops.Wait()
	for ctx.Err() == nil {
		reply, err := f.program.Core().Send(ctx, `/_get chats 1 count=10 {"type":"filters","favorite":false,"unread":true}`)
		if err == nil && strings.Contains(string(reply), `"chats":[]`) {
			break // all are handled and marked
		}
		time.Sleep(5 * time.Millisecond)
	}
	say(ctx, t, f.alice, "Repeater", "count")
	hear(ctx, t, f.alice, fmt.Sprintf("%d seen, 0 twice", n+1))
	cancel()
	if err := <-f.ended; err != nil {
		t.Error(err)
	}
}

// TestStopWhileAway: a bot whose program is gone ends when it is told to.
func TestStopWhileAway(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	f := runFar(ctx, t, repeater)
	say(ctx, t, f.alice, "Repeater", "hello")
	hear(ctx, t, f.alice, "got hello")
	f.program.Kill()
	cancel()
	if err := <-f.ended; err != nil {
		t.Errorf("got %v, want a graceful end", err)
	}
}
