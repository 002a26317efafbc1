package irc

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/simplex-lua/simplex-lua/host"
	"github.com/simplex-lua/simplex-lua/internal/chat"
	"github.com/simplex-lua/simplex-lua/internal/sim"
	"github.com/simplex-lua/simplex-lua/luaapi/permission"
	"github.com/simplex-lua/simplex-lua/stdlib"
)

// patience bounds a whole test; a machine can be slow.
const patience = time.Minute

// lines collects what a bot prints.
type lines struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (p *lines) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.buf.Write(b)
}

func (p *lines) String() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.buf.String()
}

// wait blocks until a line has been printed.
func (p *lines) wait(t *testing.T, line string) {
	t.Helper()
	for deadline := time.Now().Add(patience); !p.has(line); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("want the line %q, got\n%s", line, p)
		}
	}
}

func (p *lines) has(line string) bool { return strings.Contains("\n"+p.String(), "\n"+line+"\n") }

// check wants each line.
func (p *lines) check(t *testing.T, want ...string) {
	t.Helper()
	for _, line := range want {
		if !p.has(line) {
			t.Errorf("want the line %q", line)
		}
	}
	if t.Failed() {
		t.Logf("printed:\n%s", p)
	}
}

// bot is a bot of a test.
type bot struct {
	*host.Host
	out  *lines
	path string
}

// start runs a script as a bot on the network until the test ends or the bot
// stops, and returns it when it is ready. env is what os.getenv answers.
func start(t *testing.T, net *sim.Network, script string, env map[string]string) bot {
	t.Helper()
	return startWith(t, net, script, env, true)
}

// startWith is start for a bot that may reach the network, or not.
func startWith(t *testing.T, net *sim.Network, script string, env map[string]string, allowed bool) bot {
	t.Helper()
	text, err := os.ReadFile(script)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	b := bot{out: &lines{}, path: filepath.Join(dir, filepath.Base(script))}
	if err := os.WriteFile(b.path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	b.Host, err = host.New(host.Options{
		Script: b.path, Data: filepath.Join(dir, "data"), Stdlib: stdlib.FS, Print: b.out, Grace: time.Second,
		Log:    slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn})),
		Grants: permission.Set{All: allowed},
		Getenv: func(name string) (string, bool) { v, ok := env[name]; return v, ok },
		OpenCore: func(_ context.Context, db host.Database) (chat.Core, error) {
			core, reply, err := net.Open(db.Prefix, db.Key, db.Confirm)
			if err != nil {
				return nil, fmt.Errorf("%w: %s", err, reply.JSON)
			}
			return core, nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	ended := make(chan error, 1)
	go func() { ended <- b.Run(ctx) }()
	t.Cleanup(func() {
		b.Stop("the test is over")
		if err := <-ended; err != nil {
			t.Errorf("%s: %v\n%s", script, err, b.out)
		}
		cancel()
	})
	select {
	case <-b.Ready():
	case <-b.Done():
		t.Fatalf("%s has ended", script)
	}
	return b
}

// run runs a script of testdata until it stops, and returns what it printed.
func run(t *testing.T, name string, env map[string]string) *lines {
	t.Helper()
	b := start(t, sim.New(sim.Options{}), filepath.Join("testdata", name+".lua"), env)
	<-b.Done()
	return b.out
}
