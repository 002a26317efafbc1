package host

import (
	"context"
	"errors"
	"fmt"
	"time"
)

const (
	// taskPatience is how long timers and tasks may go on when the bot stops and its
	// handlers have ended: those of bot.spawn may well never end.
	taskPatience = time.Second
	// gonePatience is how long handlers may go on when the core is gone.
	gonePatience = time.Second
	// hookPatience is how long on_stop handlers have at least.
	hookPatience = 2 * time.Second
	// closePatience bounds the last commands and the closing of the store.
	closePatience = 5 * time.Second
)

// shutdown stops what start has started, in this order, and skips what was
// never reached:
//
//	no more messages ▶ handlers end (grace) ▶ marks ▶ on_stop ▶ marks ▶ /_stop ▶ close
//
// The receiver goes on until the store is closed, so that the core's queue
// cannot fill up and block a handler's last message.
func (h *Host) shutdown(patience time.Duration) error {
	began := time.Now()
	h.stop() // also where the core ended by itself: this is what the others wait for
	if h.core != nil {
		h.log.Info("stopping")
	}
	if h.watcher != nil {
		h.watcher.Close()
	}
	grace, cancel := context.WithTimeout(h.ctx, max(patience, 0))
	defer cancel()
	select { // a reload under way is cut by its own context
	case h.reloadMu <- struct{}{}:
	case <-grace.Done():
	}
	if h.dispatcher != nil {
		h.dispatcher.Stop()
		if h.settleHandlers(grace) != nil {
			h.log.Warn("handlers are cut: they did not end in time", "grace", patience)
		}
		h.settleTasks(grace)
		h.flushMarks()
	}
	h.endDrains()
	h.endScript(grace)
	err := h.closeCore()
	h.cancel()
	err = errors.Join(err, h.settleWork())
	h.attempts.close()
	if h.core != nil {
		h.log.Info("stopped", "took", time.Since(began).Round(time.Millisecond))
	}
	return errors.Join(err, h.data.close())
}

// startWithin runs start, and waits no longer than closePatience for its end
// where ctx ends before. A start that ends still later is undone then.
func (h *Host) startWithin(ctx context.Context) (hangs bool, err error) {
	ended := make(chan error, 1)
	go func() { ended <- h.start(ctx) }()
	select {
	case err := <-ended:
		return false, err
	case <-ctx.Done():
	}
	limit := time.NewTimer(closePatience)
	defer limit.Stop()
	select {
	case err := <-ended:
		return false, err
	case <-limit.C:
		go func() {
			<-ended
			_ = h.shutdown(0) // Run has told that it did not close
		}()
		return true, nil
	}
}

// settleHandlers waits for handlers, in the lanes and beside them.
func (h *Host) settleHandlers(ctx context.Context) error {
	if err := h.dispatcher.Quiet(ctx); err != nil {
		return err
	}
	return poll(ctx, func() bool { return h.script.handling() == 0 })
}

// settleTasks waits for timers and tasks, for as long as there is any hope.
func (h *Host) settleTasks(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, taskPatience)
	defer cancel()
	_ = poll(ctx, func() bool { return h.script.busy() == 0 }) // what goes on after is cut
}

// endScript runs on_stop and cuts what is left, in every generation.
func (h *Host) endScript(grace context.Context) {
	last := h.script.end()
	if last == nil {
		return
	}
	last.end()
	ctx := grace
	if left, _ := grace.Deadline(); time.Until(left) < hookPatience {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(h.ctx, hookPatience)
		defer cancel()
	}
	if h.receiving {
		left, _ := ctx.Deadline()
		if !bounded(time.Until(left)+2*hookPatience, func() { last.rt.Stop(ctx, "stop") }) {
			h.log.Warn("on_stop hangs in the core and is left behind")
		}
		h.settleCut()
		h.flushMarks()
	} else {
		last.rt.Close() // it never began, so there is nothing for on_stop to end
	}
}

// settleCut waits until the events of the handlers that were cut are done, in
// the lanes and in older generations, so that they are marked too.
func (h *Host) settleCut() {
	ctx, cancel := context.WithTimeout(h.ctx, hookPatience)
	defer cancel()
	_ = h.dispatcher.Quiet(ctx) // what hangs in the core stays unread
	_ = poll(ctx, h.script.drainedAll)
}

func (h *Host) flushMarks() {
	ctx, cancel := context.WithTimeout(h.ctx, closePatience)
	defer cancel()
	if !bounded(closePatience, func() { h.marks.flush(ctx) }) {
		h.log.Warn("marks hang in the core; what was handled is handled again after the next start")
	}
}

// bounded runs f and waits for it for at most d. A command that the core does
// not answer cannot be taken back, so what hangs in one is left behind.
func bounded(d time.Duration, f func()) bool {
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		f()
	}()
	limit := time.NewTimer(d)
	defer limit.Stop()
	select {
	case <-ended:
		return true
	case <-limit.C:
		return false
	}
}

func (h *Host) stopChat() {
	if _, err := h.ctl.send(h.ctx, "/_stop"); err != nil {
		h.log.Warn("the chat did not stop", "err", err)
	}
}

// closeCore stops the chat, if it is ours and was started, and closes the store.
func (h *Host) closeCore() error {
	if h.core == nil {
		return nil
	}
	if h.chatStarted && !bounded(closePatience, h.stopChat) {
		h.log.Warn("the chat did not stop in time", "patience", closePatience)
	}
	ctx, cancel := context.WithTimeout(h.ctx, closePatience)
	defer cancel()
	var errs []error
	close(h.quit)
	if err := h.core.Close(ctx); err != nil {
		errs = append(errs, fmt.Errorf("%w: %w", ErrNotClosed, err))
	}
	if h.receiving {
		select {
		case <-h.received:
		case <-ctx.Done():
			errs = append(errs, fmt.Errorf("%w: the core still waits for an event", ErrNotClosed))
		}
	}
	return errors.Join(errs...)
}

// settleWork waits for the host's goroutines. One that hangs in a command is
// left behind.
func (h *Host) settleWork() error {
	if bounded(closePatience, h.work.Wait) {
		return nil
	}
	return fmt.Errorf("%w: a command did not end", ErrNotClosed)
}

// pollTick is how often a condition is asked for that nobody announces.
const pollTick = 2 * time.Millisecond

// poll waits until the condition holds.
func poll(ctx context.Context, holds func() bool) error {
	if holds() {
		return nil
	}
	tick := time.NewTicker(pollTick)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			if holds() {
				return nil
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
