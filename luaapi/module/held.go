package module

import "sync"

// Held keeps what a script has open, as connections, in one generation: no more
// than a number of them, and none beyond the generation's end. Its methods are
// safe for use by several goroutines.
type Held[T comparable] struct {
	what, things string
	most         int
	end          func(T)

	mu   sync.Mutex // guards open
	open map[T]struct{}
}

// NewHeld is for at most so many things, made by the function called what. End
// ends one of them; it is called by Drop and at the generation's end, also for
// what has ended already, and does not wait for others of them.
func NewHeld[T comparable](vm VM, what, things string, most int, end func(T)) *Held[T] {
	h := &Held[T]{what: what, things: things, most: most, end: end, open: map[T]struct{}{}}
	vm.OnClose(h.dropAll)
	return h
}

// Add keeps one more. The error is of the type ErrLimit: then it is not kept.
func (h *Held[T]) Add(one T) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.open) >= h.most {
		return Errorf(ErrLimit, "%s: there are %d open %s already; close what is no longer needed", h.what, h.most, h.things)
	}
	h.open[one] = struct{}{}
	return nil
}

// Drop ends one, and keeps it no longer if it was kept.
func (h *Held[T]) Drop(one T) {
	h.mu.Lock()
	delete(h.open, one)
	h.mu.Unlock()
	h.end(one)
}

func (h *Held[T]) dropAll() {
	h.mu.Lock()
	open := h.open
	h.open = map[T]struct{}{}
	h.mu.Unlock()
	for one := range open {
		h.end(one)
	}
}
