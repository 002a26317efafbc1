package lanes

import "github.com/simplex-lua/simplex-lua/internal/chat"

// keptLimit is how many messages all lanes keep by their ids, some 30 MB of them.
const keptLimit = 100_000

// left are the chats of a lane with unread messages of which not even the ids are
// kept. While there are any, what comes is left too: it is newer.
//
//	too many ids ──▶ left ──▶ the queue is empty ──▶ Options.Unread ──▶ queue
//	                  ▲                                    │ more
//	                  └────────────────────────────────────┘
//
// The value tells whether there is something to read; it is false while it is read.
type left map[chat.Ref]bool

// any returns a chat with something to read.
func (l left) any() (chat.Ref, bool) {
	for ref, some := range l {
		if some {
			return ref, true
		}
	}
	return chat.Ref{}, false
}

// leaves tells, with mu held, that the messages of an event are to be left in the
// database. Those that the host has set something for are not, nor those of support
// chats, where reports do not count as unread.
func (d *Dispatcher) leaves(l *lane, ev chat.Event) (ref chat.Ref, ids []int64, ok bool) {
	if d.o.Unread == nil || d.stopping || ev.Attempt != 0 || ev.Live != chat.LiveUsual {
		return chat.Ref{}, nil, false
	}
	full := l.bodies >= d.o.PerLane || d.bytes+int64(len(ev.Raw))+entryCost > d.maxBytes
	if len(l.left) == 0 && (!full || d.kept < d.o.Kept) {
		return chat.Ref{}, nil, false
	}
	ref, ids, ok = ev.MessageIDs(d.userID)
	return ref, ids, ok && !ref.Support
}

// leave leaves messages in the database, with mu held, which it gives up meanwhile:
// the host must have forgotten them before they are looked for.
func (d *Dispatcher) leave(key chat.Lane, ref chat.Ref, ids []int64) {
	d.mu.Unlock()
	d.o.Leave(ids)
	d.mu.Lock()
	if d.stopping {
		return // they stay unread for the next start
	}
	l := d.lane(key)
	if l.left == nil {
		l.left = left{}
	}
	l.left[ref] = true
	d.spilled++
	d.overloaded("they stay in the database until the others are handled")
	d.wake(l)
}

// refill reads what was left in one chat, with mu held, which it gives up meanwhile.
// It is false where nothing is left.
func (d *Dispatcher) refill(l *lane) bool {
	ref, ok := l.left.any()
	if !ok {
		return false
	}
	l.left[ref] = false
	d.mu.Unlock()
	found, more := d.unread(ref)
	d.mu.Lock()
	if d.stopping {
		return true
	}
	d.place(l, found)
	if l.left[ref] = l.left[ref] || more; !l.left[ref] {
		delete(l.left, ref)
	}
	return true
}

// unread calls Options.Unread, of which a bug must not end the lane.
func (d *Dispatcher) unread(ref chat.Ref) (found []chat.Event, more bool) {
	defer d.caught()
	return d.o.Unread(ref)
}
