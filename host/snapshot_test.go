package host

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/chat"
	"github.com/simplex-lua/simplex-lua/luaapi"
)

// testSnapshotter copies nothing but a note.
func testSnapshotter(copied error) Snapshotter {
	return Snapshotter{
		Copy: func(_ context.Context, _ string, _ Database, folder string) error {
			return errors.Join(copied, os.WriteFile(filepath.Join(folder, "note"), nil, 0o600))
		},
		Export: func(folder string) string { return filepath.Join(folder, "export.zip") },
	}
}

const exported = `{"result":{"type":"archiveExported","archiveErrors":[]}}`

// since are the commands after the first n, by their first words.
func (c *fakeCore) since(n int) []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	var names []string
	for _, cmd := range c.commands[n:] {
		name, _, _ := strings.Cut(cmd, " {")
		names = append(names, name)
	}
	return names
}

func TestSnapshot(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		answers map[string]string
		copied  error
		want    string // in the error
	}{
		{name: "works"},
		{name: "cannot export", answers: map[string]string{"/_db": refusal("error", "errorType", "exception")}, want: "does not export"},
		{name: "leaves files out", answers: map[string]string{"/_db": `{"result":{"type":"archiveExported","archiveErrors":[{}]}}`}, want: "left out 1"},
		{name: "cannot copy", copied: errors.New("disk"), want: "own state cannot be copied"},
		{name: "does not stop", answers: map[string]string{"/_stop": refusal("error", "errorType", "exception")}, want: "does not stop"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			core := newFakeCore()
			core.override = func(cmd string) string {
				word, _, _ := strings.Cut(cmd, " ")
				if word == "/_db" && tt.answers[word] == "" {
					return exported
				}
				return tt.answers[word]
			}
			h := launch(t, testOptions(t, core), core, only(newFakeRuntime("bot")))
			<-h.caughtUp // until then it looks for messages
			n := len(core.since(0))
			snap, err := h.Snapshot(t.Context(), testSnapshotter(tt.copied))
			known := (*SnapshotError)(nil)
			switch {
			case tt.want == "" && err != nil:
				t.Fatal(err)
			case tt.want != "" && (!errors.As(err, &known) || !strings.Contains(err.Error(), tt.want) || known.Hint() == ""):
				t.Errorf("got %v, want %q with a hint", err, tt.want)
			}
			got := core.since(n)
			if tt.name == "works" {
				if want := []string{"/_stop", "/set file paths", "/_db export", "/set file paths", "/_start"}; len(got) < len(want) || !slices.Equal(got[:len(want)], want) {
					t.Errorf("got the commands %q, want %q first", got, want)
				}
				if _, err := os.Stat(filepath.Join(snap.Folder, "note")); err != nil {
					t.Error(err)
				}
			} else if left, _ := filepath.Glob(filepath.Join(h.Host.data.temp(), "*")); len(left) > 0 {
				t.Errorf("a part was left: %v", left)
			}
			core.mu.Lock()
			started := core.started
			core.mu.Unlock()
			if !started {
				t.Error("the chat was not started again")
			}
			if err := h.end(); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestSnapshotWithPostgres stops the chat for the copy, and asks for no export:
// the database is saved by its own means.
func TestSnapshotWithPostgres(t *testing.T) {
	t.Parallel()
	core := newFakeCore()
	o := testOptions(t, core)
	o.Database = &luaapi.Database{Postgres: &luaapi.Postgres{ConnectionString: "c", SchemaPrefix: "bot"}}
	h := launch(t, o, core, only(newFakeRuntime("bot")))
	<-h.caughtUp // until then it looks for messages
	n := len(core.since(0))
	snap, err := h.Snapshot(t.Context(), testSnapshotter(nil))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := core.since(n), []string{"/_stop", "/_start"}; len(got) < len(want) || !slices.Equal(got[:len(want)], want) {
		t.Errorf("got the commands %q, want %q first", got, want)
	}
	if !snap.Database.Postgres || snap.Database.Prefix != "bot" {
		t.Errorf("got the database %v", snap.Database)
	}
	if err := h.end(); err != nil {
		t.Error(err)
	}
}

// TestSnapshotLeavesNothingBehind: what the core has stored and not told when the
// chat is stopped is found and handled when it runs again, and the reports that are
// noted as finished do not pass it.
func TestSnapshotLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		core, o := moderating(t)
		var untold atomic.Bool
		core.override = func(cmd string) string {
			switch {
			case cmd == "/_stop" && !untold.Swap(true):
				core.store("@4", "message")
				core.report(7, "report")
			case strings.HasPrefix(cmd, "/_db "):
				return exported
			}
			return ""
		}
		rt := newFakeRuntime("bot")
		var got record
		rt.onEvent = func(_ context.Context, ev chat.Event) {
			for _, it := range ev.Items() {
				got.add(it.Text)
			}
		}
		h := launch(t, o, core, only(rt))
		<-h.caughtUp
		if _, err := h.Snapshot(t.Context(), testSnapshotter(nil)); err != nil {
			t.Fatal(err)
		}
		core.emit(core.report(8, "newer").event())
		time.Sleep(time.Second)
		if got, want := got.take(), "message report newer"; !sameWords(got, want) {
			t.Errorf("got %s handled, want %s", got, want)
		}
		if err := h.end(); err != nil {
			t.Error(err)
		}
		if texts, _ := collect(t, nextLife(core), o); len(texts) != 0 || core.unread() != 0 {
			t.Errorf("at the next start: got %q handled again and %d unread", texts, core.unread())
		}
	})
}

// TestSnapshotOfDatabaseElsewhere refuses what would lack the chats, without
// stopping anything.
func TestSnapshotOfDatabaseElsewhere(t *testing.T) {
	t.Parallel()
	core := newFakeCore()
	o := testOptions(t, core)
	o.Database = &luaapi.Database{SQLite: &luaapi.SQLite{FilePrefix: filepath.Join(t.TempDir(), "main")}}
	h := launch(t, o, core, only(newFakeRuntime("bot")))
	<-h.caughtUp // until then it looks for messages
	n := len(core.since(0))
	_, err := h.Snapshot(t.Context(), testSnapshotter(nil))
	if known := (*SnapshotError)(nil); !errors.As(err, &known) || !strings.Contains(err.Error(), "not in the data folder") {
		t.Errorf("got %v", err)
	}
	if got := core.since(n); len(got) != 0 {
		t.Errorf("got the commands %q, want none", got)
	}
	if err := h.end(); err != nil {
		t.Error(err)
	}
}

func TestSnapshotOfOthersCore(t *testing.T) {
	t.Parallel()
	core := newFakeCore()
	core.notOwned = true
	h := launch(t, testOptions(t, core), core, only(newFakeRuntime("bot")))
	<-h.caughtUp // until then it looks for messages
	if _, err := h.Snapshot(t.Context(), testSnapshotter(nil)); err == nil || !strings.Contains(err.Error(), "belongs to another program") {
		t.Errorf("got %v", err)
	}
	if slices.ContainsFunc(core.since(0), func(cmd string) bool { return strings.HasPrefix(cmd, "/_stop") || strings.HasPrefix(cmd, "/_db") }) {
		t.Error("the other program's chat was touched")
	}
	if err := h.end(); err != nil {
		t.Error(err)
	}
}

// slowCore answers /slow when it is told to.
type slowCore struct {
	chat.Core
	begun, end chan struct{}
}

func (c *slowCore) Send(_ context.Context, cmd string) ([]byte, error) {
	if cmd == "/slow" {
		close(c.begun)
		<-c.end
	}
	return []byte(cmd), nil
}

func TestGate(t *testing.T) {
	t.Parallel()
	slow := &slowCore{begun: make(chan struct{}), end: make(chan struct{})}
	g := &gatedCore{Core: slow}
	answered := make(chan error, 2)
	send := func(cmd string) { _, err := g.Send(t.Context(), cmd); answered <- err }
	go send("/slow")
	<-slow.begun
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := g.hold(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("hold with a command under way: got %v", err)
	}
	if _, err := g.Send(t.Context(), "/other"); err != nil {
		t.Errorf("after a hold in vain: %v", err)
	}
	close(slow.end)
	if err := g.hold(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := <-answered; err != nil {
		t.Error(err)
	}
	if _, err := g.Send(t.Context(), harmless); err != nil {
		t.Errorf("the question whether it lives: %v", err)
	}
	if _, err := g.Send(ctx, "/held"); !errors.Is(err, context.Canceled) {
		t.Errorf("a command that gave up: got %v", err)
	}
	go send("/held")
	g.release()
	if err := <-answered; err != nil {
		t.Error(err)
	}
}
