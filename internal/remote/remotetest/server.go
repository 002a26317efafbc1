package remotetest

import (
	"context"
	"encoding/json"
	"net"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/coder/websocket"
)

// Answer does a command and returns the object for "resp". It is called by one
// goroutine for each connection. nil is for no answer at all.
type Answer func(cmd string) (resp []byte)

// Server is the program. All methods are safe for use by several goroutines.
type Server struct {
	t      testing.TB
	answer Answer
	addr   string

	mu       sync.Mutex // guards what follows
	running  bool
	frozen   chan struct{} // closed by Thaw; nil while nothing is frozen
	clients  []*client     // that are connected, oldest first
	conns    []net.Conn
	events   [][]byte
	commands []string
	headers  []http.Header
	changed  chan struct{} // closed when clients or events change
	stopped  chan struct{} // closed by Stop
	work     sync.WaitGroup
}

type client struct {
	conn *websocket.Conn
	ctx  context.Context
	// busy: an event is being written, which takes long where nobody reads. The
	// library gives a pong behind it 5 s, and then cuts the connection.
	busy atomic.Bool
}

// New starts a server on a port of its own; the test's end stops it.
func New(t testing.TB, answer Answer) *Server {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("listen: %v", err)
	}
	s := &Server{t: t, answer: answer, addr: l.Addr().String(), changed: make(chan struct{})}
	server := &http.Server{Handler: http.HandlerFunc(s.serve), ReadHeaderTimeout: time.Minute}
	ended := make(chan struct{})
	go func() { // ends with the test
		defer close(ended)
		_ = server.Serve(&listener{l, s})
	}()
	s.Start()
	t.Cleanup(func() {
		s.Stop()
		_ = server.Close() // hijacked connections are not its business
		<-ended
	})
	return s
}

// URL is where it listens, also after a new start.
func (s *Server) URL() string { return "ws://" + s.addr }

// Start runs the program again after Stop.
func (s *Server) Start() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.running, s.stopped = true, make(chan struct{})
	stopped := s.stopped
	s.work.Go(func() { s.dispatch(stopped) })
}

// Stop ends the program as SIGKILL does: no close frames, and the events that
// nobody has taken are lost. The port stays its own, so that nobody else gets it;
// who connects is cut off.
func (s *Server) Stop() {
	s.mu.Lock()
	if !s.running {
		s.mu.Unlock()
		return
	}
	s.running, s.events = false, nil
	close(s.stopped)
	s.mu.Unlock()
	s.Thaw()
	s.Drop()
	s.work.Wait()
}

// Drop cuts all connections; the program lives on.
func (s *Server) Drop() {
	s.mu.Lock()
	conns := s.conns
	s.conns = nil
	s.mu.Unlock()
	for _, c := range conns {
		_ = c.Close() // the client may have been quicker
	}
}

// CloseAll says goodbye to all clients with a close frame.
func (s *Server) CloseAll(code websocket.StatusCode, reason string) {
	s.mu.Lock()
	clients := slices.Clone(s.clients)
	s.mu.Unlock()
	for _, c := range clients {
		_ = c.conn.Close(code, reason) // the client may have been quicker
	}
}

// Freeze lets the program read nothing more until Thaw, as SIGSTOP does.
func (s *Server) Freeze() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.frozen == nil {
		s.frozen = make(chan struct{})
	}
}

// Thaw undoes Freeze.
func (s *Server) Thaw() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.frozen != nil {
		close(s.frozen)
		s.frozen = nil
	}
}

// Event queues the object for "resp" of an event.
func (s *Server) Event(resp []byte) { s.Raw([]byte(`{"resp":` + string(resp) + `}`)) }

// Raw queues a frame as it is for whoever gets the events.
func (s *Server) Raw(frame []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.events = append(s.events, frame)
	s.change()
}

// Queued is how many events nobody has taken.
func (s *Server) Queued() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.events)
}

// Commands are those that arrived, in order.
func (s *Server) Commands() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.commands)
}

// Headers are those of the handshakes, in order.
func (s *Server) Headers() []http.Header {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.headers)
}

// Clients is how many are connected.
func (s *Server) Clients() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.clients)
}

// change tells, with mu held, that there is something new for dispatch.
func (s *Server) change() {
	close(s.changed)
	s.changed = make(chan struct{})
}

// dispatch gives each event to the oldest client.
func (s *Server) dispatch(stopped <-chan struct{}) {
	for {
		s.mu.Lock()
		changed := s.changed
		var to *client
		var frame []byte
		if len(s.clients) > 0 && len(s.events) > 0 {
			to, frame = s.clients[0], s.events[0]
			s.events = s.events[1:]
		}
		s.mu.Unlock()
		if to == nil {
			select {
			case <-changed:
			case <-stopped:
				return
			}
			continue
		}
		to.busy.Store(true)
		err := to.conn.Write(to.ctx, websocket.MessageText, frame)
		to.busy.Store(false)
		if err != nil {
			s.leave(to)
			s.mu.Lock()
			s.events = append([][]byte{frame}, s.events...)
			s.mu.Unlock()
		}
	}
}

func (s *Server) leave(c *client) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.clients = slices.DeleteFunc(s.clients, func(other *client) bool { return other == c })
	s.change()
}

// serve is one connection: a reader and a worker with one place between them.
func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	c := &client{ctx: ctx}
	conn, err := websocket.Accept(w, r, &websocket.AcceptOptions{
		InsecureSkipVerify: true,
		OnPingReceived:     func(context.Context, []byte) bool { return !c.busy.Load() },
	})
	if err != nil {
		return // it was no WebSocket handshake, and has its answer
	}
	conn.SetReadLimit(-1)
	c.conn = conn
	s.mu.Lock()
	if !s.running { // stopped during the handshake
		s.mu.Unlock()
		_ = conn.CloseNow() // the client sees it as gone
		return
	}
	s.clients = append(s.clients, c)
	s.headers = append(s.headers, r.Header.Clone())
	s.change()
	s.work.Add(1)
	s.mu.Unlock()
	defer s.work.Done()
	waiting := make(chan []byte, 1)
	var worker sync.WaitGroup
	worker.Go(func() { s.carry(c, waiting) })
	for err == nil {
		var data []byte
		if _, data, err = conn.Read(ctx); err == nil {
			waiting <- data
		}
	}
	close(waiting)
	s.leave(c)
	_ = conn.CloseNow() // it has ended already
	worker.Wait()
}

// carry does the commands of one connection one after the other.
func (s *Server) carry(c *client, waiting <-chan []byte) {
	for data := range waiting {
		var in struct {
			ID  *string `json:"corrId"`
			Cmd *string `json:"cmd"`
		}
		if err := json.Unmarshal(data, &in); err != nil || in.ID == nil || in.Cmd == nil {
			s.reply(c, []byte(`{"resp":`+invalidRequest+`}`))
			continue
		}
		s.mu.Lock()
		s.commands = append(s.commands, *in.Cmd)
		s.mu.Unlock()
		resp := s.answer(*in.Cmd)
		if resp == nil {
			continue
		}
		id, err := json.Marshal(*in.ID)
		if err != nil {
			s.t.Errorf("corrId: %v", err)
		}
		s.reply(c, []byte(`{"corrId":`+string(id)+`,"resp":`+string(resp)+`}`))
	}
}

const invalidRequest = `{"type":"chatCmdError","chatError":{"type":"error","errorType":{"type":"commandError","message":"invalid request"}}}`

func (s *Server) reply(c *client, frame []byte) {
	_ = c.conn.Write(c.ctx, websocket.MessageText, frame) // the client may be gone
}

// listener knows its connections, so that Drop and Freeze can reach them. While
// the program is stopped it cuts them off.
type listener struct {
	net.Listener
	s *Server
}

func (l *listener) Accept() (net.Conn, error) {
	for {
		c, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		if l.keep(c) {
			return &gated{c, l.s}, nil
		}
		_ = c.Close() // the client may have been quicker
	}
}

func (l *listener) keep(c net.Conn) bool {
	l.s.mu.Lock()
	defer l.s.mu.Unlock()
	if l.s.running {
		l.s.conns = append(l.s.conns, c)
	}
	return l.s.running
}

// gated reads nothing while the server is frozen.
type gated struct {
	net.Conn
	s *Server
}

func (g *gated) Read(p []byte) (int, error) {
	g.wait()
	n, err := g.Conn.Read(p)
	g.wait() // what came while it was frozen waits too
	return n, err
}

func (g *gated) wait() {
	g.s.mu.Lock()
	frozen := g.s.frozen
	g.s.mu.Unlock()
	if frozen != nil {
		<-frozen
	}
}
