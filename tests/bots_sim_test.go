package tests

import (
	"context"
	"testing"
	"time"

	"github.com/simplex-lua/simplex-lua/host"
	"github.com/simplex-lua/simplex-lua/internal/chat"
	"github.com/simplex-lua/simplex-lua/internal/sim"
)

// TestThreeBotsOnTheSimulator runs three bots in this process: one fails at
// load, one has handlers that never end, and the third answers.
func TestThreeBotsOnTheSimulator(t *testing.T) {
	t.Parallel()
	network := sim.New(sim.Options{})
	defer network.Close()
	open := func(_ context.Context, db host.Database) (chat.Core, error) {
		core, _, err := network.Open(db.Prefix, db.Key, db.Confirm)
		return core, err
	}
	var bots []host.Bot
	for name, script := range map[string]string{
		"broken":  "error('at load')",
		"endless": endless,
		"third":   squarer,
	} {
		bots = append(bots, host.Bot{
			Options: host.Options{Name: name, Source: []byte(script), Data: t.TempDir(), OpenCore: open, Grace: -1},
			Restart: host.Restart{When: host.RestartOnFailure, Delay: time.Millisecond},
		})
	}
	s, err := host.NewSupervisor(bots...)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()

	alice, err := network.Person("alice")
	if err != nil {
		t.Fatal(err)
	}
	// First the endless bot has something to do, then the third is asked.
	for _, name := range []string{"endless", "third"} {
		if err := alice.Connect(address(ctx, t, s, name)); err != nil {
			t.Fatal(err)
		}
		peer := name
		if name == "third" {
			peer = "Squarer"
		}
		say(ctx, t, alice, peer, "7")
	}
	hear(ctx, t, alice, "7 * 7 = 49")
	broken, _ := s.Bot("broken")
	for st := broken.State(); st.Restarts == 0 || st.Err == nil; st = broken.State() {
		if ctx.Err() != nil {
			t.Fatalf("the broken bot: got %+v, want it to be started again", st)
		}
		time.Sleep(time.Millisecond)
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// address waits for the bot's link.
func address(ctx context.Context, t *testing.T, s *host.Supervisor, name string) string {
	t.Helper()
	b, _ := s.Bot(name)
	for ; ctx.Err() == nil; time.Sleep(time.Millisecond) {
		if h := b.Host(); h != nil {
			if status, ok := h.Status(); ok {
				return status.Address
			}
		}
	}
	t.Fatalf("%s is not ready: %+v", name, b.State())
	return ""
}

// say writes to the bot as soon as both are connected.
func say(ctx context.Context, t *testing.T, p *sim.Person, bot, text string) {
	t.Helper()
	for ctx.Err() == nil {
		if to, err := p.Chat(bot); err == nil {
			if _, err := p.SendText(to, text); err == nil {
				return
			}
		}
		if _, err := p.Receive(time.Millisecond); err != nil {
			t.Fatal(err)
		}
	}
	t.Fatalf("%s cannot be written to", bot)
}

// hear waits for a message.
func hear(ctx context.Context, t *testing.T, p *sim.Person, text string) {
	t.Helper()
	for ctx.Err() == nil {
		r, err := p.Receive(10 * time.Millisecond)
		if err != nil {
			t.Fatal(err)
		}
		if r != nil && r.What == "message" && r.Text == text {
			return
		}
	}
	t.Fatalf("nobody said %q", text)
}
