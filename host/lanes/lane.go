package lanes

import "github.com/simplex-lua/simplex-lua/internal/chat"

// entry is one event that waits for its turn.
type entry struct {
	ev chat.Event
	// size is what the event counts for while it is kept, in bytes.
	size int64
	// at is when it was received, as stamp says.
	at int64
	// ref and ids, and what the host had set in the event, are all that is left of a
	// received message whose event did not fit: it is read back when its turn comes.
	ref chat.Ref
	ids []int64
}

func (e *entry) spilled() bool { return e.ids != nil }

// lane is the queue of one chat. Dispatcher.mu guards all of it.
type lane struct {
	key   chat.Lane
	queue fifo
	left  left
	// bodies counts the entries that hold their event.
	bodies int
	// closed counts the reasons why nothing is handled yet.
	closed int
	// running tells that a goroutine handles the lane.
	running bool
}

func (l *lane) empty() bool { return l.queue.len() == 0 && len(l.left) == 0 }

// idle lanes are forgotten, so that a chat that is quiet costs nothing.
func (l *lane) idle() bool {
	return l.empty() && !l.running && l.closed == 0
}

func (l *lane) pop() (entry, bool) {
	e, ok := l.queue.pop()
	if ok && !e.spilled() {
		l.bodies--
	}
	return e, ok
}

// fifo is a queue that gives its memory back when it runs empty.
type fifo struct {
	items []entry
	head  int
}

func (q *fifo) len() int { return len(q.items) - q.head }

func (q *fifo) push(e entry) { q.items = append(q.items, e) }

func (q *fifo) pop() (entry, bool) {
	if q.len() == 0 {
		return entry{}, false
	}
	e := q.items[q.head]
	q.items[q.head] = entry{}
	q.head++
	switch {
	case q.head == len(q.items):
		q.items, q.head = nil, 0
	case q.head >= 64 && q.head > len(q.items)/2:
		q.items = append(make([]entry, 0, 2*q.len()), q.items[q.head:]...)
		q.head = 0
	}
	return e, true
}

// filter keeps the entries that keep says, which may change them.
func (q *fifo) filter(keep func(*entry) bool) {
	var kept []entry
	for i := range q.items[q.head:] {
		if e := q.items[q.head+i]; keep(&e) {
			kept = append(kept, e)
		}
	}
	q.items, q.head = kept, 0
}
