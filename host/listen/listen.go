package listen

import (
	"context"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"sync"
	"time"

	"golang.org/x/net/netutil"

	"github.com/simplex-lua/simplex-lua/luaapi/module"
)

// Addresses are the open addresses of a bot. The zero value is ready for use, also
// by several goroutines.
type Addresses struct {
	mu   sync.Mutex // guards open and the users of each endpoint
	open map[key]*endpoint
}

var _ module.Listeners = (*Addresses)(nil)

// key is what a generation asked for, and how often it had asked for it.
type key struct {
	address string
	nth     int
}

const (
	// maxConnections is how many connections an address has at most; the next ones
	// wait in the system's queue.
	maxConnections = 256
	// headerPatience is how long a client may take for the header of a request,
	// idlePatience how long a connection may rest between two.
	headerPatience = 10 * time.Second
	idlePatience   = 2 * time.Minute
	maxHeader      = 32 << 10
	// answerPatience is how long requests under way may go on when the last user
	// of an address has ended.
	answerPatience = time.Second
)

// Listen opens an address or joins who has it open, as module.Listeners says. The
// error names the address and wraps the system's.
func (as *Addresses) Listen(ctx context.Context, address string, nth int) (module.Listener, error) {
	as.mu.Lock()
	defer as.mu.Unlock()
	k := key{address, nth}
	e := as.open[k]
	if e == nil {
		socket, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
		if err != nil {
			return nil, fmt.Errorf("listen on %s: %w", address, err)
		}
		e = newEndpoint(socket)
		if as.open == nil {
			as.open = map[key]*endpoint{}
		}
		as.open[k] = e
	}
	e.users++
	return &use{endpoint: e, close: sync.OnceFunc(func() { as.leave(k, e) })}, nil
}

// leave ends a use; the last one closes the address.
func (as *Addresses) leave(k key, e *endpoint) {
	as.mu.Lock()
	e.users--
	last := e.users == 0
	if last {
		delete(as.open, k)
		// With the lock held, for whoever listens there next finds the port free.
		e.socket.Close()
	}
	as.mu.Unlock()
	if last {
		e.shutdown()
	}
}

// endpoint is an open address.
type endpoint struct {
	socket net.Listener
	server *http.Server
	users  int           // Addresses.mu guards it
	served chan struct{} // closed when the server has ended

	mu      sync.Mutex // guards what follows
	handler http.Handler
	begun   chan struct{} // closed with the first handler
}

func newEndpoint(socket net.Listener) *endpoint {
	e := &endpoint{socket: socket, served: make(chan struct{}), begun: make(chan struct{})}
	e.server = &http.Server{
		Handler: e, ReadHeaderTimeout: headerPatience, IdleTimeout: idlePatience, MaxHeaderBytes: maxHeader,
		ErrorLog: log.New(io.Discard, "", 0), // what clients do wrong is theirs
	}
	go func() { // ends with shutdown
		defer close(e.served)
		_ = e.server.Serve(netutil.LimitListener(socket, maxConnections)) // it ends with the socket
	}()
	return e
}

func (e *endpoint) shutdown() {
	ctx, cancel := context.WithTimeout(context.Background(), answerPatience)
	defer cancel()
	if e.server.Shutdown(ctx) != nil {
		e.server.Close()
	}
	<-e.served
}

// current is who answers, and what is closed when there is somebody.
func (e *endpoint) current() (http.Handler, <-chan struct{}) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.handler, e.begun
}

// ServeHTTP hands a request to the newest generation. Where the first one is
// still starting, the request waits for it.
func (e *endpoint) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h, begun := e.current()
	if h == nil {
		select {
		case <-begun:
			h, _ = e.current()
		case <-r.Context().Done():
			return
		}
	}
	h.ServeHTTP(w, r)
}

// use is one generation's part in an endpoint.
type use struct {
	endpoint *endpoint
	close    func()
}

var _ module.Listener = (*use)(nil)

func (u *use) Addr() net.Addr { return u.endpoint.socket.Addr() }

func (u *use) Serve(h http.Handler) {
	e := u.endpoint
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.handler == nil {
		close(e.begun)
	}
	e.handler = h
}

func (u *use) Current() http.Handler {
	h, _ := u.endpoint.current()
	return h
}

func (u *use) Close() { u.close() }
