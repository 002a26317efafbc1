package sql

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/simplex-lua/simplex-lua/luaapi/module"
	"github.com/simplex-lua/simplex-lua/luaapi/permission"
)

// handle is what sql.open returns: a database that is opened when it is first
// used. Its methods are safe for use by several goroutines and block.
type handle struct {
	open    func(ctx context.Context) (source, error)
	timeout time.Duration // of a statement, waiting for its turn included
	limit   int           // rows of a result

	opening chan struct{} // holds a token while nobody opens

	mu sync.Mutex // guards the fields below
	// src is nil until it is open.
	src    source
	closed bool
	// inside are the handlers that are in a transaction.
	inside map[context.Context]bool

	// ending counts the closings and rollbacks under way that no handler waits for.
	ending *sync.WaitGroup
}

func newHandle(ending *sync.WaitGroup) *handle {
	h := &handle{
		timeout: defaultTimeout, limit: defaultLimit, opening: make(chan struct{}, 1),
		inside: map[context.Context]bool{}, ending: ending,
	}
	h.opening <- struct{}{}
	return h
}

// within runs fn for at most the handle's time-out; handler is the caller's
// context. The error is one for scripts.
func (h *handle) within(handler context.Context, fn func(ctx context.Context) error) error {
	ctx, cancel := context.WithTimeout(handler, h.timeout)
	defer cancel()
	err := fn(ctx)
	switch {
	case err == nil || handler.Err() != nil:
		return err
	case ctx.Err() != nil:
		return module.Errorf(module.ErrTimeout, "it took longer than %v", h.timeout)
	case errors.As(err, new(*module.Error)) || errors.As(err, new(*permission.Error)):
		return err
	}
	return module.Errorf(module.ErrIO, "%v", err)
}

// take returns a session, and opens the database where nobody has yet.
func (h *handle) take(ctx context.Context) (session, error) {
	select {
	case <-h.opening:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	src, err := h.source(ctx)
	h.opening <- struct{}{}
	if err != nil {
		return nil, err
	}
	return src.take(ctx)
}

// source is called by one at a time.
func (h *handle) source(ctx context.Context) (source, error) {
	h.mu.Lock()
	src, closed := h.src, h.closed
	h.mu.Unlock()
	if closed {
		return nil, errClosed()
	}
	if src != nil {
		return src, nil
	}
	src, err := h.open(ctx)
	if err != nil {
		return nil, err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed { // meanwhile
		src.close()
		return nil, errClosed()
	}
	h.src = src
	return src, nil
}

func errClosed() error { return module.Errorf(module.ErrClosed, "the database is closed") }

// run runs one statement by itself.
func (h *handle) run(handler context.Context, q query) (r *result, err error) {
	if h.isInside(handler) {
		return nil, module.Errorf(module.ErrArgument, "in a transaction of this database, use the methods of the transaction: tx:query(…)")
	}
	err = h.within(handler, func(ctx context.Context) error {
		s, err := h.take(ctx)
		if err != nil {
			return err
		}
		defer s.release()
		r, err = s.run(ctx, q)
		return err
	})
	return r, err
}

func (h *handle) isInside(handler context.Context) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.inside[handler]
}

func (h *handle) setInside(handler context.Context, on bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if on {
		h.inside[handler] = true
	} else {
		delete(h.inside, handler)
	}
}

// close lets the database be used no more; it closes when those who have a
// session have given it back. Ending tells when. The second call does nothing.
func (h *handle) close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.src != nil {
		h.ending.Go(h.src.close)
	}
	h.src, h.closed = nil, true
}
