package host

import (
	"context"
	"sync"
	"time"
)

const (
	// readers is how many chats are read at once.
	readers = 4
	// readerPatience is how long one may keep another from being begun,
	// readPatience how long the last ones may keep from going on.
	readerPatience = 2 * time.Second
	readPatience   = 10 * time.Second
)

// beside reads things, some at a time, and gives what was read: each as soon as it
// is there or, with together, all at the end. A reading that takes long, since the
// core refuses it again and again or does not answer at all, holds up nothing: it
// is gone past, goes on beside the others, and is given when it has ended.
func beside[T, R any](ctx context.Context, c *catchUp, things []T, together bool, read func(T) R, give func([]R)) {
	out := outcomes[R]{together: together, give: give}
	places := make(chan struct{}, readers)
	var under sync.WaitGroup
	for _, one := range things {
		select {
		case places <- struct{}{}:
		case <-ctx.Done():
			c.fail() // the others stay unread
			return
		}
		under.Add(1)
		c.begun()
		c.h.work.Go(func() {
			defer c.ended()
			defer under.Done()
			leave := sync.OnceFunc(func() { <-places })
			defer leave()
			defer time.AfterFunc(readerPatience, leave).Stop()
			out.put(read(one))
		})
	}
	bounded(readPatience, under.Wait)
	out.all()
}

// patiently runs f and goes past it where it takes long.
func (c *catchUp) patiently(ctx context.Context, f func()) {
	beside(ctx, c, []func(){f}, false, func(f func()) (none struct{}) { f(); return }, func([]struct{}) {})
}

// outcomes are what was read.
type outcomes[R any] struct {
	give func([]R)

	mu       sync.Mutex // guards what follows
	together bool       // they are held
	held     []R
}

func (o *outcomes[R]) put(one R) {
	o.mu.Lock()
	if o.together {
		o.held = append(o.held, one)
		o.mu.Unlock()
		return
	}
	o.mu.Unlock()
	o.give([]R{one})
}

// all gives what is held, and holds no more.
func (o *outcomes[R]) all() {
	o.mu.Lock()
	held := o.held
	o.held, o.together = nil, false
	o.mu.Unlock()
	if len(held) > 0 {
		o.give(held)
	}
}
