package store

import (
	"context"
	"sync"
)

// shared are the databases that are open in this process, by path or URL. The
// generations of a script, and scripts with the same server, use one together.
var shared = registry{open: map[string]*user{}}

type registry struct {
	mu   sync.Mutex // guards open and the counts
	open map[string]*user
}

// user is one open database and how many use it.
type user struct {
	count int
	ready chan struct{} // holds a token while nobody is opening it
	db    *database     // nil until it is open
}

// acquire returns the database of that name, opened with open if nobody has it
// yet. Each acquire without an error needs a release. It blocks while somebody
// opens it, and ends with ctx.
func (r *registry) acquire(ctx context.Context, name string, open func(context.Context) (engine, error)) (*database, error) {
	r.mu.Lock()
	u := r.open[name]
	if u == nil {
		u = &user{ready: make(chan struct{}, 1)}
		u.ready <- struct{}{}
		r.open[name] = u
	}
	u.count++
	r.mu.Unlock()

	db, err := u.get(ctx, open)
	if err != nil {
		r.release(name)
	}
	return db, err
}

func (u *user) get(ctx context.Context, open func(context.Context) (engine, error)) (*database, error) {
	select {
	case <-u.ready:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	defer func() { u.ready <- struct{}{} }()
	if u.db == nil {
		e, err := open(ctx)
		if err != nil {
			return nil, err
		}
		u.db = &database{e}
	}
	return u.db, nil
}

// release gives a database back; the last one closes it.
func (r *registry) release(name string) error {
	r.mu.Lock()
	u := r.open[name]
	u.count--
	last := u.count == 0
	if last {
		delete(r.open, name)
	}
	r.mu.Unlock()
	if !last || u.db == nil {
		return nil
	}
	return u.db.engine.close()
}
