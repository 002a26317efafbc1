package lanes

import (
	"slices"

	"github.com/simplex-lua/simplex-lua/internal/chat"
)

// Open lets the lanes begin.
func (d *Dispatcher) Open() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.held = false
	d.opened.Store(true)
	d.wakeAll()
}

func (d *Dispatcher) wakeAll() {
	for _, l := range d.lanes {
		d.wake(l)
	}
}

// shut tells, with mu held, that a lane is kept from handling anything.
func (d *Dispatcher) shut(l *lane) bool {
	return d.held || l.closed > 0 || d.support && (d.o.Global || l.key.Ref.Support)
}

// HoldSupport keeps the lanes of all support chats from handling anything until
// ReleaseSupport, for nobody knows yet which of them have a backlog.
func (d *Dispatcher) HoldSupport() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.support = !d.stopping
}

// ReleaseSupport undoes HoldSupport.
func (d *Dispatcher) ReleaseSupport() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.support = false
	d.wakeAll()
}

// Close keeps a chat's lane from handling anything until as many calls of
// Reopen. After Stop it does nothing.
func (d *Dispatcher) Close(key chat.Lane) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.stopping {
		d.lane(d.key(key)).closed++
	}
}

// Reopen undoes a Close. The events of backlog, messages that were found unread,
// are handled before what waits; but those whose turn it was to come next stand
// at its end.
func (d *Dispatcher) Reopen(key chat.Lane, backlog []chat.Event) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.stopping {
		return // Stop has opened all lanes
	}
	l := d.lane(d.key(key))
	last := l.queue.newest()
	for _, ev := range backlog {
		e, ok := d.admit(l, ev)
		switch {
		case !ok:
		case last > 0 && ev.Newest() > last:
			l.queue.push(e)
		default:
			l.backlog.push(e)
		}
	}
	l.closed--
	d.wake(l)
	d.forget(l)
}

// newest is the highest id of a message in the queue, 0 without any.
func (q *fifo) newest() (id int64) {
	for i := range q.items[q.head:] {
		e := &q.items[q.head+i]
		if e.spilled() {
			id = max(id, slices.Max(e.ids))
		} else {
			id = max(id, e.ev.Newest())
		}
	}
	return id
}
