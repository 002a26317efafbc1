package control

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// fakeBot answers as a bot does.
type fakeBot struct {
	reload  error
	waiting chan struct{} // Stop waits for it
	begun   chan struct{} // gets a token when eval "wait" has begun
}

func (b *fakeBot) Name() string                { return "squarer" }
func (b *fakeBot) Status() Status              { return Status{Bot: "squarer", Phase: Running, Generation: 2} }
func (b *fakeBot) Check(context.Context) error { return errors.New("the core does not answer") }
func (b *fakeBot) Reload(context.Context) error {
	return b.reload
}

func (b *fakeBot) Stop(ctx context.Context) error {
	select {
	case <-b.waiting:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (b *fakeBot) Eval(ctx context.Context, code string, out io.Writer) (string, error) {
	switch code {
	case "wait":
		b.begun <- struct{}{}
		<-ctx.Done()
		b.begun <- struct{}{}
		return "", ctx.Err()
	case "do":
		return "", ErrIncomplete
	case "long":
		return strings.Repeat("x", maxLine), nil
	}
	fmt.Fprint(out, "one\ntwo")
	return code, nil
}

func (b *fakeBot) Save(context.Context) (Saved, error) {
	return Saved{}, &SocketError{Path: "data", Problem: "no", Advice: "Wait."}
}

func (b *fakeBot) Complete(text string) []string { return []string{text + "x", text + "y"} }

func serve(t *testing.T, data string, bot Bot) *Server {
	t.Helper()
	s, err := Serve(filepath.Join(data, SocketName), bot, nil, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

func connect(t *testing.T, data string) *Client {
	t.Helper()
	c, err := Dial(data)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

func TestOperations(t *testing.T) {
	t.Parallel()
	data, bot := t.TempDir(), &fakeBot{reload: errors.New("bot.lua:1: broken"), waiting: make(chan struct{})}
	serve(t, data, bot)
	c := connect(t, data)
	close(bot.waiting)
	var printed []string
	for _, tt := range []struct {
		req  Request
		want Reply
		err  string
	}{
		{req: Request{Op: OpStatus}},
		{req: Request{Op: OpCheck}, err: "the core does not answer"},
		{req: Request{Op: OpReload}, err: "bot.lua:1: broken"},
		{req: Request{Op: OpEval, Code: "1"}, want: Reply{Done: true, Result: "1"}},
		{req: Request{Op: OpEval, Code: "do"}, want: Reply{Done: true, Incomplete: true}},
		{req: Request{Op: OpEval, Code: "long"}, err: "the answer is too long"},
		{req: Request{Op: OpComplete, Code: "a"}, want: Reply{Done: true, Names: []string{"ax", "ay"}}},
		{req: Request{Op: OpSave}, err: "data: no"},
		{req: Request{Op: "dance"}, err: `unknown operation "dance"`},
		{req: Request{Op: OpStop}, want: Reply{Done: true}},
	} {
		got, err := c.Do(t.Context(), tt.req, func(line string) { printed = append(printed, line) })
		if tt.err != "" {
			if remote := RemoteError(""); !errors.As(err, &remote) || string(remote) != tt.err {
				t.Errorf("%s %s: got %v, want %q", tt.req.Op, tt.req.Code, err, tt.err)
			}
			if tt.req.Op == OpSave && got.Advice != "Wait." {
				t.Errorf("save: got the advice %q", got.Advice)
			}
			continue
		}
		if err != nil {
			t.Fatalf("%s: %v", tt.req.Op, err)
		}
		if tt.req.Op == OpStatus {
			if got.Status == nil || got.Status.Bot != "squarer" || got.Status.Phase != Running || got.Status.Generation != 2 {
				t.Errorf("status: got %+v", got.Status)
			}
		} else if got.Result != tt.want.Result || got.Incomplete != tt.want.Incomplete || !slices.Equal(got.Names, tt.want.Names) {
			t.Errorf("%s: got %+v, want %+v", tt.req.Op, got, tt.want)
		}
	}
	if want := []string{"one", "two"}; !slices.Equal(printed, want) {
		t.Errorf("printed: got %q, want %q", printed, want)
	}
}

// TestGone cuts what a client asked for when it goes away, and what is under way
// when the server ends.
func TestGone(t *testing.T) {
	t.Parallel()
	data, bot := t.TempDir(), &fakeBot{begun: make(chan struct{}), waiting: make(chan struct{})}
	s := serve(t, data, bot)
	c := connect(t, data)
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-bot.begun
		cancel()
	}()
	if _, err := c.Do(ctx, Request{Op: OpEval, Code: "wait"}, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want it cancelled", err)
	}
	_ = c.Close()
	<-bot.begun // the code has ended

	c = connect(t, data)
	var all sync.WaitGroup
	all.Go(func() {
		_, err := c.Do(t.Context(), Request{Op: OpEval, Code: "wait"}, nil)
		if remote := RemoteError(""); !errors.As(err, &remote) && !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("after the server's end: got %v", err)
		}
	})
	<-bot.begun
	go func() { <-bot.begun }()
	s.Close()
	s.Close()
	all.Wait()
	if _, err := os.Lstat(filepath.Join(data, SocketName)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the socket is still there: %v", err)
	}
	if _, err := Dial(data); !errors.Is(err, ErrNotRunning) {
		t.Errorf("Dial: got %v, want ErrNotRunning", err)
	}
}

func TestBadLines(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	serve(t, data, &fakeBot{})
	conn, err := net.Dial("unix", filepath.Join(data, SocketName))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, "nonsense\n"); err != nil {
		t.Fatal(err)
	}
	in := bufio.NewReader(conn)
	if line, err := in.ReadString('\n'); err != nil || !strings.Contains(line, "no JSON object") {
		t.Errorf("got %q, %v", line, err)
	}
	// A line without an end is not kept.
	go func() { _, _ = io.WriteString(conn, strings.Repeat("x", maxLine+1)) }()
	if line, err := in.ReadString('\n'); err == nil {
		t.Errorf("got %q, want the connection closed", line)
	}
}

func TestManyClients(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	serve(t, data, &fakeBot{})
	for range maxClients {
		if _, err := connect(t, data).Do(t.Context(), Request{Op: OpStatus}, nil); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := connect(t, data).Do(t.Context(), Request{Op: OpStatus}, nil); err == nil {
		t.Error("one more was served")
	}
}

func TestSocket(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("rights are the folder's there")
	}
	long := filepath.Join(t.TempDir(), strings.Repeat("long/", 30))
	if runtime.GOOS != "linux" {
		long = t.TempDir()
	}
	if err := os.MkdirAll(long, 0o755); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(long, SocketName)
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	var refused *SocketError
	if _, err := Serve(path, &fakeBot{}, nil, nil); !errors.As(err, &refused) || !strings.Contains(err.Error(), "in the way") {
		t.Errorf("a file in the way: got %v", err)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	s := serve(t, long, &fakeBot{})
	if info, err := os.Lstat(path); err != nil || info.Mode() != fs.ModeSocket|0o600 {
		t.Errorf("mode: got %v, %v, want a socket with 0600", info.Mode(), err)
	}
	if _, err := Serve(path, &fakeBot{}, nil, nil); !errors.As(err, &refused) || !strings.Contains(err.Error(), "another process answers") {
		t.Errorf("a socket in use: got %v", err)
	}
	// A process that was killed leaves its socket; the next one replaces it.
	held := s.ln.(*heldSocket)
	_ = held.Listener.Close()
	if _, err := Dial(long); !errors.Is(err, ErrNotRunning) || !strings.Contains(err.Error(), "has ended") {
		t.Errorf("a stale socket: got %v", err)
	}
	serve(t, long, &fakeBot{})
	s.Close() // must leave the new one alone
	if _, err := connect(t, long).Do(t.Context(), Request{Op: OpStatus}, nil); err != nil {
		t.Errorf("the new socket: %v", err)
	}
	if left, _ := filepath.Glob(filepath.Join(long, ".ctl-*")); len(left) > 0 {
		t.Errorf("left over: %v", left)
	}
}

// neighbours is a process whose other bots have no socket.
type neighbours map[string]Bot

func (n neighbours) Unreachable() (list []Bot) {
	for _, b := range n {
		list = append(list, b)
	}
	return list
}

func (n neighbours) Named(name string) (Bot, bool) {
	b, ok := n[name]
	return b, ok
}

// silentBot has no socket.
type silentBot struct{ fakeBot }

func (b *silentBot) Name() string   { return "silent" }
func (b *silentBot) Status() Status { return Status{Bot: "silent", Phase: Waiting} }

// TestLeave: another process can make the socket while the first one is still
// talked to.
func TestLeave(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	first := serve(t, data, &fakeBot{})
	c := connect(t, data)
	if _, err := c.Do(t.Context(), Request{Op: OpStatus}, nil); err != nil {
		t.Fatal(err)
	}
	first.Leave()
	serve(t, data, &silentBot{})
	for client, want := range map[*Client]string{c: "squarer", connect(t, data): "silent"} {
		if r, err := client.Do(t.Context(), Request{Op: OpStatus}, nil); err != nil || r.Status.Bot != want {
			t.Errorf("got %+v, %v, want the status of %s", r, err, want)
		}
	}
	ctx, cut := context.WithCancel(t.Context())
	cut()
	first.Drain(ctx)
	if _, err := c.Do(t.Context(), Request{Op: OpStatus}, nil); !errors.Is(err, ErrGone) {
		t.Errorf("after the end: got %v, want ErrGone", err)
	}
}

// TestOthers asks one bot about another of its process.
func TestOthers(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	s, err := Serve(filepath.Join(data, SocketName), &fakeBot{}, neighbours{"silent": &silentBot{}}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	c := connect(t, data)
	for _, tt := range []struct {
		bot, want string
		others    int
	}{{"", "squarer", 1}, {"squarer", "squarer", 0}, {"silent", "silent", 0}} {
		r, err := c.Do(t.Context(), Request{Op: OpStatus, Bot: tt.bot}, nil)
		if err != nil || r.Status.Bot != tt.want || len(r.Others) != tt.others {
			t.Errorf("%q: got %+v, %v, want the status of %s and %d others", tt.bot, r, err, tt.want, tt.others)
		}
	}
	if _, err := c.Do(t.Context(), Request{Op: OpReload, Bot: "nobody"}, nil); err == nil || !strings.Contains(err.Error(), `has the name "nobody"`) {
		t.Errorf("an unknown bot: got %v", err)
	}
}

// TestForeignSocket: what somebody else has put into the folder is neither
// replaced nor talked to.
func TestForeignSocket(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("files have no owner here")
	}
	path := filepath.Join(t.TempDir(), SocketName)
	ln, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	asked := make(chan struct{})
	go func() { // ends with the listener
		if conn, err := ln.Accept(); err == nil {
			_ = conn.Close()
			close(asked)
		}
	}()
	other := os.Geteuid() + 1
	for what, try := range map[string]func() error{
		"somebody else owns it":      func() error { _, err := listenAs(other, path); return err },
		"it belongs to another user": func() error { _, err := dialAs(other, path); return err },
	} {
		refused := (*SocketError)(nil)
		if err := try(); !errors.As(err, &refused) || refused.Problem != what || refused.Hint() == "" {
			t.Errorf("got %v, want %q", err, what)
		}
	}
	select {
	case <-asked:
		t.Error("the socket was talked to")
	default:
	}
	conn, err := dialAs(0, path)
	if err != nil {
		t.Fatalf("root: %v", err)
	}
	_ = conn.Close()
}

func FuzzRequest(f *testing.F) {
	f.Add([]byte(`{"op":"eval","code":"1"}`))
	f.Add([]byte(`{"op":7}`))
	f.Add([]byte("null"))
	f.Fuzz(func(t *testing.T, line []byte) {
		here, there := net.Pipe()
		defer here.Close()
		s := &Server{ctx: t.Context(), bot: &fakeBot{waiting: make(chan struct{}), begun: make(chan struct{}, 2)}, log: slog.New(slog.DiscardHandler)}
		go func() {
			defer there.Close()
			ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
			defer cancel()
			s.answer(ctx, there, line)
		}()
		if _, err := bufio.NewReader(here).ReadString('\n'); err != nil {
			t.Errorf("no answer: %v", err)
		}
	})
}
