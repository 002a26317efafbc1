package lanes

import "context"

// Stop takes no more messages: those that wait and those to come are left as
// they are, unread, for the next start. Other events are not found again, so
// the lanes still handle the ones they have, unless they were never opened.
func (d *Dispatcher) Stop() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.stopping, d.support = true, false
	for _, l := range d.lanes {
		l.queue.filter(func(e *entry) bool { return !d.held && d.keepAtStop(l, e) })
		l.closed, l.left = 0, nil
		d.wake(l)
		d.forget(l)
	}
	for _, next := range d.spare {
		close(next)
	}
	d.spare = nil
	d.settle()
}

func (d *Dispatcher) keepAtStop(l *lane, e *entry) bool {
	if e.spilled() {
		d.kept--
		return false
	}
	if _, _, ok := e.ev.MessageIDs(d.userID); ok {
		l.bodies--
		d.bytes -= e.size
		return false
	}
	return true
}

// Quiet waits until no lane handles anything and nothing waits that could be
// handled.
func (d *Dispatcher) Quiet(ctx context.Context) error {
	for {
		d.mu.Lock()
		if d.still() {
			d.mu.Unlock()
			return nil
		}
		if d.quiet == nil {
			d.quiet = make(chan struct{})
		}
		quiet := d.quiet
		d.mu.Unlock()
		select {
		case <-quiet:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// still tells, with mu held, that nothing is under way. Lanes that are held or
// closed still have something to come.
func (d *Dispatcher) still() bool {
	if d.running > 0 {
		return false
	}
	for _, l := range d.lanes {
		if !l.empty() || l.closed > 0 {
			return false
		}
	}
	return true
}

// settle wakes those who wait in Quiet, with mu held.
func (d *Dispatcher) settle() {
	if d.quiet != nil && d.running == 0 {
		close(d.quiet)
		d.quiet = nil
	}
}

// Idle tells whether Quiet would return at once.
func (d *Dispatcher) Idle() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.still()
}
