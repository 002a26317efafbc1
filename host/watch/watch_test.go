package watch

import (
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/testkit"
)

// watched is a folder with a script that is watched. Tests write real files and
// wait for real notices, so nothing here depends on how long that takes; that
// something is not noticed is shown by a change after it, which is.
type watched struct {
	*Watcher
	t    *testing.T
	dir  string
	log  testkit.Buffer
	main string
}

func watchScript(t *testing.T) *watched {
	t.Helper()
	w := &watched{t: t, dir: t.TempDir()}
	w.main = w.write("bot.lua", "-- 1")
	var err error
	if w.Watcher, err = New(w.main, 20*time.Millisecond, slog.New(slog.NewTextHandler(&w.log, nil))); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.Close)
	w.Loaded([]string{w.main})
	return w
}

func (w *watched) path(name string) string { return filepath.Join(w.dir, filepath.FromSlash(name)) }

func (w *watched) write(name, text string) string {
	w.t.Helper()
	path := w.path(name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		w.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		w.t.Fatal(err)
	}
	return path
}

func (w *watched) changes() {
	w.t.Helper()
	select {
	case <-w.Changed():
	case <-time.After(time.Minute):
		w.t.Fatal("the change was not noticed")
	}
}

// quiet gives the watcher the time of several settlings.
func (w *watched) quiet(why string) {
	w.t.Helper()
	select {
	case <-w.Changed():
		w.t.Errorf("%s was taken for a change", why)
	case <-time.After(150 * time.Millisecond):
	}
}

func TestWatchNotices(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		edit func(w *watched)
	}{
		{"a write", func(w *watched) { w.write("bot.lua", "-- 2") }},
		{"a rename over it", func(w *watched) {
			if err := os.Rename(w.write("bot.lua.tmp", "-- 2"), w.main); err != nil {
				w.t.Fatal(err)
			}
		}},
		{"moved away and written anew", func(w *watched) {
			if err := os.Rename(w.main, w.path("bot.lua~")); err != nil {
				w.t.Fatal(err)
			}
			w.write("bot.lua", "-- 2")
		}},
		{"emptied, then written", func(w *watched) {
			w.write("bot.lua", "")
			w.write("bot.lua", "-- 2")
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := watchScript(t)
			for range 2 { // the watch must outlive the way the file was replaced
				tt.edit(w)
				w.changes()
				w.Loaded([]string{w.main})
				w.write("bot.lua", "-- 3")
				w.changes()
				w.Loaded([]string{w.main})
			}
		})
	}
}

// TestWatchLinks: a script and a module that are symbolic links, one of them
// through a folder that is put in another's place.
func TestWatchLinks(t *testing.T) {
	t.Parallel()
	w := &watched{t: t, dir: t.TempDir()}
	link := func(target, name string) string {
		t.Helper()
		if err := os.Symlink(target, w.path(name)+".new"); err != nil {
			t.Skip("symbolic links cannot be made here: ", err)
		}
		if err := os.Rename(w.path(name)+".new", w.path(name)); err != nil {
			t.Fatal(err)
		}
		return w.path(name)
	}
	w.write("real/bot.lua", "-- 1")
	w.write("v1/m.lua", "-- 1")
	w.write("v2/m.lua", "-- 2")
	w.write("bots/x", "")
	w.main = link("../real/bot.lua", "bots/bot.lua")
	link("../v1", "bots/current")
	module := link("current/m.lua", "bots/m.lua")
	var err error
	if w.Watcher, err = New(w.main, 20*time.Millisecond, slog.New(slog.NewTextHandler(&w.log, nil))); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.Close)
	for _, edit := range []func(){
		func() { w.write("real/bot.lua", "-- 2") },
		func() { w.write("v1/m.lua", "-- 3") },
		func() { link("../v2", "bots/current") },
		func() { w.write("v2/m.lua", "-- 4") },
		func() { link("../v1/m.lua", "bots/bot.lua") },
		func() { w.write("v1/m.lua", "-- 5") },
	} {
		w.Loaded([]string{w.main, module})
		edit()
		w.changes()
	}
	w.Loaded([]string{w.main, module})
	w.write("v1/other.lua", "x")
	w.quiet("another file")
}

func TestWatchIgnores(t *testing.T) {
	t.Parallel()
	w := watchScript(t)
	w.write("notes.txt", "x")
	w.write("other.lua", "x")
	w.write("bot.data/chat_chat.db", "x")
	w.quiet("another file")
	if err := os.Chtimes(w.main, time.Now(), time.Now()); err != nil {
		t.Fatal(err)
	}
	w.write("bot.lua", "-- 1")
	w.quiet("the same content")
	w.write("bot.lua", "")
	w.quiet("an empty file")
	if err := os.Remove(w.main); err != nil {
		t.Fatal(err)
	}
	testkit.Until(t, "the log tells of it", func() bool { return strings.Contains(w.log.String(), "the script is gone") })
	w.quiet("a deleted file")
	w.write("bot.lua", "-- 2")
	w.changes()
}

func TestWatchModules(t *testing.T) {
	t.Parallel()
	w := watchScript(t)
	module := w.write("lib/deep/m.lua", "-- 1")
	w.write("bot.lua", "-- requires it")
	w.changes()
	w.Loaded([]string{w.main, module})
	w.write("lib/deep/m.lua", "-- 2")
	w.changes()
	if err := os.RemoveAll(w.path("lib")); err != nil { // as a version control system does
		t.Fatal(err)
	}
	w.changes()
	w.Loaded([]string{w.main, module})
	w.write("lib/deep/m.lua", "-- 3")
	w.changes()
}

func TestWatchForARepair(t *testing.T) {
	t.Parallel()
	w := watchScript(t)
	w.write("bot.lua", "-- requires new/m, which is not there")
	w.changes()
	w.Failed()
	module := w.write("new/m.lua", "-- here it is")
	w.changes()
	w.Failed()
	w.write("new/m.lua", "-- without the mistake")
	w.changes()
	w.Loaded([]string{w.main, module})
	w.write("bot.lua", "-- 4")
	w.changes()
}

func TestManyQuickSavesAreOneChange(t *testing.T) {
	t.Parallel()
	w := watchScript(t)
	w.Close()
	quick, err := New(w.main, 5*time.Second, slog.New(slog.DiscardHandler)) // no pause of the test is as long
	if err != nil {
		t.Fatal(err)
	}
	defer quick.Close()
	w.Watcher = quick
	w.Loaded([]string{w.main})
	for n := range 20 {
		w.write("bot.lua", strings.Repeat("-", n+3))
	}
	w.changes()
	w.quiet("one of many saves")
}
