package native

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/testkit"
)

// shape is chat.Core, which this package must not import.
type shape interface {
	Send(ctx context.Context, cmd string) ([]byte, error)
	Receive(wait time.Duration) ([]byte, error)
	WriteFile(path string, data []byte) ([]byte, error)
	ReadFile(path, key, nonce string) ([]byte, error)
	EncryptFile(from, to string) ([]byte, error)
	DecryptFile(from, key, nonce, to string) error
	Close(ctx context.Context) error
	Owned() bool
}

var _ shape = (*Controller)(nil)

func TestSend(t *testing.T) {
	t.Parallel()
	c := openTest(t)
	big := strings.Repeat("x", 3<<20)
	tests := []struct {
		name, cmd, want string
		err             error
	}{
		{"text", `/echo {"a":"ü€𝄞"}`, `{"a":"ü€𝄞"}`, nil},
		{"large", "/big 3145728", big, nil},
		{"large command", "/echo " + big, big, nil},
		{"page long", "/big 4096", strings.Repeat("x", 4096), nil},
		{"empty reply", "/empty", "", nil},
		{"empty command", "", `{"error":{"type":"error"}}`, nil},
		{"invalid UTF-8 back", "/badutf8", "{\"result\":\"\xff\xfe\xc3\"}", nil},
		{"invalid UTF-8 there", "/echo \xff\xfe", "\xff\xfe", nil},
		{"NULL", "/null", "", ErrNoResult},
		{"NUL inside", "/echo a\x00b", "", ErrNUL},
		{"NUL at the end", "/echo a\x00", "", ErrNUL},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := c.Send(t.Context(), tt.cmd)
			if string(got) != tt.want || !errors.Is(err, tt.err) {
				t.Errorf("got %.40q, %v; want %.40q, %v", got, err, tt.want, tt.err)
			}
		})
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := c.Send(ctx, "/echo x"); !errors.Is(err, context.Canceled) {
		t.Errorf("with a cancelled context: got %v", err)
	}
}

// TestResultsAreFreed runs alone: it compares the counters of the process.
func TestResultsAreFreed(t *testing.T) {
	c := openTest(t)
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	before := statsOf(t, c)
	for range 100 {
		send(t, c, "/echo text")
		send(t, c, "/empty")
		send(t, c, "/big 100000")
		send(t, c, "/emit event")
		for _, want := range []string{"event", ""} {
			if got, err := c.Receive(time.Millisecond); string(got) != want || err != nil {
				t.Fatalf("Receive: got %q, %v; want %q", got, err, want)
			}
		}
		_, _ = c.WriteFile(file, []byte("data"))
		_, _ = c.ReadFile(file, "key", "nonce")
		_, _ = c.ReadFile(file, "other", "nonce")
		_, _ = c.EncryptFile(file, file+"2")
		_ = c.DecryptFile(file, "key", "nonce", file+"3")
		_ = c.DecryptFile("nosuch", "key", "nonce", file+"3")
		_, _ = usual(t).OpenController(t.Context(), SQLite{filepath.Join(dir, "other"), "wrong key"}, ConfirmUp)
	}
	after := statsOf(t, c)
	made, freed := after.Allocated-before.Allocated, after.Freed-before.Freed
	// The reply to /stats counts its predecessor as freed and not itself.
	if made != freed || made < 1200 {
		t.Errorf("%d results made, %d freed", made, freed)
	}
}

func TestFiles(t *testing.T) {
	t.Parallel()
	c := openTest(t)
	dir := t.TempDir()
	path := func(name string) string { return filepath.Join(dir, name) }
	for _, data := range [][]byte{nil, {}, []byte("a\x00b"), bytes.Repeat([]byte{0, 1, 2, 255}, 70_000)} {
		name := path(fmt.Sprint("file", len(data)))
		reply, err := c.WriteFile(name, data)
		if err != nil || !strings.Contains(string(reply), `"fileKey":"key"`) {
			t.Fatalf("WriteFile of %d bytes: got %s, %v", len(data), reply, err)
		}
		got, err := c.ReadFile(name, "key", "nonce")
		if err != nil || !bytes.Equal(got, data) {
			t.Errorf("ReadFile: got %d bytes, %v; want %d", len(got), err, len(data))
		}
	}
	writeFile(t, path("plain"), "plain")
	if reply, err := c.EncryptFile(path("plain"), path("enc")); err != nil || !strings.Contains(string(reply), "cryptoArgs") {
		t.Errorf("EncryptFile: got %s, %v", reply, err)
	}
	if err := c.DecryptFile(path("enc"), "key", "nonce", path("dec")); err != nil {
		t.Errorf("DecryptFile: %v", err)
	}

	wantError := func(what, text string, err error) {
		t.Helper()
		if err == nil || !strings.Contains(err.Error(), text) {
			t.Errorf("%s: got %v, want %q in it", what, err, text)
		}
	}
	_, err := c.ReadFile(path("plain"), "bad", "nonce")
	wantError("wrong key", "wrong key", err)
	_, err = c.ReadFile(path("nosuch"), "key", "nonce")
	wantError("no file", "no such file", err)
	wantError("no file", "no such file", c.DecryptFile(path("nosuch"), "key", "nonce", path("x")))

	const nul = "a\x00b"
	_, err = c.WriteFile(nul, nil)
	wantError("WriteFile", ErrNUL.Error(), err)
	_, err = c.ReadFile("a", nul, "")
	wantError("ReadFile", ErrNUL.Error(), err)
	_, err = c.EncryptFile("a", nul)
	wantError("EncryptFile", ErrNUL.Error(), err)
	wantError("DecryptFile", ErrNUL.Error(), c.DecryptFile("a", "", nul, "b"))
}

func TestReceive(t *testing.T) {
	t.Parallel()
	c := openTest(t)
	for _, wait := range []time.Duration{0, -time.Second, 1, time.Millisecond, 20 * time.Millisecond} {
		if event, err := c.Receive(wait); event != nil || err != nil {
			t.Errorf("Receive(%v) of nothing: got %q, %v; want a time-out", wait, event, err)
		}
	}
	for _, event := range []string{`{"result":{}}`, "\xff\xfe", "not json"} {
		send(t, c, "/emit "+event)
		if got, err := c.Receive(time.Minute); string(got) != event || err != nil {
			t.Errorf("got %q, %v; want %q", got, err, event)
		}
	}
	send(t, c, "/emit NULL")
	if got, err := c.Receive(time.Minute); !errors.Is(err, ErrNoResult) {
		t.Errorf("NULL event: got %q, %v; want ErrNoResult", got, err)
	}
	send(t, c, "/emit waiting")
	if got, err := c.Receive(0); got != nil || err != nil {
		t.Errorf("Receive(0) with an event there: got %q, %v; want a time-out", got, err)
	}
}

func TestReceiveWhileWaiting(t *testing.T) {
	t.Parallel()
	c := openTest(t)
	type result struct {
		event []byte
		err   error
	}
	got := make(chan result)
	go func() {
		event, err := c.Receive(time.Minute)
		got <- result{event, err}
	}()
	testkit.Until(t, "a receive inside the core", func() bool { return statsOf(t, c).ReceivingHere == 1 && len(c.receiving) == 1 })
	if _, err := c.Receive(time.Minute); !errors.Is(err, ErrReceiving) {
		t.Errorf("second Receive: got %v, want ErrReceiving", err)
	}
	send(t, c, "/emit late")
	if r := <-got; string(r.event) != "late" || r.err != nil {
		t.Errorf("got %q, %v; want the event", r.event, r.err)
	}
}

func TestConcurrency(t *testing.T) {
	t.Parallel()
	const senders, each = 8, 200
	var all sync.WaitGroup
	for range 2 {
		c := openTest(t)
		events := make(chan int)
		go func() {
			n := 0
			for n < senders*each {
				event, err := c.Receive(time.Minute)
				if err != nil || event == nil {
					t.Errorf("Receive: got %q, %v", event, err)
					break
				}
				n++
			}
			events <- n
		}()
		for s := range senders {
			all.Go(func() {
				for i := range each {
					want := fmt.Sprintf("reply %d %d", s, i)
					if got, err := c.Send(context.Background(), "/echo "+want); string(got) != want || err != nil {
						t.Errorf("got %q, %v; want %q", got, err, want)
					}
					// The test library refuses an event when its queue is full.
					for strings.Contains(send(t, c, "/emit event"), "full") {
						time.Sleep(100 * time.Microsecond)
					}
				}
			})
		}
		all.Go(func() {
			if n := <-events; n != senders*each {
				t.Errorf("got %d events, want %d", n, senders*each)
			}
		})
	}
	all.Wait()
}

// TestMaxCommands runs alone: "/release" releases every blocked command.
func TestMaxCommands(t *testing.T) {
	c, other := openTest(t), openTest(t)
	var all sync.WaitGroup
	for range MaxCommands + 5 {
		all.Go(func() { send(t, c, "/block") })
	}
	testkit.Until(t, "all slots taken", func() bool { return statsOf(t, other).Blocked == MaxCommands })

	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if _, err := c.Send(ctx, "/echo x"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("command without a slot: got %v, want its context's error", err)
	}
	send(t, other, "/emit x") // another controller has slots of its own
	if event, err := c.Receive(time.Millisecond); event != nil || err != nil {
		t.Errorf("Receive meanwhile: got %q, %v", event, err)
	}
	done := make(chan struct{})
	go func() { all.Wait(); close(done) }()
	testkit.Until(t, "all released", func() bool {
		send(t, other, "/release")
		select {
		case <-done:
			return true
		default:
			return false
		}
	})
	if s := statsOf(t, other); s.MaxBlocked != MaxCommands {
		t.Errorf("%d commands were inside the core at once, want %d", s.MaxBlocked, MaxCommands)
	}
}
