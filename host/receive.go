package host

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"runtime"
	"sync/atomic"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/chat"
)

const (
	// receiveWait is how long one call waits for an event. Closing the core ends
	// it early, so it only decides how often an idle bot wakes up.
	receiveWait = 10 * time.Second
	// A Receive that fails again and again is asked at these intervals.
	firstBackoff = 10 * time.Millisecond
	lastBackoff  = 5 * time.Second
	// unreadableBurst is how many unreadable events are logged one by one; after
	// that every thousandth is, for a storm of them must not fill the disk.
	unreadableBurst = 20
)

// receiver takes the events of one controller, in one goroutine that runs no
// Lua, sends nothing and so never stops: the core's own queue is bounded, and
// when it is full, sending blocks.
type receiver struct {
	core   chat.Core
	log    *slog.Logger
	push   func(ev chat.Event) (pause time.Duration)
	report func(err error) // must not block
	lost   func()          // is called before report where an event cannot be read; must not block
	quit   <-chan struct{} // closed when nothing more is wanted

	// settled counts what was received and has been put in its lane, or dropped.
	settled    atomic.Uint64
	unreadable atomic.Uint64
	failing    atomic.Bool
}

// run ends when the core is closed or quit is. It returns nil in the second
// case, else the error that the core ended with.
func (r *receiver) run() error {
	backoff := firstBackoff
	for {
		data, err := r.core.Receive(receiveWait)
		select {
		case <-r.quit:
			return nil
		default:
		}
		switch {
		case errors.Is(err, fs.ErrClosed):
			return err
		case err != nil:
			r.fail(err, backoff)
			if !r.pause(backoff) {
				return nil
			}
			backoff = min(2*backoff, lastBackoff)
			continue
		case data != nil:
			r.take(data)
		}
		backoff = firstBackoff
		if r.failing.Swap(false) {
			r.log.Info("events of the core arrive again")
		}
	}
}

func (r *receiver) take(data []byte) {
	ev, err := chat.ParseEvent(data)
	if err != nil {
		r.unreadableEvent(err)
	} else {
		if pause := r.push(ev); pause > 0 {
			time.Sleep(pause)
		} else {
			// The lane's goroutine may have this processor now: the next Receive would
			// keep it for as long as it takes another one to notice.
			runtime.Gosched()
		}
	}
	r.settled.Add(1)
}

// unreadableEvent is for what is not JSON, null, or has no type. The event is
// lost, the loop goes on.
func (r *receiver) unreadableEvent(err error) {
	r.lost()
	n := r.unreadable.Add(1)
	switch {
	case n <= unreadableBurst:
		r.report(fmt.Errorf("an event is lost: %w", err))
	case n%1000 == 0:
		r.log.Error("more events are lost", "unreadable", n, "err", err)
	}
}

// fail tells about the first error of a row, and then now and again.
func (r *receiver) fail(err error, backoff time.Duration) {
	if !r.failing.Swap(true) {
		r.report(fmt.Errorf("no event could be received; trying again: %w", err))
		return
	}
	if backoff == lastBackoff {
		r.log.Warn("still no event can be received", "err", err)
	}
}

func (r *receiver) pause(d time.Duration) bool {
	select {
	case <-time.After(d):
		return true
	case <-r.quit:
		return false
	}
}

// maxUntold is how many errors wait until the script is told about them.
const maxUntold = 32

// errorQueue tells the script's on_error handlers about the receiver's errors, in
// a goroutine of its own: such a handler may send or sleep, and events must be
// taken meanwhile.
type errorQueue struct {
	log    *slog.Logger
	errs   chan error
	untold atomic.Int64 // also those that are being told
}

func newErrorQueue(log *slog.Logger) *errorQueue {
	return &errorQueue{log: log, errs: make(chan error, maxUntold)}
}

// put does not block: where too many wait, the error is only logged.
func (q *errorQueue) put(err error) {
	q.untold.Add(1)
	select {
	case q.errs <- err:
	default:
		q.untold.Add(-1)
		q.log.Error("an error that the script's on_error is not told, since too many wait for it", "err", err)
	}
}

// run ends with ctx.
func (q *errorQueue) run(ctx context.Context, tell func(error)) {
	for {
		select {
		case err := <-q.errs:
			tell(err)
			q.untold.Add(-1)
		case <-ctx.Done():
			return
		}
	}
}
