package host

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/chat"
	"github.com/simplex-lua/simplex-lua/luaapi"
)

func received(id int64) chat.Item {
	return chat.Item{ID: id, CreatedAt: "2026-01-01T00:00:00Z", Chat: chat.Ref{Type: chat.TypeDirect, ID: 4}}
}

func TestAttemptsOutliveTheProcess(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "attempts")
	for life := range 3 { // none of them ends well
		a := openAttempts(path, discard)
		if n := a.begin([]chat.Item{received(7)}); n != life+1 {
			t.Errorf("life %d: got try %d, want %d", life, n, life+1)
		}
		a.begin([]chat.Item{received(8)})
		a.end(8)
		a.found(new(received(7)))
		a.forget()
	}
	again := received(7)
	again.CreatedAt = "2026-02-02T00:00:00Z"
	a := openAttempts(path, discard)
	if n := a.begin([]chat.Item{again}); n != 1 {
		t.Errorf("another item of that id: got try %d, want 1", n)
	}
	if n := openAttempts(path, discard).begin([]chat.Item{again}); n != 2 {
		t.Errorf("and after: got try %d, want 2", n)
	}
}

func TestAttemptsThatAreOverAreForgotten(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "attempts")
	a := openAttempts(path, discard)
	for n := range int64(attemptsSize / 20) { // over the size, so the journal is renewed
		a.begin([]chat.Item{received(n)})
		a.end(n)
	}
	a.begin([]chat.Item{received(1 << 40)})
	a.handled([]chat.Item{received(1 << 40)})
	if info, err := os.Stat(path); err != nil || info.Size() > attemptsSize+100 {
		t.Errorf("got %v, %v; want a journal of at most %d bytes", info.Size(), err, attemptsSize)
	}
	a.close()
	a.begin([]chat.Item{received(5)}) // a handler that was cut
	text, err := os.ReadFile(path)
	if want := "1099511627776 2026-01-01T00:00:00Z 1\n"; err != nil || string(text) != want {
		t.Errorf("got %q, %v after the end; want %q", text, err, want)
	}
	b := openAttempts(path, discard)
	b.forget() // it was not found unread
	if n := b.begin([]chat.Item{received(1 << 40)}); n != 1 {
		t.Errorf("got try %d of what was marked, want 1", n)
	}
}

func TestDamagedAttempts(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "attempts")
	text := "7 2026-01-01T00:00:00Z 2\nx y\n8 2026-01-01T00:00:00Z -1\n\x00\n" +
		strings.Repeat("\x00", 100_000) + "10 2026-01-01T00:00:00Z 1\n" + strings.Repeat("x", 100_000) + "\n11 2026-01-01T00:00:00.0004Z 2\n9 2026-01-01T0"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	a := openAttempts(path, discard)
	for item, want := range map[int64]int{7: 3, 8: 1, 9: 1, 10: 2, 11: 3} {
		if n := a.begin([]chat.Item{received(item)}); n != want {
			t.Errorf("item %d: got try %d, want %d", item, n, want)
		}
	}
}

// fullDisk takes so many bytes.
type fullDisk struct {
	room   int
	got    strings.Builder
	closed bool
}

func (d *fullDisk) Write(p []byte) (int, error) {
	n := min(len(p), d.room)
	d.room -= n
	d.got.Write(p[:n])
	if n < len(p) {
		return n, syscall.ENOSPC
	}
	return n, nil
}

func (d *fullDisk) Close() error { d.closed = true; return nil }

// TestJournalIsReplacedClosed: Windows replaces no file that is open.
func TestJournalIsReplacedClosed(t *testing.T) {
	t.Parallel()
	a := openAttempts(filepath.Join(t.TempDir(), "attempts"), discard)
	var files []*fullDisk
	a.create = func(string, []byte) (io.WriteCloser, error) {
		for n, f := range files {
			if !f.closed {
				t.Errorf("journal %d is open while the next is made", n)
			}
		}
		files = append(files, &fullDisk{room: 1 << 30})
		return files[len(files)-1], nil
	}
	for id := range int64(3) {
		a.begin([]chat.Item{received(id + 1)})
		a.size = attemptsSize + 1
	}
	a.close()
	if len(files) != 4 || !files[3].closed {
		t.Errorf("got %d journals, want 4, the last one closed too", len(files))
	}
}

func TestAttemptsOnAFullDisk(t *testing.T) {
	t.Parallel()
	disk := &fullDisk{room: 10}
	a := openAttempts(filepath.Join(t.TempDir(), "attempts"), discard)
	a.create = func(string, []byte) (io.WriteCloser, error) { return nil, syscall.ENOSPC }
	if n := a.begin([]chat.Item{received(1)}); n != 1 {
		t.Errorf("without a journal: got try %d, want 1", n)
	}
	a.create = func(_ string, lines []byte) (io.WriteCloser, error) { return disk, nil }
	for id := range int64(3) {
		a.begin([]chat.Item{received(id + 2)})
	}
	disk.room = 1000
	a.begin([]chat.Item{received(9)})
	b := &attempts{tried: map[int64]*attempt{}, log: discard}
	b.read([]byte(disk.got.String()))
	if len(b.tried) != 1 || b.tried[9] == nil {
		t.Errorf("got %q: want the whole line of item 9 and no other", disk.got.String())
	}
}

// TestPoison: a message at which the process dies is tried three times, then set
// aside, marked and reported; its neighbours are handled.
func TestPoison(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		core := newFakeCore()
		o := testOptions(t, core)
		ranBefore(t, core, o)
		path := filepath.Join(o.Data, "attempts")
		core.store("@4", "poison")
		core.store("@3", "never begun")
		var got []string
		for life := range 4 {
			core = reopened(core)
			o.OpenCore = func(context.Context, Database) (chat.Core, error) { return core, nil }
			rt := newFakeRuntime("bot")
			rt.settings.Ordering = "global"
			var atDeath []byte
			rt.onEvent = func(ctx context.Context, ev chat.Event) {
				for _, it := range ev.Items() {
					got = append(got, fmt.Sprintf("%d:%s/%d", life, it.Text, it.Attempt))
					if it.Text == "poison" {
						atDeath, _ = os.ReadFile(path) // the kill
					}
				}
			}
			h := launch(t, o, core, only(rt))
			if err := h.Idle(t.Context(), core.made); err != nil {
				t.Fatal(err)
			}
			if err := h.end(); err != nil {
				t.Fatal(err)
			}
			if life == 3 {
				poison := (*luaapi.Error)(nil)
				if r := rt.reported(); len(r) != 1 || !errors.As(r[0], &poison) || poison.Type != luaapi.ErrPoison {
					t.Errorf("got reports %v, want one of type poison", r)
				}
				if s := h.setAside.Load(); s != 1 || core.unread() != 0 {
					t.Errorf("got %d set aside and %d unread, want 1 and none", s, core.unread())
				}
				continue
			}
			// What the kill left: the message unread, the one behind it never begun.
			core.items[0].read, core.items[1].read = false, life == 2
			if err := os.WriteFile(path, atDeath, 0o600); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Second)
		}
		want := "0:poison/1 0:never begun/1 1:poison/2 1:never begun/1 2:poison/3 2:never begun/1"
		if got := strings.Join(got, " "); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	})
}

// TestAStopIsNoTry: what never got its turn before the bot stopped in good order
// was not tried.
func TestAStopIsNoTry(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "attempts")
	a := openAttempts(path, discard)
	a.begin([]chat.Item{received(7), received(8)})
	a.handled([]chat.Item{received(8)}) // but its mark did not arrive
	a.close()
	b := openAttempts(path, discard)
	if x, y := b.begin([]chat.Item{received(7)}), b.begin([]chat.Item{received(8)}); x != 1 || y != 2 {
		t.Errorf("got tries %d and %d, want 1 and 2", x, y)
	}
}

// TestTriesOfWhatLooksNew: a message with a higher id than those that were listed
// may be of the time before the start all the same, and its tries count.
func TestTriesOfWhatLooksNew(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		core := newFakeCore()
		o := testOptions(t, core)
		ranBefore(t, core, o)
		poison := core.store("@4", "poison")
		core.store("@4", "sent later, came earlier")
		core.items[0].id, core.items[1].id = 2, 1
		line := fmt.Sprintf("2 %s %d\n", poison.stored.UTC().Format(time.RFC3339Nano), maxAttempts)
		if err := os.WriteFile(filepath.Join(o.Data, "attempts"), []byte(line), 0o600); err != nil {
			t.Fatal(err)
		}
		rt := newFakeRuntime("bot")
		rt.onStart = func(string) { time.Sleep(time.Second) } // all is found before anything is handled
		h := launch(t, o, core, only(rt))
		if err := h.Idle(t.Context(), core.made); err != nil {
			t.Fatal(err)
		}
		if err := h.end(); err != nil {
			t.Error(err)
		}
		if n := h.setAside.Load(); n != 1 || core.unread() != 0 {
			t.Errorf("got %d set aside and %d unread, want one and none", n, core.unread())
		}
	})
}
