package ops

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/pprof"
	"time"
)

// ListenError tells that the address for metrics cannot be used.
type ListenError struct {
	Address string
	Cause   error
}

func (e *ListenError) Error() string {
	return fmt.Sprintf("listen on %s for metrics: %v", e.Address, e.Cause)
}

// Hint says what to do next.
func (e *ListenError) Hint() string {
	return "Give another address with --metrics, or leave it out; port 0 takes a free one."
}

func (e *ListenError) Unwrap() error { return e.Cause }

// web serves metrics and health over HTTP.
type web struct {
	ln     net.Listener
	server *http.Server
}

// closePatience is how long requests may go on when the process ends.
const closePatience = time.Second

func listenWeb(address string, o *Ops, profiles bool) (*web, error) {
	ln, err := net.Listen("tcp", address)
	if err != nil {
		return nil, &ListenError{address, err}
	}
	return &web{ln: ln, server: &http.Server{
		Handler: o.routes(profiles), ReadHeaderTimeout: 5 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 16 << 10,
	}}, nil
}

func (w *web) address() string { return w.ln.Addr().String() }

func (w *web) serve() { _ = w.server.Serve(w.ln) } // ends with close

func (w *web) close() {
	ctx, cancel := context.WithTimeout(context.Background(), closePatience)
	defer cancel()
	if err := w.server.Shutdown(ctx); errors.Is(err, context.DeadlineExceeded) {
		_ = w.server.Close() // cuts what goes on
	}
	_ = w.ln.Close() // again, where the server knew it already
}

// routes are what can be asked for.
func (o *Ops) routes(profiles bool) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", o.registry.Handler())
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, r *http.Request) {
		answer(w, "healthy", o.unhealthy(r.Context()))
	})
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, "ready", o.notReady())
	})
	if profiles {
		mux.HandleFunc("GET /debug/pprof/", pprof.Index)
		mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
		mux.HandleFunc("GET /debug/pprof/symbol", pprof.Symbol)
		mux.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
	}
	return mux
}

// answer writes 200 with the word, or 503 with one line for each problem.
func answer(w http.ResponseWriter, word string, list []problem) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	if len(list) == 0 {
		fmt.Fprintln(w, word)
		return
	}
	w.WriteHeader(http.StatusServiceUnavailable)
	for _, p := range list {
		fmt.Fprintf(w, "%s: %s\n", p.bot, p.text)
	}
}
