package lanes

import (
	"cmp"
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
// take their place among those that wait, by their ids.
func (d *Dispatcher) Reopen(key chat.Lane, backlog []chat.Event) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.stopping {
		return // Stop has opened all lanes
	}
	l := d.lane(d.key(key))
	d.place(l, backlog)
	l.closed--
	d.wake(l)
	d.forget(l)
}

// place puts messages that were found unread in a lane's queue, with mu held.
func (d *Dispatcher) place(l *lane, backlog []chat.Event) {
	var found []foundEntry
	for _, ev := range backlog {
		if e, ok := d.admit(l, ev); ok {
			found = append(found, foundEntry{e, e.newest()})
		}
	}
	l.queue.merge(found)
}

// foundEntry is a message that was found unread, with its id.
type foundEntry struct {
	entry
	id int64
}

// merge puts each found message before the first one with a higher id that waits,
// and also before what is no message and came just before that.
func (q *fifo) merge(found []foundEntry) {
	if len(found) == 0 {
		return
	}
	slices.SortStableFunc(found, func(a, b foundEntry) int { return cmp.Compare(a.id, b.id) })
	merged := make([]entry, 0, q.len()+len(found))
	var others []entry
	for _, e := range q.items[q.head:] {
		id := e.newest()
		if id == 0 {
			others = append(others, e)
			continue
		}
		for len(found) > 0 && found[0].id < id {
			merged, found = append(merged, found[0].entry), found[1:]
		}
		merged = append(append(merged, others...), e)
		others = others[:0]
	}
	for _, f := range found {
		merged = append(merged, f.entry)
	}
	q.items, q.head = append(merged, others...), 0
}

// newest is the highest id of the entry's messages, 0 where it is none.
func (e *entry) newest() int64 {
	if e.spilled() {
		return slices.Max(e.ids)
	}
	return e.ev.Newest()
}
