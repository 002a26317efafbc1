package luaapi

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// calls keeps the calls under way.
type calls struct {
	mu      sync.Mutex // guards what follows
	changed *sync.Cond
	all     map[*call]struct{}
	asking  int
	closed  error
}

func (cs *calls) init() {
	cs.changed = sync.NewCond(&cs.mu)
	cs.all = map[*call]struct{}{}
}

func (cs *calls) add(c *call) {
	cs.mu.Lock()
	defer cs.mu.Unlock()
	cs.all[c] = struct{}{}
	if cs.closed != nil {
		c.cut(cs.closed)
	}
}

func (cs *calls) remove(c *call) {
	cs.mu.Lock()
	defer cs.mu.Unlock()
	delete(cs.all, c)
	cs.changed.Broadcast()
}

// restForMessage is rest for a call that only a message wakes up.
func (cs *calls) restForMessage(c *call) {
	cs.mu.Lock()
	defer cs.mu.Unlock()
	c.forMessage = c.resting // else it is awake by now
}

// rest counts c as one that waits for others. ls is given where its lane rests
// with it.
func (cs *calls) rest(c *call, ls *lanes) {
	cs.mu.Lock()
	defer cs.mu.Unlock()
	cs.asking++
	c.resting = true
	if ls != nil && c.held != nil {
		c.asleep = ls
		ls.awake.Add(-1)
	}
}

func (cs *calls) rouse(c *call) {
	cs.mu.Lock()
	defer cs.mu.Unlock()
	if !c.resting {
		return
	}
	cs.asking--
	c.resting, c.forMessage = false, false
	if c.asleep != nil {
		c.asleep.awake.Add(1)
		c.asleep = nil
	}
}

// close refuses further calls and cuts those under way.
func (cs *calls) close(err error) {
	cs.mu.Lock()
	if cs.closed == nil {
		cs.closed = err
	}
	cs.mu.Unlock()
	cs.cutAll(err)
}

// cutAll cuts the calls under way and waits for them. One that hangs in the
// core is left behind after closeWait.
func (cs *calls) cutAll(err error) {
	cs.mu.Lock()
	for c := range cs.all {
		c.cut(err)
	}
	cs.mu.Unlock()
	ctx, cancel := context.WithTimeout(context.Background(), closeWait)
	defer cancel()
	cs.wait(ctx)
}

const closeWait = 2 * time.Second

// wait blocks until no call is under way or ctx ends.
func (cs *calls) wait(ctx context.Context) error {
	stop := context.AfterFunc(ctx, func() {
		cs.mu.Lock()
		defer cs.mu.Unlock()
		cs.changed.Broadcast()
	})
	defer stop()
	cs.mu.Lock()
	defer cs.mu.Unlock()
	for len(cs.all) > 0 {
		if ctx.Err() != nil {
			return fmt.Errorf("%d handlers were still under way: %w", len(cs.all), ctx.Err())
		}
		cs.changed.Wait()
	}
	return nil
}

// Busy returns how many handlers and tasks are under way, those that wait in
// ask or wait_for not counted. Where the clock is moved by hand, those that
// sleep are not counted either, and lanes with something to do are.
func (rt *Runtime) Busy() int {
	rt.calls.mu.Lock()
	defer rt.calls.mu.Unlock()
	busy := len(rt.calls.all) - rt.calls.asking
	if rt.lanes != nil {
		busy += int(rt.lanes.awake.Load())
	}
	return busy
}

// Handling returns how many handlers of events are under way, in their lane or
// beside it, and may still end while the bot stops: those that wait for a message
// are not counted, nor are timers and tasks. Where the clock is moved by hand, none
// that waits or sleeps is counted.
func (rt *Runtime) Handling() int {
	rt.calls.mu.Lock()
	defer rt.calls.mu.Unlock()
	n := 0
	for c := range rt.calls.all {
		if c.group != nil && !(c.resting && (c.forMessage || rt.lanes != nil)) {
			n++
		}
	}
	return n
}
