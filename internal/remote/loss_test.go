package remote_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/simplex-lua/simplex-lua/internal/remote"
	"github.com/simplex-lua/simplex-lua/internal/remote/remotetest"
	"github.com/simplex-lua/simplex-lua/internal/testkit"
)

// back waits until a connection has come back.
func back(t *testing.T, c *remote.Core) {
	t.Helper()
	select {
	case <-c.Reconnected():
	case <-time.After(patience):
		t.Fatal("no connection came back")
	}
}

// TestLoss: however a connection ends, what was under way fails and is not sent
// again, and what follows goes over the next one.
func TestLoss(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		lose  func(*remotetest.Server)
		cause string
	}{
		{"connections are cut", (*remotetest.Server).Drop, ""},
		{"close frame", func(s *remotetest.Server) { s.CloseAll(websocket.StatusNormalClosure, "bye") }, ""},
		{"close frame of a proxy", func(s *remotetest.Server) { s.CloseAll(websocket.StatusGoingAway, "") }, ""},
		{"no JSON", func(s *remotetest.Server) { s.Raw([]byte(`{"resp":{"type":`)) }, "not readable"},
		{"no object", func(s *remotetest.Server) { s.Raw([]byte(`{"hello":1}`)) }, `no object "resp"`},
		{"empty frame", func(s *remotetest.Server) { s.Raw(nil) }, "not readable"},
		{"the program is frozen", (*remotetest.Server).Freeze, "does not answer"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			h := newHanging()
			s := remotetest.New(t, h.answer)
			t.Cleanup(h.end) // before the server waits for its workers
			o := quick(s.URL())
			if tt.cause == "does not answer" {
				o.PingEvery, o.PingTimeout = 50*time.Millisecond, 4*time.Second
			}
			c := open(t, o)
			ended := make(chan error, 1)
			go func() {
				_, err := c.Send(t.Context(), "/hang")
				ended <- err
			}()
			<-h.began
			tt.lose(s)
			lost := (*remote.LostError)(nil)
			if err := <-ended; !errors.As(err, &lost) || lost.Command != "/hang" || !strings.Contains(err.Error(), tt.cause) {
				t.Errorf("got %v, want a *LostError with %q", err, tt.cause)
			}
			s.Thaw()
			back(t, c)
			if _, err := c.Send(t.Context(), "/user"); err != nil {
				t.Errorf("after it: %v", err)
			}
			s.Event([]byte(`{"type":"after"}`))
			if got, want := next(t, c), `{"result":{"type":"after"}}`; got != want {
				t.Errorf("after it: got %s, want %s", got, want)
			}
			if got := strings.Join(s.Commands(), " "); got != "/hang /user" {
				t.Errorf("the program got %s, want each command once", got)
			}
		})
	}
}

// TestWhileAway: what was not sent yet waits for the program, within its time.
func TestWhileAway(t *testing.T) {
	t.Parallel()
	s := remotetest.New(t, ok)
	o := quick(s.URL())
	o.Timeout = 300 * time.Millisecond
	c := open(t, o)
	s.Stop()
	offline := (*remote.OfflineError)(nil)
	testkit.Until(t, "notice the loss", func() bool {
		_, err := c.Receive(time.Millisecond)
		return errors.As(err, &offline)
	})
	if offline.Since.IsZero() || offline.Cause == nil {
		t.Errorf("got %+v, want since when and why", offline)
	}
	_, err := c.Send(t.Context(), "/late")
	if !errors.As(err, &offline) || !strings.HasPrefix(err.Error(), "/late: not sent: no connection") {
		t.Errorf("got %v, want an *OfflineError", err)
	}
	o.Timeout = patience
	patient := make(chan error, 1)
	s.Start()
	back(t, c)
	other := open(t, o)
	s.Stop()
	testkit.Until(t, "notice the loss", func() bool {
		_, err := other.Receive(time.Millisecond)
		return errors.As(err, &offline)
	})
	go func() {
		_, err := other.Send(t.Context(), "/patient")
		patient <- err
	}()
	s.Start()
	if err := <-patient; err != nil {
		t.Errorf("got %v, want the answer after the return", err)
	}
	if got := strings.Join(s.Commands(), " "); got != "/patient" {
		t.Errorf("the program got %s, want /patient only", got)
	}
}

// TestCloseWhileAway: nothing keeps a Core from closing.
func TestCloseWhileAway(t *testing.T) {
	t.Parallel()
	s := remotetest.New(t, ok)
	c := open(t, quick(s.URL()))
	s.Stop()
	waiting := make(chan error, 1)
	go func() {
		_, err := c.Send(t.Context(), "/user")
		waiting <- err
	}()
	closeCore(t, c)
	if err := <-waiting; err == nil {
		t.Error("a command that waited for a connection: got no error")
	}
}

// TestManyLosses: every event arrives, whenever connections are cut.
func TestManyLosses(t *testing.T) {
	t.Parallel()
	s := remotetest.New(t, ok)
	c := open(t, quick(s.URL()))
	for range 10 {
		s.Drop()
		back(t, c)
		s.Event([]byte(`{"type":"one"}`))
		if got, want := next(t, c), `{"result":{"type":"one"}}`; got != want {
			t.Fatalf("got %s, want %s", got, want)
		}
	}
}

// TestSlowReceiver: while nobody takes events nothing more is read, the program
// keeps them, and that does not count as silence.
func TestSlowReceiver(t *testing.T) {
	t.Parallel()
	s := remotetest.New(t, ok)
	log := &testkit.Buffer{}
	o := quick(s.URL()).WithQueue(1 << 20)
	o.PingEvery, o.PingTimeout, o.Log = 50*time.Millisecond, 4*time.Second, logTo(log)
	c := open(t, o)
	const n, size = 400, 64 << 10 // more than the sockets hold, too
	event := []byte(`{"type":"large","text":"` + strings.Repeat("x", size) + `"}`)
	for range n {
		s.Event(event)
	}
	left, since := n, time.Now()
	testkit.Until(t, "a ping that began before the last frame is given up", func() bool {
		if now := s.Queued(); now != left {
			left, since = now, time.Now()
		}
		return left < n && time.Since(since) > o.PingTimeout+time.Second
	})
	if left == 0 {
		t.Errorf("all %d events were taken, want no more than there is room for", n)
	}
	for got := range n {
		if event, err := c.Receive(patience); event == nil || err != nil {
			t.Fatalf("after %d events: got %v, want one of %d that wait; log: %s", got, err, s.Queued(), log)
		}
	}
	if log.Has("lost") {
		t.Error("a full queue counted as a lost connection")
	}
}
