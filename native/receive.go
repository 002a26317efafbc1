package native

import (
	"context"
	"time"
)

// pollWaits are the lengths of the waits inside the core, one after the other
// while no event comes; the last repeats.
//
// The first is waited for on the caller's goroutine, so that events which come
// close together are taken without a change of goroutine. Close has to wait for
// the one under way, so they grow with the time that nothing has come. They do
// grow, because each that ends wakes Go's scheduler for about 10 ms: on an idle
// process some 15 context switches and 0.4 ms of processor time.
var pollWaits = [...]time.Duration{20 * time.Millisecond, 100 * time.Millisecond, time.Second, maxPoll}

// maxPoll is the longest wait inside the core.
const maxPoll = 5 * time.Second

// Receive waits for the next event for at most wait, rounded up to a
// microsecond, and returns its JSON. A time-out is (nil, nil), and so is a wait
// of zero or less, at once. Only one Receive may be under way; a second one is
// ErrReceiving.
//
// Close ends a Receive under way at once, with an error that wraps fs.ErrClosed,
// so wait may be long; 10 s or more keep an idle process quiet. Nothing ends the
// wait inside the core, which may be left behind for up to 5 s. An event that it
// still gets is dropped, as if the process had ended a moment before.
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
	for wait > 0 {
		slice := min(wait, pollWaits[c.quiet])
		poll := c.pollAside
		if c.quiet == 0 {
			poll = c.poll
		}
		event, err := poll(slice)
		if event != nil || err != nil {
			c.quiet = 0
			return event, err
		}
		c.quiet = min(c.quiet+1, len(pollWaits)-1)
		wait -= slice
	}
	return nil, nil
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
	case <-c.polls.shutting:
		return nil, errClosed
	}
}

// poll asks the core once. No event is nil.
func (c *Controller) poll(wait time.Duration) ([]byte, error) {
	if !c.polls.enter() {
		return nil, errClosed
	}
	defer c.polls.leave()
	microseconds := (wait + time.Microsecond - 1) / time.Microsecond
	event, err := c.fn.takeText("chat_recv_msg_wait", c.fn.recvMsgWait(c.handle, int32(microseconds)))
	if len(event) == 0 {
		return nil, err
	}
	return event, nil
}
