package native

import (
	"context"
	"time"
)

const (
	// quickPoll is how long Receive waits on its caller's goroutine before it
	// hands the wait to another one. Events that come close together are so
	// taken without a change of goroutine.
	quickPoll = time.Millisecond

	// pollSlice is the longest single wait inside the core, and so the longest
	// that Close has to wait for one. Each wait that ends costs an idle process
	// some context switches: fewer and longer ones cost less.
	pollSlice = 500 * time.Millisecond
)

// Receive waits for the next event for at most wait, rounded up to a
// microsecond, and returns its JSON. A time-out is (nil, nil), and so is a wait
// of zero or less, at once. Only one Receive may be under way; a second one is
// ErrReceiving.
//
// Close ends a Receive under way at once, with an error that wraps
// fs.ErrClosed. Nothing ends the wait inside the core: it is left behind, at
// most pollSlice long, and Close waits for it before the store closes. An event
// that it still gets is dropped, as when the process had ended a moment before.
//
// C: chat_recv_msg_wait.
func (c *Controller) Receive(wait time.Duration) ([]byte, error) {
	if err := c.refuse(context.Background()); err != nil || wait <= 0 {
		return nil, err
	}
	select {
	case c.receiving <- struct{}{}:
		defer func() { <-c.receiving }()
	default:
		return nil, ErrReceiving
	}
	event, err := c.poll(min(wait, quickPoll))
	for wait -= quickPoll; event == nil && err == nil && wait > 0; wait -= pollSlice {
		event, err = c.pollAside(min(wait, pollSlice))
	}
	return event, err
}

// pollAside polls on a goroutine of its own, so that Close ends the waiting. The
// goroutine ends with its poll.
func (c *Controller) pollAside(wait time.Duration) ([]byte, error) {
	type result struct {
		event []byte
		err   error
	}
	done := make(chan result, 1)
	go func() {
		event, err := c.poll(wait)
		done <- result{event, err}
	}()
	select {
	case r := <-done:
		return r.event, r.err
	case <-c.gate.shutting:
		return nil, errClosed
	}
}

// poll asks the core once, for at most pollSlice. No event is nil.
func (c *Controller) poll(wait time.Duration) ([]byte, error) {
	if !c.gate.enter() {
		return nil, errClosed
	}
	defer c.gate.leave()
	microseconds := (wait + time.Microsecond - 1) / time.Microsecond
	event, err := c.fn.takeText("chat_recv_msg_wait", c.fn.recvMsgWait(c.handle, int32(microseconds)))
	if len(event) == 0 {
		return nil, err
	}
	return event, nil
}
