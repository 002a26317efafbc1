package lanes

import "time"

// Stats are what a Dispatcher counts.
type Stats struct {
	// Lanes is how many chats have something to do, Queued and QueuedBytes what waits
	// in them; an event that is kept by its ids counts no bytes.
	Lanes, Queued int
	QueuedBytes   int64
	// Handled, Spilled, Dropped and Unwanted count events: handled, kept by their ids
	// until their turn, lost for lack of memory, and not kept since nobody would see
	// them.
	Handled, Spilled, Dropped, Unwanted uint64
	// Stopped tells that Stop was called.
	Stopped bool
}

// Stats returns the counts up to now. It visits all lanes.
func (d *Dispatcher) Stats() Stats {
	d.mu.Lock()
	defer d.mu.Unlock()
	s := Stats{
		Lanes: len(d.lanes), QueuedBytes: d.bytes, Stopped: d.stopping,
		Handled: d.handled, Spilled: d.spilled, Dropped: d.dropped, Unwanted: d.unwanted.Load(),
	}
	for _, l := range d.lanes {
		s.Queued += l.queue.len()
	}
	return s
}

// epoch is what stamps count from.
var epoch = time.Now()

// stamp is the time for an entry, 0 where nobody measures.
func (d *Dispatcher) stamp() int64 {
	if d.o.Handled == nil {
		return 0
	}
	return int64(time.Since(epoch)) + 1
}

// measured counts an entry whose turn is over.
func (d *Dispatcher) measured(stamp int64) {
	if stamp != 0 {
		d.o.Handled(time.Since(epoch) - time.Duration(stamp))
	}
}
