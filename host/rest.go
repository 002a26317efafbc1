package host

import (
	"context"
	"errors"
	"runtime"
)

// quickLooks is how often Rest looks before it takes its time.
const quickLooks = 200

// over is a context that has ended: with it, Idle looks and does not wait.
var over = func() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}()

// Rest waits until the bot has nothing to do but what time would bring, as Idle
// does; made is as there. A bot that is stopping, as that tells, is at rest when
// it has stopped. It returns ctx's error where that ends first.
func (h *Host) Rest(ctx context.Context, made func() uint64, stopping func() bool) error {
	for range quickLooks { // most handlers end sooner than Idle looks again
		if h.Idle(over, made) == nil && !stopping() {
			return ctx.Err()
		}
		runtime.Gosched()
	}
	err := h.Idle(ctx, made)
	if err != nil && !errors.Is(err, ErrStopped) || err == nil && !stopping() {
		return err
	}
	select {
	case <-h.Done():
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
