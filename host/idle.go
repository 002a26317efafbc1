package host

import "context"

// Idle waits until every event that the core has made so far is handled and no
// handler or task is under way; those that wait in ask and the like do not
// count. enqueued tells how many events the core has made, handed out or not;
// the simulated network has such a count. Timers may begin new work at any time.
//
// It returns ErrStopped when Run ends, and ctx's error.
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
	if err != nil && h.stopped.Err() != nil {
		return ErrStopped
	}
	return err
}

// quietNow looks at the count of events before and after the rest: a handler
// that ends in between may have made one more.
func (h *Host) quietNow(enqueued func() uint64) bool {
	n := enqueued()
	return h.receiver.settled.Load() == n && h.script.busy() == 0 && h.dispatcher.calm() && enqueued() == n
}
