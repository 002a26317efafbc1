package websocketmod

import (
	"context"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/coder/websocket"
	lua "github.com/yuin/gopher-lua"
	"golang.org/x/net/http/httpguts"

	"github.com/simplex-lua/simplex-lua/luaapi/module"
	"github.com/simplex-lua/simplex-lua/luaapi/modules/http/web"
	"github.com/simplex-lua/simplex-lua/luaapi/permission"
)

// Module is require "websocket".
var Module = module.Module{Name: "websocket", Stability: module.Experimental, Open: open}

const (
	// maxSockets is how many sockets a script has open at most.
	maxSockets     = 256
	defaultTimeout = 30 * time.Second
	defaultMaxSize = 1 << 20
	maxSize        = 64 << 20
	maxRedirects   = 5
)

// library is the module in one generation of a script.
type library struct {
	vm      module.VM
	class   *lua.LTable
	sockets *module.Held[*socket]
	pumps   sync.WaitGroup // those who read from them
}

func open(vm module.VM, L *lua.LState) lua.LValue {
	lib := &library{vm: vm}
	lib.class = lib.socketClass(L)
	vm.OnClose(lib.pumps.Wait) // what is said last is done first: the sockets end before
	lib.sockets = module.NewHeld(vm, "websocket.connect", "sockets", maxSockets, (*socket).drop)
	return vm.Table(L, "websocket", map[string]lua.LGFunction{"connect": lib.connect}, nil)
}

// options are what websocket.connect takes.
type options struct {
	Headers   map[string]lua.LValue `lua:"headers"`
	Protocols []string              `lua:"protocols"`
	// Timeout is for connecting.
	Timeout time.Duration `lua:"timeout"`
	// MaxSize bounds a message that is received.
	MaxSize int64 `lua:"max_size"`
	// CA are certificates in PEM that are trusted in place of the system's.
	CA string `lua:"ca"`
}

// connect is websocket.connect(url[, options]) → ws.
func (lib *library) connect(L *lua.LState) int {
	const what = "websocket.connect"
	address := module.String(lib.vm, L, 1, what+": the url")
	o := options{Timeout: defaultTimeout, MaxSize: defaultMaxSize}
	lib.vm.Options(L, 2, what, &o)
	u, err := web.ParseURL(address, "ws", "wss")
	if err != nil {
		module.Argument(lib.vm, L, "%s: %v", what, err)
	}
	headers, err := web.ReadHeaders(o.Headers)
	if err != nil {
		module.Argument(lib.vm, L, "%s.headers: %v", what, err)
	}
	module.Timeout(lib.vm, L, what+".timeout", o.Timeout)
	if o.MaxSize < 1 || o.MaxSize > maxSize {
		module.Argument(lib.vm, L, "%s.max_size: want 1 to %d bytes", what, maxSize)
	}
	if slices.ContainsFunc(o.Protocols, func(p string) bool { return !httpguts.ValidHeaderFieldName(p) }) { // both are tokens
		module.Argument(lib.vm, L, "%s.protocols: want names without spaces and commas", what)
	}
	var roots *x509.CertPool
	if o.CA != "" {
		if roots = x509.NewCertPool(); !roots.AppendCertsFromPEM([]byte(o.CA)) {
			module.Argument(lib.vm, L, "%s.ca: there is no certificate in PEM form in it", what)
		}
	}
	transport := web.Transport(permission.Dialer{Set: lib.vm.Allowed()}, roots)
	transport.ForceAttemptHTTP2 = false // a socket begins as HTTP/1.1
	var s *socket
	wanted := false
	defer func() {
		transport.CloseIdleConnections()
		if s != nil && !wanted { // the handler was cut
			lib.sockets.Drop(s)
		}
	}()
	lib.vm.Wait(L, func(ctx context.Context) error {
		ctx, cancel := context.WithTimeout(ctx, o.Timeout)
		defer cancel()
		conn, _, err := websocket.Dial(ctx, u.String(), &websocket.DialOptions{
			HTTPClient: &http.Client{Transport: transport, CheckRedirect: web.Redirects(maxRedirects)},
			HTTPHeader: headers, Subprotocols: o.Protocols,
		})
		if err == nil {
			s, err = lib.add(conn, o.MaxSize)
		}
		if err != nil {
			return web.Explain(what, u, o.Timeout, err)
		}
		return nil
	})
	wanted = true
	L.Push(&lua.LUserData{Value: s, Metatable: lib.class})
	return 1
}

// add keeps a socket and begins to read from it.
func (lib *library) add(conn *websocket.Conn, size int64) (*socket, error) {
	conn.SetReadLimit(size)
	s := &socket{conn: conn, messages: make(chan message, min(maxQueued, maxQueuedBytes/size)), limit: size}
	s.ctx, s.cancel = context.WithCancel(context.Background())
	if err := lib.sockets.Add(s); err != nil {
		s.drop()
		return nil, err
	}
	lib.pumps.Go(s.pump)
	return s, nil
}

// explain turns the error of a socket into one for scripts.
func explain(what string, timeout time.Duration, err error) error {
	var typed *module.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &typed):
		return typed
	case errors.Is(err, context.DeadlineExceeded):
		return module.Errorf(module.ErrTimeout, "%s: nothing within %v", what, timeout)
	case errors.Is(err, net.ErrClosed), errors.As(err, new(websocket.CloseError)), errors.Is(err, context.Canceled):
		return module.Errorf(module.ErrClosed, "%s: the socket is closed", what)
	}
	return module.Errorf(module.ErrIO, "%s: %v", what, err)
}
