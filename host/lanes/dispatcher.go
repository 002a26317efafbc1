package lanes

import (
	"cmp"
	"fmt"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/chat"
	"github.com/simplex-lua/simplex-lua/internal/loglimit"
)

const (
	// laneLimit is how many events one lane keeps in memory.
	laneLimit = 256
	// bytesLimit is how many bytes of events all lanes keep in memory.
	bytesLimit = 64 << 20
	// crowdedBytes of waiting events, some thousand of them, make the receiver slow
	// down a little, and more of them more: it takes them far faster than any script
	// handles them, and what is kept by its id must be read back.
	crowdedBytes = 4 << 20
	// crowdedPause is how long the receiver pauses after each event while many
	// wait: it still takes some ten thousand a second. Where very many wait, it
	// pauses for longestPause, and still takes more than a core sends.
	crowdedPause = 50 * time.Microsecond
	longestPause = time.Millisecond
	// entryCost is what an event costs beside its own bytes, roughly.
	entryCost = 128
)

// Dispatcher puts each event in the lane of its chat and lets every lane be
// handled by a goroutine of its own, one event at a time and in order. A lane
// without events has no goroutine and takes no memory.
//
// Memory is bounded: a lane keeps 256 events and all lanes 64 MiB. Above that a
// received message is kept by its id and read back when its turn comes, and above
// 100,000 of those it is left in the database until its lane is empty (left.go);
// other events are kept beyond the lane's limit, but not beyond the 64 MiB: then
// they are dropped, counted and warned about.
//
// Push never blocks for long, so the receiver may call it. All methods are safe
// for use by several goroutines.
type Dispatcher struct {
	o        Options
	maxBytes int64
	warn     loglimit.Limiter
	// opened: what nobody wants need not wait. unwanted counts those events.
	opened   atomic.Bool
	unwanted atomic.Uint64

	mu       sync.Mutex // guards what follows, and all lanes
	userID   int64
	lanes    map[chat.Lane]*lane
	bytes    int64
	kept     int          // messages that are kept by their ids
	running  int          // lanes that have a goroutine
	spare    []chan *lane // of the goroutines that wait for one
	held     bool
	support  bool // the lanes of support chats are held
	stopping bool
	quiet    chan struct{} // closed when running falls to 0; nil unless somebody waits
	// These count events, as Stats says.
	handled, spilled, dropped uint64
}

// New returns a dispatcher that holds all lanes until Open.
func New(o Options) *Dispatcher {
	o.PerLane, o.Kept = cmp.Or(o.PerLane, laneLimit), cmp.Or(o.Kept, keptLimit)
	if o.Wants == nil {
		o.Wants = func(string) bool { return true }
	}
	return &Dispatcher{
		o: o, maxBytes: bytesLimit, held: true,
		warn: loglimit.Limiter{Every: time.Minute}, lanes: map[chat.Lane]*lane{},
	}
}

// SetUser says which user of the database is the bot's: only its messages are
// kept by their ids. It is called before the first event comes.
func (d *Dispatcher) SetUser(id int64) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.userID = id
}

// Push puts an event in its lane. It returns how long the receiver had better
// pause, so that the handlers catch up. Events that nobody has registered for are
// not kept.
func (d *Dispatcher) Push(ev chat.Event) (pause time.Duration) {
	// Until the lanes are open, on_start may still register for it.
	if d.opened.Load() && !d.o.Wants(ev.Type) {
		d.unwanted.Add(1)
		return 0
	}
	key := d.key(ev.Route())
	d.mu.Lock()
	defer d.mu.Unlock()
	l := d.lane(key)
	if ref, ids, ok := d.leaves(l, ev); ok {
		d.forget(l)
		d.leave(key, ref, ids)
		return longestPause
	}
	e, ok := d.admit(l, ev)
	if !ok {
		d.forget(l)
		return longestPause
	}
	l.queue.push(e)
	d.wake(l)
	return pauseFor(d.bytes)
}

// pauseFor is how long the receiver pauses while so many bytes wait: not at all
// below crowdedBytes, then longer and longer, so that what waits stays about the
// same however long the flood is.
func pauseFor(bytes int64) time.Duration {
	crowds := time.Duration(bytes / crowdedBytes)
	return min(crowds*crowds*crowdedPause, longestPause)
}

func (d *Dispatcher) key(k chat.Lane) chat.Lane {
	if d.o.Global {
		return chat.Lane{}
	}
	return k
}

// lane returns the lane of that key, with mu held.
func (d *Dispatcher) lane(key chat.Lane) *lane {
	l := d.lanes[key]
	if l == nil {
		l = &lane{key: key}
		d.lanes[key] = l
	}
	return l
}

func (d *Dispatcher) forget(l *lane) {
	if l.idle() {
		delete(d.lanes, l.key)
	}
}

// admit decides what is kept of an event.
func (d *Dispatcher) admit(l *lane, ev chat.Event) (entry, bool) {
	e := entry{ev: ev, size: int64(len(ev.Raw)) + entryCost, at: d.stamp()}
	full := d.bytes+e.size > d.maxBytes
	if l.bodies < d.o.PerLane && !full && !d.stopping {
		l.bodies++
		d.bytes += e.size
		return e, true
	}
	ref, ids, message := ev.MessageIDs(d.userID)
	switch {
	case message && d.stopping:
		return entry{}, false // it stays unread for the next start
	case message:
		d.spilled++
		d.kept++
		d.overloaded("messages wait in the database until their turn")
		return entry{ev: chat.Event{Attempt: ev.Attempt, Live: ev.Live}, ref: ref, ids: ids, at: e.at}, true
	case full:
		d.dropped++
		d.overloaded("events are dropped")
		return entry{}, false
	default:
		l.bodies++
		d.bytes += e.size
		return e, true
	}
}

func (d *Dispatcher) overloaded(what string) {
	if held, ok := d.warn.Allow(); ok {
		d.o.Log.Warn("more events arrive than the script handles: "+what, "lanes", len(d.lanes),
			"bytes", d.bytes, "spilled", d.spilled, "dropped", d.dropped, "more", held)
	}
}

// wake starts the lane's goroutine if there is work that may be done.
func (d *Dispatcher) wake(l *lane) {
	if l.running || d.shut(l) || l.empty() {
		return
	}
	l.running = true
	d.running++
	if n := len(d.spare); n > 0 {
		d.spare[n-1] <- l // there is room for one
		d.spare = d.spare[:n-1]
		return
	}
	go d.work(l)
}

// maxSpare is how many goroutines wait for a lane. A new one would grow its stack
// anew for each message of a quiet chat.
const maxSpare = 32

// work handles a lane until it is empty, then others. It ends where enough others
// wait, or with Stop.
func (d *Dispatcher) work(l *lane) {
	next := make(chan *lane, 1)
	for ok := true; ok; l, ok = <-next {
		if !d.drain(l, next) {
			return
		}
	}
}

// drain handles a lane until it is empty. It reports whether next is to be waited
// for then.
func (d *Dispatcher) drain(l *lane, next chan *lane) (wait bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for !d.shut(l) {
		e, ok := l.pop()
		if !ok {
			if d.refill(l) {
				continue
			}
			break
		}
		if e.spilled() {
			d.kept--
		}
		d.mu.Unlock()
		d.run(e)
		d.measured(e.at)
		d.mu.Lock()
		d.bytes -= e.size
		d.handled++
	}
	l.running = false
	d.forget(l)
	d.running--
	d.settle()
	if wait = !d.stopping && len(d.spare) < maxSpare; wait {
		d.spare = append(d.spare, next)
	}
	return wait
}

// run handles one entry. A bug below must not end the lane, so it is caught.
func (d *Dispatcher) run(e entry) {
	defer d.caught()
	ev := e.ev
	if e.spilled() {
		var ok bool
		if ev, ok = d.o.ReadBack(e.ref, e.ids); !ok {
			return
		}
		ev.Attempt, ev.Live = e.ev.Attempt, e.ev.Live
	}
	d.o.Handle(ev)
}

func (d *Dispatcher) caught() {
	if p := recover(); p != nil {
		err := fmt.Errorf("panic while an event was handled: %v", p)
		d.o.Log.Error("a bug in the host or a Go module", "err", err, "stack", string(debug.Stack()))
		d.o.Report(err)
	}
}
