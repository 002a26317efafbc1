package host

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/simplex-lua/simplex-lua/internal/chat"
)

// Eval runs one piece of Lua inside the running script, for an operator, and
// returns its values as text. What it prints goes to out. It blocks until the
// code has ended, is cut by its limits, or ctx ends. Errors are a
// *luaapi.ScriptError, luaapi.ErrIncomplete, or ErrStopped.
func (h *Host) Eval(ctx context.Context, code string, out io.Writer) (string, error) {
	g, err := h.enterScript()
	if err != nil {
		return "", err
	}
	defer g.leave()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(h.stopped, cancel)()
	return g.rt.Eval(ctx, code, out)
}

// Complete returns the names that the last word of a line for Eval may become.
func (h *Host) Complete(text string) []string {
	g, err := h.enterScript()
	if err != nil {
		return nil
	}
	defer g.leave()
	return g.rt.Complete(text)
}

// enterScript takes the current generation of a bot that is ready. It must be
// left after.
func (h *Host) enterScript() (*generation, error) {
	select {
	case <-h.ready:
	default:
		return nil, ErrStopped
	}
	g, _ := h.script.enter()
	if g == nil {
		return nil, ErrStopped
	}
	return g, nil
}

// Ping asks the core for its version, which needs neither its database nor the
// network, and tells whether it answered before ctx ended. One that hangs is
// left behind; until it has ended, others wait for it. Before the controller is
// open it returns ErrStopped.
func (h *Host) Ping(ctx context.Context) error {
	select {
	case <-h.opened:
	default:
		return ErrStopped
	}
	select {
	case h.pinging <- struct{}{}:
	case <-ctx.Done():
		return fmt.Errorf("the core has not answered an earlier question: %w", ctx.Err())
	}
	answered := make(chan error, 1)
	go func() {
		defer func() { <-h.pinging }()
		_, err := h.ctl.send(ctx, "/v")
		if refused := (*chat.CommandError)(nil); errors.As(err, &refused) {
			err = nil // it lives
		}
		answered <- err
	}()
	select {
	case err := <-answered:
		return err
	case <-ctx.Done():
		return fmt.Errorf("the core does not answer: %w", ctx.Err())
	}
}
