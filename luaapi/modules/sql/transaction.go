package sql

import (
	"context"
	"time"

	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/luaapi/module"
)

// transaction is what the function of db:transaction gets.
type transaction struct {
	handle *handle
	// session holds the session while no statement runs; it is empty for good
	// when the transaction has ended.
	session chan session
	over    chan struct{} // closed when it has ended
}

// begin begins a transaction of a handler.
func (h *handle) begin(handler context.Context) (*transaction, error) {
	if h.isInside(handler) {
		return nil, module.Errorf(module.ErrArgument, "this handler is in a transaction of this database already; they do not nest")
	}
	tx := &transaction{handle: h, session: make(chan session, 1), over: make(chan struct{})}
	err := h.within(handler, func(ctx context.Context) error {
		s, err := h.take(ctx)
		if err != nil {
			return err
		}
		if err := s.begin(ctx); err != nil {
			s.release()
			return err
		}
		tx.session <- s
		return nil
	})
	if err != nil {
		return nil, err
	}
	h.setInside(handler, true)
	return tx, nil
}

// run runs one statement of the transaction.
func (tx *transaction) run(handler context.Context, q query) (r *result, err error) {
	err = tx.handle.within(handler, func(ctx context.Context) error {
		select {
		case s := <-tx.session:
			defer func() { tx.session <- s }()
			r, err = s.run(ctx, q)
			return err
		case <-tx.over:
			return module.Errorf(module.ErrClosed, "the transaction has ended")
		case <-ctx.Done():
			return ctx.Err()
		}
	})
	return r, err
}

// end waits for a statement under way and ends the transaction; where it cannot
// be committed, it is rolled back.
func (tx *transaction) end(ctx context.Context, commit bool) error {
	s := <-tx.session
	close(tx.over)
	defer s.release()
	err := s.end(ctx, commit)
	if commit && err != nil {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), rollbackTime)
		defer cancel()
		_ = s.end(ctx, false) // the first error says why
	}
	return err
}

// rollbackTime is how long a rollback may take that nobody can wait for.
const rollbackTime = 10 * time.Second

// commit ends the transaction of a handler that is still there.
func (tx *transaction) commit(handler context.Context) error {
	return tx.handle.within(handler, func(ctx context.Context) error { return tx.end(ctx, true) })
}

// abandon rolls the transaction back, without anybody waiting for it: its
// handler may have been cut. Nobody sees what it wrote meanwhile.
func (tx *transaction) abandon() {
	tx.handle.ending.Go(func() {
		ctx, cancel := context.WithTimeout(context.Background(), rollbackTime)
		defer cancel()
		_ = tx.end(ctx, false) // a session that cannot even do that is lost, and its transaction with it
	})
}

// transaction is db:transaction(fn) → what fn returns.
func (m *databases) transaction(L *lua.LState) int {
	h := module.This[*handle](m.vm, L, "database", "transaction")
	fn := module.Func(m.vm, L, 2, "database:transaction")
	var tx *transaction // nil until it has begun
	var handler context.Context
	ended := false
	// It is said before the wait, for a handler that is cut in it does not get
	// beyond, though the transaction may have begun.
	defer func() {
		if tx == nil {
			return
		}
		if h.setInside(handler, false); !ended {
			tx.abandon()
		}
	}()
	m.wait(L, "database:transaction", func(ctx context.Context) (err error) {
		handler = ctx
		tx, err = h.begin(ctx)
		return err
	})
	top := L.GetTop()
	L.Push(fn)
	L.Push(&lua.LUserData{Value: tx, Metatable: m.txClass})
	L.Call(1, lua.MultRet)
	m.wait(L, "database:transaction", func(ctx context.Context) error {
		ended = true // whatever comes of it
		return tx.commit(ctx)
	})
	return L.GetTop() - top
}
