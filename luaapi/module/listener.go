package module

import (
	"context"
	"net"
	"net/http"
)

// Listeners are the addresses that a bot answers HTTP on. They belong to the
// host, so that a reload neither closes a socket nor ends a connection. Safe for
// use by several goroutines.
type Listeners interface {
	// Listen opens address, or joins who has it open: an older generation of the
	// script. nth tells uses of the same address by one generation apart, for
	// addresses with the port 0. The error names the address.
	Listen(ctx context.Context, address string, nth int) (Listener, error)
}

// Listener is one user's part in an open address.
type Listener interface {
	// Addr is where it listens.
	Addr() net.Addr
	// Serve has h answer each request that comes from now on, in the place of
	// what answered before. Until the first call requests wait.
	Serve(h http.Handler)
	// Current is what answers now, nil before the first Serve.
	Current() http.Handler
	// Close ends this use; the last one closes the address, and waits a moment for
	// the requests under way. The second call does nothing.
	Close()
}
