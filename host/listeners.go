package host

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

// listeners are the open addresses of a bot. Each has one socket and one HTTP
// server for all generations of the script, and a generation that takes over
// only changes who answers: no connection notices a reload.
//
//	socket ─▶ http.Server ─▶ endpoint.ServeHTTP ─▶ handler of the newest generation
//
// The zero value is ready for use.
type listeners struct {
	mu   sync.Mutex // guards open and the users of each endpoint
	open map[listenKey]*endpoint
}

var _ module.Listeners = (*listeners)(nil)

// listenKey is what a generation asked for, and how often it had asked for it.
type listenKey struct {
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

// Listen opens an address or joins who has it open.
func (ls *listeners) Listen(ctx context.Context, address string, nth int) (module.Listener, error) {
	ls.mu.Lock()
	defer ls.mu.Unlock()
	key := listenKey{address, nth}
	e := ls.open[key]
	if e == nil {
		socket, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
		if err != nil {
			return nil, fmt.Errorf("listen on %s: %w", address, err)
		}
		e = newEndpoint(socket)
		if ls.open == nil {
			ls.open = map[listenKey]*endpoint{}
		}
		ls.open[key] = e
	}
	e.users++
	return &listenUse{endpoint: e, close: sync.OnceFunc(func() { ls.leave(key, e) })}, nil
}

// leave ends a use; the last one closes the address.
func (ls *listeners) leave(key listenKey, e *endpoint) {
	ls.mu.Lock()
	e.users--
	last := e.users == 0
	if last {
		delete(ls.open, key)
		// With the lock held, for whoever listens there next finds the port free.
		e.socket.Close()
	}
	ls.mu.Unlock()
	if last {
		e.shutdown()
	}
}

// endpoint is an open address.
type endpoint struct {
	socket net.Listener
	server *http.Server
	users  int           // listeners.mu guards it
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

// listenUse is one generation's part in an endpoint.
type listenUse struct {
	endpoint *endpoint
	close    func()
}

var _ module.Listener = (*listenUse)(nil)

func (u *listenUse) Addr() net.Addr { return u.endpoint.socket.Addr() }

func (u *listenUse) Serve(h http.Handler) {
	e := u.endpoint
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.handler == nil {
		close(e.begun)
	}
	e.handler = h
}

func (u *listenUse) Current() http.Handler {
	h, _ := u.endpoint.current()
	return h
}

func (u *listenUse) Close() { u.close() }
