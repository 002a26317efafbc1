package remote

import (
	"sync"
	"time"
)

// queueBytes is how many bytes of events wait for Receive at most, and one event
// more. Above that nothing is read: then the chat program keeps them, and after
// its own queue is full it takes no more messages from the servers.
const queueBytes = 64 << 20

// queue holds events until Receive takes them. Several links put, one goroutine
// takes.
type queue struct {
	limit int
	more  chan struct{} // holds a token when an event was put
	room  chan struct{} // holds a token when an event was taken

	mu     sync.Mutex // guards what follows
	events [][]byte
	bytes  int
}

func newQueue(limit int) *queue {
	return &queue{limit: limit, more: make(chan struct{}, 1), room: make(chan struct{}, 1)}
}

// put waits for room, but not longer than until end is closed; then the event is
// put all the same.
func (q *queue) put(event []byte, end <-chan struct{}) {
	for !q.tryPut(event) {
		select {
		case <-q.room:
		case <-end:
			q.force(event)
			return
		}
	}
}

func (q *queue) tryPut(event []byte) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.bytes >= q.limit {
		return false
	}
	q.add(event)
	if q.bytes < q.limit {
		token(q.room) // for whoever else waits
	}
	return true
}

func (q *queue) force(event []byte) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.add(event)
}

func (q *queue) add(event []byte) {
	q.events = append(q.events, event)
	q.bytes += len(event)
	token(q.more)
}

// take returns the next event, nil where there is none.
func (q *queue) take() []byte {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.events) == 0 {
		return nil
	}
	event := q.events[0]
	q.events[0] = nil
	q.events = q.events[1:]
	if len(q.events) == 0 {
		q.events = nil
	} else {
		token(q.more)
	}
	q.bytes -= len(event)
	token(q.room)
	return event
}

// wait returns the next event; nil when the time is over or end is closed.
func (q *queue) wait(d time.Duration, end <-chan struct{}) []byte {
	timer := time.NewTimer(d)
	defer timer.Stop()
	for {
		if event := q.take(); event != nil {
			return event
		}
		select {
		case <-q.more:
		case <-timer.C:
			return nil
		case <-end:
			return nil
		}
	}
}

// token puts one into a channel that holds at most one.
func token(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}
