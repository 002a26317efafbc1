package sim

import (
	"fmt"
	"io/fs"
	"sync"
	"time"
)

// queue is the event queue of one actor.
type queue struct {
	size int

	mu       sync.Mutex // guards the fields below
	events   [][]byte
	head     int
	enqueued uint64
	closed   bool
	arrived  chan struct{} // has a token when there is an event or the end
	room     chan struct{} // closed and replaced when events were taken
}

func newQueue(size int) *queue {
	return &queue{size: size, arrived: make(chan struct{}, 1), room: make(chan struct{})}
}

// put adds an event and tells whether it is the only one.
func (q *queue) put(event []byte) (first bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return false
	}
	q.events = append(q.events, event)
	q.enqueued++
	q.signal()
	return len(q.events)-q.head == 1
}

func (q *queue) signal() {
	select {
	case q.arrived <- struct{}{}:
	default:
	}
}

// full tells whether the queue has no room. It may go over its size by the
// events of one step.
func (q *queue) full() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.events)-q.head >= q.size
}

// take waits for the next event; (nil, false, nil) is a time-out. wasFull tells
// that there is room now where there was none.
func (q *queue) take(wait time.Duration) (event []byte, wasFull bool, err error) {
	var timeout <-chan time.Time
	for {
		q.mu.Lock()
		if q.closed {
			q.signal()
			q.mu.Unlock()
			return nil, false, errClosed("receive")
		}
		if wait <= 0 {
			q.mu.Unlock()
			return nil, false, nil
		}
		if n := len(q.events) - q.head; n > 0 {
			event = q.events[q.head]
			q.events[q.head] = nil
			q.head++
			if q.head == len(q.events) {
				q.events, q.head = q.events[:0], 0
			} else if q.head > 1024 && q.head*2 > len(q.events) {
				q.events = append(q.events[:0], q.events[q.head:]...)
				q.head = 0
			}
			if wasFull = n == q.size; wasFull {
				close(q.room)
				q.room = make(chan struct{})
			}
			q.mu.Unlock()
			return event, wasFull, nil
		}
		q.mu.Unlock()
		if timeout == nil {
			t := time.NewTimer(wait)
			defer t.Stop()
			timeout = t.C
		}
		select {
		case <-q.arrived:
		case <-timeout:
			return nil, false, nil
		}
	}
}

// waitRoom returns a channel that is closed when the queue has room; nil when
// it has room now.
func (q *queue) waitRoom() <-chan struct{} {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed || len(q.events)-q.head < q.size {
		return nil
	}
	return q.room
}

func (q *queue) count() uint64 {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.enqueued
}

func (q *queue) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	if !q.closed {
		q.closed = true
		close(q.room)
		q.signal()
	}
}

func errClosed(op string) error { return fmt.Errorf("%s: controller closed: %w", op, fs.ErrClosed) }

func (q *queue) length() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.events) - q.head
}
