package native

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// pollGrace is how long Close waits for a wait for events to come out of the core.
const pollGrace = 10 * time.Millisecond

// Close ends a Receive under way, waits for the commands and file calls that are
// inside the core, closes the store and gives the database lock back. It does not
// send /_stop. No call enters the core after it has begun.
//
// A wait for events that is inside the core gets 10 ms to come out and is then
// left behind: it reads a queue in memory and not the store, nothing wakes it, and
// ending must not take as long as a long poll (docs/decisions/0002).
//
// If ctx ends before the commands have, Close returns an error that wraps
// ctx.Err(), and the store is closed, and the lock given back, as soon as the last
// one has come out.
//
// A second Close waits as the first does and returns nil, or ctx's error.
//
// C: chat_close_store, whose result is empty or an error's text.
func (c *Controller) Close(ctx context.Context) error {
	if c.gate.shut() {
		c.polls.shut()
		go c.finish() // ends when the last command has come out of the core
	}
	select {
	case <-c.gate.empty: // closing takes a moment and is worth it, whatever ctx says
	default:
		select {
		case <-c.gate.empty:
		case <-ctx.Done():
			return fmt.Errorf("close chat database %s: calls are still inside the core: %w", c.database, ctx.Err())
		}
	}
	return <-c.closed
}

// finish closes the store once no command is inside the core.
func (c *Controller) finish() {
	<-c.gate.empty
	select {
	case <-c.polls.empty:
	case <-time.After(pollGrace):
	}
	text, err := c.fn.takeText("chat_close_store", c.fn.closeStore(c.handle))
	if err == nil && len(text) > 0 {
		err = fmt.Errorf("chat_close_store: %s", text)
	}
	err = errors.Join(err, c.unlock())
	if err != nil {
		err = fmt.Errorf("close chat database %s: %w", c.database, err)
	}
	c.closed <- err
	close(c.closed)
}
