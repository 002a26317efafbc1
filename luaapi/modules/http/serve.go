package httpmod

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"time"

	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/luaapi/module"
	"github.com/simplex-lua/simplex-lua/luaapi/permission"
)

// serveOptions are what http.serve takes.
type serveOptions struct {
	Listen string                    `lua:"listen"`
	Routes map[string]*lua.LFunction `lua:"routes"`
	HMAC   *signatureOptions         `lua:"hmac"`
	// MaxSize bounds the body of a request.
	MaxSize int64 `lua:"max_size"`
	// Rate is how many requests a second one client may send, Burst how many at
	// once; a rate of 0 is no bound.
	Rate  float64 `lua:"rate"`
	Burst int     `lua:"burst"`
	// Timeout is for reading a request, and then again for the handler.
	Timeout time.Duration `lua:"timeout"`
	// Concurrency is how many handlers run side by side; others wait.
	Concurrency int `lua:"concurrency"`
}

const (
	maxRequest    = 64 << 20
	answerTimeout = 30 * time.Second // for a client to take the answer
)

// server is what http.serve returns: an address and its routes in one
// generation of the script.
type server struct {
	lib     *library
	options serveOptions
	address string
	nth     int
	mux     *http.ServeMux
	rates   *rates
	running chan struct{} // a token per handler

	listener module.Listener // nil before it is ready
}

// serve is http.serve{ listen=, … } → server.
func (lib *library) serve(L *lua.LState) int {
	const what = "http.serve"
	vm := lib.vm
	o := serveOptions{MaxSize: 1 << 20, Rate: 50, Burst: 100, Timeout: 30 * time.Second, Concurrency: 16}
	vm.Options(L, 1, what, &o)
	module.Timeout(vm, L, what+".timeout", o.Timeout)
	switch {
	case !vm.Loading():
		module.Argument(lib.vm, L, "%s belongs to the top of the script, not into a handler", what)
	case vm.Listeners() == nil:
		module.Argument(lib.vm, L, "%s: there is no bot here to answer", what)
	case o.Listen == "":
		module.Argument(lib.vm, L, `%s: listen is missing, as in { listen = "127.0.0.1:8080" }`, what)
	case o.MaxSize < 1 || o.MaxSize > maxRequest:
		module.Argument(lib.vm, L, "%s.max_size: want 1 to %d bytes", what, maxRequest)
	case o.Rate < 0 || o.Burst < 1:
		module.Argument(lib.vm, L, "%s: want a rate of 0 or more and a burst of 1 or more", what)
	case o.Concurrency < 1 || o.Concurrency > 1000:
		module.Argument(lib.vm, L, "%s.concurrency: want 1 to 1000", what)
	}
	if o.HMAC != nil { // said here, though it is the routes that need it
		if _, err := newSignature(*o.HMAC, vm.Now); err != nil {
			module.Argument(lib.vm, L, "%s.hmac.%v", what, err)
		}
	}
	address, err := vm.Allowed().ListenAt(o.Listen)
	if err != nil {
		if !errors.As(err, new(*permission.Error)) {
			err = module.Errorf(module.ErrArgument, "%s.listen: %v", what, err)
		}
		vm.Raise(L, fmt.Errorf("%s: %w", what, err))
	}
	if lib.served[address] > 0 && !strings.HasSuffix(address, ":0") {
		module.Argument(lib.vm, L, "%s: there is a server on %s already; give it another route", what, address)
	}
	s := &server{
		lib: lib, options: o, address: address, nth: lib.served[address], mux: http.NewServeMux(),
		rates: newRates(o.Rate, o.Burst), running: make(chan struct{}, o.Concurrency),
	}
	lib.served[address]++
	for _, pattern := range slices.Sorted(maps.Keys(o.Routes)) {
		s.add(L, what+".routes", pattern, o.Routes[pattern], o.HMAC)
	}
	vm.OnReady(s.open)
	vm.OnStart(s.begin)
	vm.OnClose(s.close)
	L.Push(&lua.LUserData{Value: s, Metatable: lib.class})
	return 1
}

func (s *server) open(ctx context.Context) error {
	l, err := s.lib.vm.Listeners().Listen(ctx, s.address, s.nth)
	if err != nil {
		e := module.Errorf(module.ErrIO, "http.serve: %v", err)
		e.Hint = "another program may listen there: stop it, or choose another address"
		return e
	}
	s.listener = l
	return nil
}

func (s *server) begin() {
	if s.listener != nil {
		s.listener.Serve(s)
	}
}

func (s *server) close() {
	if s.listener != nil {
		s.listener.Close()
	}
}

// where is the address that it listens on; before it does, what was asked for.
func (s *server) where() string {
	if s.listener != nil {
		return s.listener.Addr().String()
	}
	return s.address
}

// ServeHTTP answers a request: bounds first, then the route.
func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c := http.NewResponseController(w)
	_ = c.SetReadDeadline(time.Now().Add(s.options.Timeout))
	_ = c.SetWriteDeadline(time.Now().Add(2*s.options.Timeout + answerTimeout)) // reading, the handler, writing
	if !s.rates.allow(remoteAddr(r), s.lib.vm.Now()) {
		w.Header().Set("Retry-After", "1")
		refuse(w, http.StatusTooManyRequests)
		return
	}
	s.mux.ServeHTTP(w, r)
}

// refuse answers with a status and its name.
func refuse(w http.ResponseWriter, status int) {
	http.Error(w, strings.ToLower(http.StatusText(status)), status)
}

// remoteAddr is the address of the client.
func remoteAddr(r *http.Request) netip.Addr {
	ap, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	return ap.Addr().Unmap()
}

// serverClass makes the class of servers.
func (lib *library) serverClass(L *lua.LState) *lua.LTable {
	methods := map[string]lua.LGFunction{}
	for name, method := range map[string]string{"get": "GET ", "post": "POST ", "put": "PUT ", "delete": "DELETE ", "any": ""} {
		methods[name] = func(L *lua.LState) int { return lib.route(L, name, method) }
	}
	class := lib.vm.Class(L, "server", methods)
	module.AddFields(L, class, map[string]func(*lua.LUserData) lua.LValue{
		"address": func(ud *lua.LUserData) lua.LValue { return lua.LString(ud.Value.(*server).where()) },
	})
	return class
}

// routeOptions are what server:post takes after the function.
type routeOptions struct {
	HMAC *signatureOptions `lua:"hmac"`
}

// route is server:post(path, fn[, options]).
func (lib *library) route(L *lua.LState, name, method string) int {
	s := module.This[*server](lib.vm, L, "server", name)
	what := "server:" + name
	path := module.String(lib.vm, L, 2, what+": the path")
	fn := module.Func(lib.vm, L, 3, what)
	o := routeOptions{HMAC: s.options.HMAC}
	lib.vm.Options(L, 4, what, &o)
	if !lib.vm.Loading() {
		module.Argument(lib.vm, L, "%s: routes belong to the top of the script, not into a handler", what)
	}
	if !strings.HasPrefix(path, "/") {
		module.Argument(lib.vm, L, "%s: want a path as /orders/{id}, got %q", what, path)
	}
	s.add(L, what, method+path, fn, o.HMAC)
	L.Push(L.Get(1))
	return 1
}

// add registers a route under "POST /path/{id}" or "/path" for all methods.
func (s *server) add(L *lua.LState, what, pattern string, fn *lua.LFunction, check *signatureOptions) {
	r := &route{server: s, fn: fn, params: paramNames(pattern)}
	r.name = pattern
	if fn.Proto != nil {
		r.name += fmt.Sprintf(" at %s:%d", fn.Proto.SourceName, fn.Proto.LineDefined)
	}
	if check != nil {
		var err error
		if r.signature, err = newSignature(*check, s.lib.vm.Now); err != nil {
			module.Argument(s.lib.vm, L, "%s.hmac.%v", what, err)
		}
	}
	if err := s.handle(pattern, r); err != nil {
		module.Argument(s.lib.vm, L, "%s: the route %q: %v", what, pattern, err)
	}
}

// handle turns the panic of a wrong pattern into an error.
func (s *server) handle(pattern string, h http.Handler) (err error) {
	defer func() {
		if wrong := recover(); wrong != nil {
			err = fmt.Errorf("%v", wrong)
		}
	}()
	s.mux.Handle(pattern, h)
	return nil
}

// paramNames are the names in a pattern: id in /orders/{id}, rest in /{rest...}.
func paramNames(pattern string) []string {
	var names []string
	for _, segment := range strings.Split(pattern, "/") {
		if strings.HasPrefix(segment, "{") && strings.HasSuffix(segment, "}") && segment != "{$}" {
			names = append(names, strings.TrimSuffix(segment[1:len(segment)-1], "..."))
		}
	}
	return names
}
