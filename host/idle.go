package host

import (
	"context"

	"github.com/simplex-lua/simplex-lua/luaapi"
)

// Idle waits until every event that the core has made so far is handled and no
// handler or task is under way; those that wait in ask and the like do not
// count. enqueued tells how many events the core has made, handed out or not;
// the simulated network has such a count. Timers may begin new work at any time; Pending tells.
//
// It returns ErrStopped when the bot stops, and ctx's error.
func (h *Host) Idle(ctx context.Context, enqueued func() uint64) error {
	for _, first := range []chan struct{}{h.ready, h.caughtUp} {
		select {
		case <-first:
		case <-h.ended:
			return ErrStopped
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(h.stopped, cancel)()
	err := poll(ctx, func() bool { return h.quietNow(enqueued) })
	if h.stopped.Err() != nil {
		return ErrStopped // whatever was last seen: nothing new is handled any more
	}
	return err
}

// Pending tells what a bot at rest is still going to do by itself, in all
// generations: a program that waits for the bot's last word waits until there
// are no Timers, and for Waiting as long as it likes. It does not block.
func (h *Host) Pending() luaapi.Pending { return h.script.pending() }

// quietNow looks at the count of events before and after the rest: a handler
// that ends in between may have made one more.
func (h *Host) quietNow(enqueued func() uint64) bool {
	n := enqueued()
	return h.receiver.settled.Load() == n && h.script.busy() == 0 && h.dispatcher.Idle() && h.live.waking.Load() == 0 && h.errors.untold.Load() == 0 && h.telling.Load() == 0 && enqueued() == n
}
