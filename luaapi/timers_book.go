package luaapi

import (
	"encoding/json"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/atomicfile"
)

// TimerBook knows when the timers of a bot are due, from one generation of its
// script to the next, and those with a name from one process to the next. The
// host keeps one per bot. All methods are safe for use by several goroutines.
type TimerBook struct {
	path string // "" keeps nothing
	log  *slog.Logger

	mu      sync.Mutex // guards what follows, and is held while the file is written
	entries map[string]*bookEntry
	failing bool // the file could not be written the last time
}

// bookEntry is one timer.
type bookEntry struct {
	// Spec tells whether it is still the same timer.
	Spec string `json:"spec"`
	// Due is when it runs next; zero: never again.
	Due time.Time `json:"due,omitzero"`
	// Ran is when it began to run last.
	Ran time.Time `json:"ran,omitzero"`

	generation int // that has it; 0: none of this process
	running    bool
}

// namedPrefix begins the keys of the timers that are written down.
const namedPrefix = "name "

func namedKey(name string) string { return namedPrefix + name }

// forgotten is how long a named timer is remembered that no script declares.
const forgotten = 365 * 24 * time.Hour

const timersVersion = 1

// timersFile is what the file holds.
type timersFile struct {
	Version int                   `json:"version"`
	Timers  map[string]*bookEntry `json:"timers"`
}

// OpenTimerBook reads the book at path, a file that need not exist; with "",
// nothing is written down. What cannot be read or written is logged, and the
// timers then run as without a name. log may be nil.
func OpenTimerBook(path string, log *slog.Logger) *TimerBook {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	b := &TimerBook{path: path, log: log, entries: map[string]*bookEntry{}}
	if path == "" {
		return b
	}
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return b
	}
	var f timersFile
	if err == nil {
		err = json.Unmarshal(data, &f)
	}
	if err != nil {
		log.Warn("named timers begin anew: what is known of them cannot be read", "path", path, "err", err)
		return b
	}
	for name, e := range f.Timers {
		if e != nil {
			b.entries[namedKey(name)] = e
		}
	}
	return b
}

// begin tells when a task is due that a generation starts to run; it is false
// for one that ran once already.
func (b *TimerBook) begin(t *task, now time.Time) (due time.Time, ok bool) {
	fresh := now.Add(t.delay)
	if t.rhythm != nil && t.delay == 0 {
		fresh = t.rhythm.next(now, now)
	}
	if t.key == "" {
		return fresh, true
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	e := b.entries[t.key]
	if e == nil && t.once() && !t.resumed {
		return fresh, true // no process would go on with it, and names of such timers are without end
	}
	switch {
	case e == nil || e.Spec != t.spec || t.once() && !t.resumed:
		e = &bookEntry{Spec: t.spec, Due: fresh}
		b.entries[t.key] = e
	case e.generation == t.generation || e.generation == t.generation-1 && e.generation > 0:
		// Handed over: what was due in between runs at once.
	case !strings.HasPrefix(t.key, namedPrefix):
		e.Due = fresh // of a version that was given up
	default:
		e.Due = b.resumed(e, t, fresh, now)
	}
	e.generation = t.generation
	b.save(t.key, now)
	return e.Due, !e.Due.IsZero()
}

// resumed tells when a task is due that an earlier process had.
func (b *TimerBook) resumed(e *bookEntry, t *task, fresh, now time.Time) time.Time {
	left := e.Due.Sub(now.Round(0))
	switch {
	case e.Due.IsZero():
		return e.Due
	case left <= 0 && t.catchUp:
		return now.Add(left) // over, so it runs at once, and keeps its phase
	case left <= 0 && t.once():
		return time.Time{}
	case left <= 0:
		return t.rhythm.next(now.Add(left), now)
	}
	if _, byClock := t.rhythm.(*cronRhythm); !byClock {
		return now.Add(min(left, t.delay)) // it is not longer, unless the clock was set
	}
	// A clock that was set back a little does not bring the same hour twice.
	if !fresh.After(e.Ran) && e.Ran.Sub(now) < cronBack {
		return t.rhythm.next(e.Ran, e.Ran)
	}
	return fresh
}

// claim notes, before it runs, that a task runs. It is false where the older
// generation's run of it is still under way, or a later one has it by now: then
// it is left out.
func (b *TimerBook) claim(t *task, now time.Time) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	e := b.entries[t.key]
	if e == nil || t.key == "" {
		return true
	}
	if e.running || e.generation != t.generation {
		return false
	}
	e.running, e.Ran, e.Due = true, now, time.Time{}
	if !t.once() {
		e.Due = t.rhythm.next(t.dueAt(), now)
	}
	b.save(t.key, now)
	return true
}

// release notes that the run has ended.
func (b *TimerBook) release(t *task) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if e := b.entries[t.key]; e != nil {
		e.running = false
	}
}

// next tells when a task is due again, after a run or after one that was left
// out.
func (b *TimerBook) next(t *task, now time.Time) time.Time {
	due := t.rhythm.next(t.dueAt(), now)
	b.mu.Lock()
	defer b.mu.Unlock()
	if e := b.entries[t.key]; e != nil && t.key != "" && e.generation == t.generation {
		e.Due = due
	}
	return due
}

func (t *task) dueAt() time.Time {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.due
}

// save writes the file, if the timer with that key is in it. mu is held.
func (b *TimerBook) save(key string, now time.Time) {
	if b.path == "" || !strings.HasPrefix(key, namedPrefix) {
		return
	}
	f := timersFile{Version: timersVersion, Timers: map[string]*bookEntry{}}
	for key, e := range b.entries {
		name, named := strings.CutPrefix(key, namedPrefix)
		if !named {
			continue
		}
		if e.generation == 0 && now.Sub(e.Ran) > forgotten && now.Sub(e.Due) > forgotten {
			delete(b.entries, key)
			continue
		}
		f.Timers[name] = &bookEntry{Spec: e.Spec, Due: e.Due.UTC(), Ran: e.Ran.UTC()}
	}
	err := writeFile(b.path, f)
	if err != nil && !b.failing {
		b.log.Warn("named timers cannot be noted; after a restart they may run again, or not", "path", b.path, "err", err)
	}
	b.failing = err != nil
}

// writeFile replaces the file at once, and puts it on the disk: what is noted
// outlasts a loss of power.
func writeFile(path string, v any) error {
	data, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	return atomicfile.Write(path, append(data, '\n'), atomicfile.Options{Sync: true, Part: ".timers-"})
}
