package remote_test

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/chat"
	"github.com/simplex-lua/simplex-lua/internal/remote"
	"github.com/simplex-lua/simplex-lua/internal/remote/remotetest"
	"github.com/simplex-lua/simplex-lua/internal/sim"
	"github.com/simplex-lua/simplex-lua/internal/testkit"
)

// patience is how long a test waits for what has to come.
const patience = 30 * time.Second

// quick are options for tests: pauses are short, and no event is made to find
// out who gets them.
func quick(url string) remote.Options {
	return remote.Options{URL: url, FirstPause: time.Millisecond, LastPause: 20 * time.Millisecond, ProbeTimeout: -1}
}

// open connects; the test's end closes.
func open(t *testing.T, o remote.Options) *remote.Core {
	t.Helper()
	c, err := remote.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closeCore(t, c) })
	return c
}

func closeCore(t *testing.T, c *remote.Core) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := c.Close(ctx); err != nil {
		t.Errorf("close: %v", err)
	}
}

// network makes a program on a simulated network.
func network(t *testing.T) (*sim.Network, *remotetest.Program) {
	t.Helper()
	n := sim.New(sim.Options{})
	t.Cleanup(n.Close)
	return n, remotetest.Wrap(t, func() chat.Core {
		c, _, err := n.Open("db/program", "", "yesUp")
		if err != nil {
			t.Fatal(err)
		}
		return c
	})
}

// next returns the next event.
func next(t *testing.T, c *remote.Core) string {
	t.Helper()
	event, err := c.Receive(patience)
	if err != nil || event == nil {
		t.Fatalf("receive: got %q, %v, want an event", event, err)
	}
	return string(event)
}

// ok answers every command with its name.
func ok(cmd string) []byte { return []byte(`{"type":"did","cmd":"` + chat.CommandName(cmd) + `"}`) }

// logTo writes a log to a buffer.
func logTo(b *testkit.Buffer) *slog.Logger { return slog.New(slog.NewTextHandler(b, nil)) }
