package coretest

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/chat"
)

// Open gives the suite a fresh Core, on an empty database where the
// implementation makes one. The suite closes it.
type Open func(t *testing.T) chat.Core

// patience is how long the suite waits for what has to come.
const patience = 10 * time.Second

// Run checks that the Cores that open makes keep the contract of chat.Core.
func Run(t *testing.T, open Open) {
	tests := []struct {
		name string
		run  func(*testing.T, chat.Core)
	}{
		{"reply", testReply},
		{"NUL in a command", testNUL},
		{"cancelled context", testCancelled},
		{"conversation", testConversation},
		{"receive times out", testTimeout},
		{"receive ends on close", testReceiveEnds},
		{"closed", testClosed},
		{"concurrent commands", testConcurrent},
		{"returned bytes belong to the caller", testOwnBytes},
		{"files", testFiles},
		{"file errors", testFileErrors},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := open(t)
			t.Cleanup(func() {
				ctx, cancel := context.WithTimeout(context.Background(), patience)
				defer cancel()
				if err := c.Close(ctx); err != nil {
					t.Errorf("close: %v", err)
				}
			})
			tt.run(t, c)
		})
	}
}

// newUser is a command that every version of the core takes.
const newUser = `/_create user {"profile":{"displayName":"tester","fullName":""},"pastTimestamp":false,"userChatRelay":false}`

// send sends a command that must reach the core, and returns the part of the
// reply under result or error.
func send(t *testing.T, c chat.Core, cmd string) (tag string, isError bool) {
	t.Helper()
	reply, err := c.Send(t.Context(), cmd)
	if err != nil {
		t.Fatalf("%s: %v", cmd, err)
	}
	return readReply(t, reply)
}

// readReply checks the shape of a reply or event.
func readReply(t *testing.T, reply []byte) (tag string, isError bool) {
	t.Helper()
	var m map[string]struct {
		Type string `json:"type"`
	}
	if err := json.Unmarshal(reply, &m); err != nil {
		t.Fatalf("reply %.200q: %v", reply, err)
	}
	r, ok := m["result"]
	e, bad := m["error"]
	if len(m) != 1 || ok == bad {
		t.Fatalf("reply %.200q: got fields %v, want result or error", reply, m)
	}
	if r.Type == "" && e.Type == "" {
		t.Fatalf("reply %.200q has no type", reply)
	}
	return r.Type + e.Type, bad
}

func testReply(t *testing.T, c chat.Core) {
	for _, cmd := range []string{"/user", "/v", "/users", "/bogus", "", "   ", "/_send @4 json [", "\xff\xfe", "/_contacts 99999999999999999999"} {
		send(t, c, cmd)
	}
	for _, cmd := range []string{"/bogus", "", "/_send @4 json ["} {
		if tag, bad := send(t, c, cmd); !bad || tag != "error" {
			t.Errorf("%q: got %s, error %v, want an error", cmd, tag, bad)
		}
	}
}

// testNUL: a command must not be cut off at a NUL and carried out in part.
func testNUL(t *testing.T, c chat.Core) {
	reply, err := c.Send(t.Context(), "/_start\x00 main=on")
	if err != nil {
		return
	}
	if tag, bad := readReply(t, reply); !bad {
		t.Errorf("the part before the NUL was carried out: %s", tag)
	}
}

func testCancelled(t *testing.T, c chat.Core) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := c.Send(ctx, newUser); !errors.Is(err, context.Canceled) {
		t.Errorf("send with a cancelled context: got error %v, want context.Canceled", err)
	}
	if !c.Owned() {
		return
	}
	if tag, bad := send(t, c, "/user"); !bad {
		t.Errorf("the command was carried out: /user answers %s", tag)
	}
}

// testConversation is how a bot starts.
func testConversation(t *testing.T, c chat.Core) {
	if !c.Owned() {
		t.Skip("the controller is not ours to start and stop")
	}
	steps := []struct {
		cmd, want string
		bad       bool
	}{
		{"/user", "error", true},
		{newUser, "activeUser", false},
		{"/user", "activeUser", false},
		{"/_start", "chatStarted", false},
		{"/_start", "chatRunning", false},
		{"/_show_address 1", "errorStore", true},
		{"/_contacts 1", "contactsList", false},
		{"/_stop", "chatStopped", false},
	}
	for _, s := range steps {
		if tag, bad := send(t, c, s.cmd); tag != s.want || bad != s.bad {
			t.Fatalf("%s: got %s, error %v, want %s, %v", s.cmd, tag, bad, s.want, s.bad)
		}
	}
	event, err := c.Receive(patience)
	if err != nil || event == nil {
		t.Fatalf("event of the first start: got %q, %v", event, err)
	}
	readReply(t, event)
}

func testTimeout(t *testing.T, c chat.Core) {
	for _, wait := range []time.Duration{0, -time.Second, time.Nanosecond, 5 * time.Millisecond} {
		if event, err := c.Receive(wait); event != nil || err != nil {
			t.Errorf("receive for %v: got %q, %v, want a time-out", wait, event, err)
		}
	}
	if !c.Owned() {
		return
	}
	send(t, c, newUser)
	send(t, c, "/_start") // there is an event now
	if event, err := c.Receive(0); event != nil || err != nil {
		t.Errorf("receive for 0 with an event waiting: got %q, %v, want a time-out", event, err)
	}
	send(t, c, "/_stop")
}

func testReceiveEnds(t *testing.T, c chat.Core) {
	began := make(chan struct{})
	ended := make(chan error, 1)
	go func() {
		close(began)
		for {
			if _, err := c.Receive(time.Hour); err != nil {
				ended <- err
				return
			}
		}
	}()
	<-began
	closeCore(t, c)
	select {
	case err := <-ended:
		if !errors.Is(err, fs.ErrClosed) {
			t.Errorf("receive: got error %v, want one that wraps fs.ErrClosed", err)
		}
	case <-time.After(patience):
		t.Fatal("close did not end the receive under way")
	}
}

func closeCore(t *testing.T, c chat.Core) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := c.Close(ctx); err != nil {
		t.Fatalf("close: %v", err)
	}
}

func testClosed(t *testing.T, c chat.Core) {
	closeCore(t, c)
	closeCore(t, c) // twice is fine
	path := filepath.Join(t.TempDir(), "f")
	calls := map[string]func() error{
		"send":                    func() error { _, err := c.Send(t.Context(), "/user"); return err },
		"receive":                 func() error { _, err := c.Receive(time.Hour); return err },
		"receive without waiting": func() error { _, err := c.Receive(0); return err },
		"write":                   func() error { _, err := c.WriteFile(path, []byte("x")); return err },
		"read":                    func() error { _, err := c.ReadFile(path, "", ""); return err },
		"encrypt":                 func() error { _, err := c.EncryptFile(path, path+"2"); return err },
		"decrypt":                 func() error { return c.DecryptFile(path, "", "", path+"2") },
	}
	for name, call := range calls {
		if err := call(); !errors.Is(err, fs.ErrClosed) {
			t.Errorf("%s after close: got error %v, want one that wraps fs.ErrClosed", name, err)
		}
	}
}

func testConcurrent(t *testing.T, c chat.Core) {
	const senders, each = 8, 25
	if c.Owned() {
		send(t, c, newUser)
		send(t, c, "/_start")
	}
	stop := make(chan struct{})
	received := make(chan struct{})
	go func() {
		defer close(received)
		for {
			select {
			case <-stop:
				return
			default:
				if _, err := c.Receive(10 * time.Millisecond); err != nil {
					t.Errorf("receive: %v", err)
					return
				}
			}
		}
	}()
	var wg sync.WaitGroup
	for range senders {
		wg.Go(func() {
			for range each {
				reply, err := c.Send(t.Context(), "/user")
				if err != nil {
					t.Errorf("send: %v", err)
					return
				}
				if !json.Valid(reply) {
					t.Errorf("reply %.100q is no JSON", reply)
				}
			}
		})
	}
	wg.Wait()
	close(stop)
	<-received
	if c.Owned() {
		send(t, c, "/_stop")
	}
}

func testOwnBytes(t *testing.T, c chat.Core) {
	first, err := c.Send(t.Context(), "/bogus")
	if err != nil {
		t.Fatal(err)
	}
	want := string(first)
	for i := range first {
		first[i] = 'x'
	}
	second, err := c.Send(t.Context(), "/bogus")
	if err != nil {
		t.Fatal(err)
	}
	if string(second) != want {
		t.Errorf("writing to a reply changed the next one: got %q, want %q", second, want)
	}
}
