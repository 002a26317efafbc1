package remote_test

import (
	"context"
	"errors"
	"io/fs"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/simplex-lua/simplex-lua/internal/chat"
	"github.com/simplex-lua/simplex-lua/internal/chat/coretest"
	"github.com/simplex-lua/simplex-lua/internal/remote"
	"github.com/simplex-lua/simplex-lua/internal/remote/remotetest"
	"github.com/simplex-lua/simplex-lua/internal/testkit"
)

func TestConformance(t *testing.T) {
	t.Parallel()
	coretest.Run(t, func(t *testing.T) chat.Core {
		_, p := network(t)
		c, err := remote.Open(t.Context(), quick(p.URL()))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.Receive(patience); err != nil { // the event of the program's start
			t.Fatal(err)
		}
		return c
	})
}

func TestOwnersCommandsAreNotSent(t *testing.T) {
	t.Parallel()
	s := remotetest.New(t, ok)
	c := open(t, quick(s.URL()))
	for _, cmd := range []string{
		"/_start", "/_start main=on", "/_stop", "/_app suspend 5", "/_app activate", "/_db export {}", "/_db delete", "/_db encryption {}",
		"/db encrypt x", "/db key a b", "/sql chat x", "/set file paths {}", "/_files_folder x", "/_temp_folder x", "/quit", "/q",
	} {
		_, err := c.Send(t.Context(), cmd)
		refused := (*remote.OwnerError)(nil)
		if !errors.As(err, &refused) || refused.Hint() == "" {
			t.Errorf("%s: got %v, want an *OwnerError with a hint", cmd, err)
		}
	}
	if got := s.Commands(); len(got) != 0 {
		t.Errorf("the program got %q, want nothing", got)
	}
	for _, cmd := range []string{"/_stopped", "/dbx", "/queue"} {
		if _, err := c.Send(t.Context(), cmd); err != nil {
			t.Errorf("%s: got %v, want it sent", cmd, err)
		}
	}
}

func TestCommandsThatCannotBeSent(t *testing.T) {
	t.Parallel()
	s := remotetest.New(t, ok)
	c := open(t, quick(s.URL()))
	if _, err := c.Send(t.Context(), "/a\x00"); !errors.Is(err, remote.ErrNUL) {
		t.Errorf("NUL: got %v, want ErrNUL", err)
	}
	_, err := c.Send(t.Context(), "/_send "+strings.Repeat("x", remote.MaxCommand))
	if err == nil || !strings.Contains(err.Error(), "/_send: not sent: it is 4194311 bytes long") {
		t.Errorf("too long: got %v", err)
	}
	if got := s.Commands(); len(got) != 0 {
		t.Errorf("the program got %.100q, want nothing", got)
	}
}

// hanging answers "/hang" when it is told to, and everything else at once.
type hanging struct {
	began chan struct{}
	goOn  chan struct{}
}

func newHanging() *hanging {
	return &hanging{began: make(chan struct{}, 100), goOn: make(chan struct{})}
}

func (h *hanging) answer(cmd string) []byte {
	if cmd == "/hang" {
		h.began <- struct{}{}
		<-h.goOn
	}
	return ok(cmd)
}

func (h *hanging) end() { close(h.goOn) }

// TestSlowCommandHoldsUpNobody: while one command hangs, others are answered; a
// late answer is no answer to another command.
func TestSlowCommandHoldsUpNobody(t *testing.T) {
	t.Parallel()
	h := newHanging()
	defer h.end()
	s := remotetest.New(t, h.answer)
	c := open(t, quick(s.URL()))
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		_, err := c.Send(ctx, "/hang")
		ended <- err
	}()
	<-h.began
	for range 10 {
		reply, err := c.Send(t.Context(), "/user")
		if err != nil || string(reply) != `{"result":{"type":"did","cmd":"/user"}}` {
			t.Fatalf("got %s, %v", reply, err)
		}
	}
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want context.Canceled", err)
	}
	h.goOn <- struct{}{} // the answer comes late
	for range 10 {
		if reply, err := c.Send(t.Context(), "/user"); err != nil || !strings.Contains(string(reply), `"/user"`) {
			t.Fatalf("after the late answer: got %s, %v", reply, err)
		}
	}
}

func TestTimeouts(t *testing.T) {
	t.Parallel()
	h := newHanging()
	defer h.end()
	s := remotetest.New(t, h.answer)
	o := quick(s.URL())
	o.Timeout = time.Second
	c := open(t, o)
	var wg sync.WaitGroup
	var mu sync.Mutex
	sent, waited := 0, 0
	for range 6 { // more than the program does side by side
		wg.Go(func() {
			_, err := c.Send(t.Context(), "/hang")
			late := (*remote.TimeoutError)(nil)
			if !errors.As(err, &late) || late.Command != "/hang" || !late.Timeout() {
				t.Errorf("got %v, want a *TimeoutError", err)
				return
			}
			mu.Lock()
			defer mu.Unlock()
			if late.Sent {
				sent++
			} else {
				waited++
			}
		})
	}
	wg.Wait()
	if sent != 4 || waited != 2 {
		t.Errorf("got %d sent and %d that waited for their turn, want 4 and 2", sent, waited)
	}
}

func TestRefusedRequestIsNoEvent(t *testing.T) {
	t.Parallel()
	s := remotetest.New(t, func(cmd string) []byte {
		if cmd == "/never" {
			return nil
		}
		return ok(cmd)
	})
	c := open(t, quick(s.URL()))
	s.Raw([]byte(`{"resp":{"type":"chatCmdError","chatError":{"type":"error","errorType":{"type":"commandError","message":"invalid request"}}}}`))
	s.Raw([]byte(`{"corrId":"of nobody","resp":{"type":"cmdOk"}}`))
	s.Event([]byte(`{"type":"newChatItems"}`))
	s.Event([]byte(`{"type":"chatError","chatError":{"type":"error"}}`))
	if got, want := next(t, c), `{"result":{"type":"newChatItems"}}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got, want := next(t, c), `{"error":{"type":"error"}}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestCloseWaitsForAnswers(t *testing.T) {
	t.Parallel()
	h := newHanging()
	s := remotetest.New(t, h.answer)
	c := open(t, quick(s.URL()))
	ended := make(chan error, 1)
	go func() {
		_, err := c.Send(t.Context(), "/hang")
		ended <- err
	}()
	<-h.began
	closed := make(chan struct{})
	go func() {
		defer close(closed)
		closeCore(t, c)
	}()
	testkit.Until(t, "refuse new commands", func() bool {
		_, err := c.Send(t.Context(), "/user")
		return errors.Is(err, fs.ErrClosed)
	})
	h.end()
	if err := <-ended; err != nil {
		t.Errorf("the command under way: got %v, want its answer", err)
	}
	<-closed
	testkit.Until(t, "the clients leave", func() bool { return s.Clients() == 0 })
}

func TestCloseGivesUp(t *testing.T) {
	t.Parallel()
	h := newHanging()
	defer h.end()
	s := remotetest.New(t, h.answer)
	c := open(t, quick(s.URL()))
	ended := make(chan error, 1)
	go func() {
		_, err := c.Send(t.Context(), "/hang")
		ended <- err
	}()
	<-h.began
	s.Freeze()
	defer s.Thaw()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if err := c.Close(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("close: got %v, want context.DeadlineExceeded", err)
	}
	lost := (*remote.LostError)(nil)
	if err := <-ended; !errors.As(err, &lost) {
		t.Errorf("the command under way: got %v, want a *LostError", err)
	}
}

func TestNobodyListens(t *testing.T) {
	t.Parallel()
	s := remotetest.New(t, ok)
	conn, err := net.Dial("tcp", strings.TrimPrefix(s.URL(), "ws://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	url := "ws://" + conn.LocalAddr().String() // while it is in use nobody can listen there
	_, err = remote.Open(t.Context(), quick(url))
	offline := (*remote.OfflineError)(nil)
	if !errors.As(err, &offline) || !strings.Contains(err.Error(), url) || offline.Hint() == "" {
		t.Errorf("got %v, want an *OfflineError that names the address", err)
	}
}

func TestTooLongFrame(t *testing.T) {
	t.Parallel()
	const limit = 64 << 10
	s := remotetest.New(t, func(cmd string) []byte {
		if cmd == "/long" {
			return []byte(`{"type":"long","text":"` + strings.Repeat("x", limit) + `"}`)
		}
		return ok(cmd)
	})
	c := open(t, quick(s.URL()).WithFrames(limit))
	_, err := c.Send(t.Context(), "/long")
	lost := (*remote.LostError)(nil)
	if !errors.As(err, &lost) || !errors.Is(err, websocket.ErrMessageTooBig) {
		t.Errorf("got %v, want a *LostError that wraps ErrMessageTooBig", err)
	}
	if _, err := c.Send(t.Context(), "/user"); err != nil {
		t.Errorf("after it: %v", err)
	}
}
