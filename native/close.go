package native

import (
	"context"
	"errors"
	"fmt"
)

// Close ends a Receive under way, waits for the calls that are inside the core,
// closes the store and gives the database lock back. It does not send /_stop.
//
// The store is closed only when nobody is inside the core, the wait that a
// Receive left behind included (see there: at most 5 s). If ctx ends before, Close
// returns an error that wraps ctx.Err(), and the store is closed, and the lock
// given back, as soon as the last call has come out. A process that ends before
// that leaves its database as a process that is killed does, which the database
// survives; so a program that must end at once gives Close a short time.
//
// A second Close waits as the first does and returns nil, or ctx's error.
//
// C: chat_close_store, whose result is empty or an error's text.
func (c *Controller) Close(ctx context.Context) error {
	if c.gate.shut() {
		go c.finish() // ends when the last call has come out of the core
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

// finish closes the store once nobody is inside the core.
func (c *Controller) finish() {
	<-c.gate.empty
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
