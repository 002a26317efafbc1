package simbot

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/simplex-lua/simplex-lua/host"
	"github.com/simplex-lua/simplex-lua/internal/chat"
	"github.com/simplex-lua/simplex-lua/internal/sim"
	"github.com/simplex-lua/simplex-lua/internal/testkit"
	"github.com/simplex-lua/simplex-lua/luaapi"
	"github.com/simplex-lua/simplex-lua/luaapi/permission"
	"github.com/simplex-lua/simplex-lua/stdlib"
)

// Options say how a bot runs. The zero value may reach everything.
type Options struct {
	// Env is what os.getenv answers.
	Env map[string]string
	// Denied runs the bot without permissions.
	Denied bool
	// Dir holds the script and its data, for a bot that is started again; ""
	// makes one.
	Dir string
}

// Bot is a running bot.
type Bot struct {
	*host.Host
	// Out is what its script prints, Path the script's file.
	Out  *Lines
	Path string
}

// Lines is what a bot prints. It is safe for use by several goroutines.
type Lines struct{ testkit.Buffer }

// Count tells how often a line has been printed.
func (l *Lines) Count(line string) int {
	return strings.Count("\n"+strings.ReplaceAll(l.String(), "\n", "\n\n"), "\n"+line+"\n")
}

// WaitLine waits until a line has been printed, and fails the test where that takes
// longer than testkit.Patience.
func (l *Lines) WaitLine(t testing.TB, line string) {
	t.Helper()
	testkit.Succeed(t, func() error {
		if l.Count(line) == 0 {
			return fmt.Errorf("want the line %q, got\n%s", line, l)
		}
		return nil
	})
}

// Word waits until a line has been printed that begins so, and returns the word
// behind that.
func (l *Lines) Word(t testing.TB, prefix string) (word string) {
	t.Helper()
	testkit.Succeed(t, func() error {
		_, rest, found := strings.Cut("\n"+l.String(), "\n"+prefix+" ")
		if word, _, _ = strings.Cut(rest, " "); !found || word == "" {
			return fmt.Errorf("want a line that begins with %q, got\n%s", prefix, l)
		}
		return nil
	})
	return word
}

// Check wants each line.
func (l *Lines) Check(t testing.TB, want ...string) {
	t.Helper()
	for _, line := range want {
		if l.Count(line) == 0 {
			t.Errorf("want the line %q", line)
		}
	}
	if t.Failed() {
		t.Logf("printed:\n%s", l)
	}
}

// Start runs a script, whose text is given, as a bot until the test ends or the
// bot stops, and returns it when it is ready or has ended.
func Start(t testing.TB, net *sim.Network, name, script string, o Options) Bot {
	t.Helper()
	dir := o.Dir
	if dir == "" {
		dir = t.TempDir()
	}
	b := Bot{Out: &Lines{}, Path: filepath.Join(dir, name+".lua")}
	if err := os.WriteFile(b.Path, []byte(script), 0o600); err != nil {
		t.Fatal(err)
	}
	var err error
	b.Host, err = host.New(host.Options{
		Script: b.Path, Data: filepath.Join(dir, "data"), Stdlib: stdlib.FS, Print: b.Out, Grace: time.Second,
		Log:    slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn})),
		Grants: permission.Set{All: !o.Denied}, Override: patient,
		Getenv: func(name string) (string, bool) { v, ok := o.Env[name]; return v, ok },
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
	ctx, cancel := context.WithTimeout(context.Background(), testkit.Patience)
	ended := make(chan error, 1)
	go func() { ended <- b.Run(ctx) }()
	t.Cleanup(func() {
		b.Stop("the test is over")
		if err := <-ended; err != nil {
			t.Errorf("%s: %v\n%s", name, err, b.Out)
		}
		cancel()
	})
	select {
	case <-b.Ready():
	case <-b.Done():
	}
	return b
}

// patient raises the bound that scripts leave as it is: on a busy machine, and
// with the race detector, a second is little.
func patient(s luaapi.Settings) luaapi.Settings {
	if s.CPULimit == time.Second {
		s.CPULimit = 20 * time.Second
	}
	return s
}

// Read returns the text of testdata/NAME.lua, or of the file at a path.
func Read(t testing.TB, name string) string {
	t.Helper()
	path := name
	if filepath.Ext(name) == "" {
		path = filepath.Join("testdata", name+".lua")
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
