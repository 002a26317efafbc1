package native

import (
	"context"
	"errors"
	"io/fs"
	"path/filepath"
	"testing"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/testkit"
)

func TestClose(t *testing.T) {
	t.Parallel()
	c := openTest(t)
	for range 3 {
		if err := c.Close(t.Context()); err != nil {
			t.Errorf("Close: %v", err)
		}
	}
	_, sent := c.Send(t.Context(), "/echo x")
	_, received := c.Receive(time.Minute)
	_, receive0 := c.Receive(0)
	_, write := c.WriteFile("x", nil)
	_, read := c.ReadFile("x", "", "")
	_, encrypt := c.EncryptFile("x", "y")
	for name, err := range map[string]error{
		"Send": sent, "Receive": received, "Receive(0)": receive0, "WriteFile": write, "ReadFile": read,
		"EncryptFile": encrypt, "DecryptFile": c.DecryptFile("x", "", "", "y"),
	} {
		if !errors.Is(err, fs.ErrClosed) {
			t.Errorf("%s after Close: got %v, want fs.ErrClosed", name, err)
		}
	}
}

func TestCloseEndsReceive(t *testing.T) {
	t.Parallel()
	c, other := openTest(t), openTest(t)
	ended := make(chan error)
	go func() {
		_, err := c.Receive(time.Hour)
		ended <- err
	}()
	testkit.Until(t, "a receive on its own goroutine", func() bool { return statsOf(t, c).ReceivingHere == 1 && len(c.receiving) == 1 })

	// Close does not wait for the long wait that Receive left inside the core.
	if err := c.Close(t.Context()); err != nil {
		t.Errorf("Close: %v", err)
	}
	if err := <-ended; !errors.Is(err, fs.ErrClosed) {
		t.Errorf("Receive: got %v, want fs.ErrClosed", err)
	}
	if s := statsOf(t, other); s.CallsAfterClose != 0 {
		t.Errorf("%d calls entered the core after its store was closed", s.CallsAfterClose)
	}
}

// TestCloseWaitsForCommands runs alone: "/release" releases every blocked command.
func TestCloseWaitsForCommands(t *testing.T) {
	c, other := openTest(t), openTest(t)
	replied := make(chan error)
	go func() {
		_, err := c.Send(context.Background(), "/block")
		replied <- err
	}()
	testkit.Until(t, "a blocked command", func() bool { return statsOf(t, other).Blocked == 1 })
	closes := statsOf(t, other).Closes

	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Millisecond)
	defer cancel()
	if err := c.Close(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Close under a command: got %v, want its context's error", err)
	}
	if got := statsOf(t, other).Closes; got != closes {
		t.Error("the store was closed under a command")
	}
	if _, err := c.Send(t.Context(), "/echo x"); !errors.Is(err, fs.ErrClosed) {
		t.Errorf("Send while closing: got %v, want fs.ErrClosed", err)
	}
	// The database is still in use.
	_, err := usual(t).OpenController(t.Context(), SQLite{Prefix: c.database}, ConfirmUp)
	var locked *LockedError
	if !errors.As(err, &locked) {
		t.Errorf("open while closing: got %v, want LockedError", err)
	}

	send(t, other, "/release")
	if err := <-replied; err != nil {
		t.Errorf("the command under way: %v", err)
	}
	if err := c.Close(context.Background()); err != nil {
		t.Errorf("Close after it: %v", err)
	}
	if s := statsOf(t, other); s.Closes != closes+1 || s.CallsAfterClose != 0 {
		t.Errorf("got %d closes and %d calls after, want 1 and 0", s.Closes-closes, s.CallsAfterClose)
	}
}

func TestCloseGivesLockBack(t *testing.T) {
	t.Parallel()
	l := usual(t)
	db := SQLite{Prefix: filepath.Join(t.TempDir(), "bot")}
	for range 3 {
		c, err := l.OpenController(t.Context(), db, ConfirmUp)
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Close(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}
