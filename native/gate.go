package native

import "sync"

// gate counts the calls that are inside the core and, once shut, lets no more
// in. It is how Close knows that the store is used by nobody.
type gate struct {
	shutting chan struct{} // closed when shut begins
	empty    chan struct{} // closed when the gate is shut and nobody is inside

	mu     sync.Mutex // guards the fields below
	closed bool
	inside int
}

func newGate() *gate {
	return &gate{shutting: make(chan struct{}), empty: make(chan struct{})}
}

// enter lets one call in; it must leave. It reports false when the gate is shut.
func (g *gate) enter() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.closed {
		return false
	}
	g.inside++
	return true
}

func (g *gate) leave() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.inside--
	if g.closed && g.inside == 0 {
		close(g.empty)
	}
}

// shut closes the gate. It reports false if it was shut before.
func (g *gate) shut() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.closed {
		return false
	}
	g.closed = true
	close(g.shutting)
	if g.inside == 0 {
		close(g.empty)
	}
	return true
}
