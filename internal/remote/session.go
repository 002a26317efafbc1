package remote

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/coder/websocket"
)

// session is a set of links that live and end together.
type session struct {
	o      Options
	log    *slog.Logger
	accept func(event []byte, end <-chan struct{})
	// free holds the links that have no command.
	free  chan *link
	links []*link
	work  sync.WaitGroup // readers and writers

	// ctx ends when the session does; its cause is why.
	ctx context.Context
	end context.CancelCauseFunc
}

// errLeft is the cause of a session that we ended.
var errLeft = errors.New("the connection was closed by us")

// openSession opens the link for events and then those for commands: the program
// gives its events to the oldest.
func openSession(ctx context.Context, o Options, d *dialer, accept func([]byte, <-chan struct{})) (*session, error) {
	s := &session{o: o, log: o.Log, accept: accept, free: make(chan *link, commandLinks)}
	s.ctx, s.end = context.WithCancelCause(context.Background())
	for range 1 + commandLinks {
		conn, err := d.dial(ctx)
		if err != nil {
			s.fail(err)
			return nil, err
		}
		s.links = append(s.links, newLink(s, conn))
	}
	for _, l := range s.links[1:] {
		s.free <- l
	}
	for _, l := range s.links {
		s.work.Go(l.read)
		s.work.Go(l.write)
	}
	return s, nil
}

// fail ends the session at once; the first cause counts.
func (s *session) fail(err error) {
	s.end(err)
	for _, l := range s.links {
		_ = l.conn.CloseNow() // it may be gone already
	}
}

// leave says goodbye on all links, for as long as ctx allows, and ends the session.
func (s *session) leave(ctx context.Context) {
	var goodbyes sync.WaitGroup
	for _, l := range s.links {
		goodbyes.Go(func() { _ = l.conn.Close(websocket.StatusNormalClosure, "") }) // fails if the other side is gone
	}
	said := make(chan struct{})
	go func() {
		defer close(said)
		goodbyes.Wait()
	}()
	select {
	case <-said:
	case <-ctx.Done():
	}
	s.fail(errLeft)
	<-said
	s.work.Wait()
}

// cause is why the session has ended.
func (s *session) cause() error { return context.Cause(s.ctx) }

// link is one connection.
type link struct {
	s    *session
	conn *websocket.Conn
	out  chan []byte // at most one command is under way, so there is always room
	// held tells that nothing is read since the queue of events is full.
	held atomic.Bool
	// frames counts what was read.
	frames atomic.Uint64

	mu    sync.Mutex  // guards what follows
	id    string      // of the command under way, "" for none
	reply chan []byte // takes its reply
}

func newLink(s *session, conn *websocket.Conn) *link {
	return &link{s: s, conn: conn, out: make(chan []byte, 1)}
}

// begin hands a command over, and returns what its reply comes on. The link has
// none under way.
func (l *link) begin(id, cmd string) <-chan []byte {
	reply := make(chan []byte, 1)
	l.mu.Lock()
	l.id, l.reply = id, reply
	l.mu.Unlock()
	l.out <- request(id, cmd)
	return reply
}

// read takes frames until the session ends.
func (l *link) read() {
	for {
		_, data, err := l.conn.Read(l.s.ctx)
		if err == nil {
			l.frames.Add(1)
			err = l.take(data)
		}
		if err != nil {
			l.s.fail(err)
			return
		}
	}
}

func (l *link) take(data []byte) error {
	f, err := parseFrame(data)
	if err != nil {
		return err
	}
	if f.kind == frameEvent {
		l.held.Store(true)
		l.s.accept(f.body, l.s.ctx.Done())
		l.held.Store(false)
		return nil
	}
	l.mu.Lock()
	known := l.id != "" && (f.id == l.id || f.kind == frameRefusal)
	if known {
		l.reply <- f.body // there is room for one, and there is one
		l.id, l.reply = "", nil
	}
	l.mu.Unlock()
	if !known {
		l.s.log.Warn("the chat program answers what was not asked; the answer is dropped", "id", clip(f.id))
		return nil
	}
	l.s.free <- l // also if nobody waits for the reply any more
	return nil
}

// clip bounds what others can write into our log.
func clip(s string) string { return s[:min(len(s), 40)] }

// write sends commands, and pings in between, until the session ends. A link has
// one command at a time, so the program answers pings also while it works.
func (l *link) write() {
	tick := time.NewTicker(l.s.o.PingEvery)
	defer tick.Stop()
	for {
		var err error
		select {
		case frame := <-l.out:
			err = l.conn.Write(l.s.ctx, websocket.MessageText, frame)
		case <-tick.C:
			err = l.ping()
		case <-l.s.ctx.Done():
			return
		}
		if err != nil {
			l.s.fail(err)
			return
		}
	}
}

// errSilent tells that the program does not answer pings.
var errSilent = errors.New("the chat program does not answer any more")

func (l *link) ping() error {
	if l.held.Load() {
		return nil // the answer could not be read, and something came just now
	}
	before := l.frames.Load()
	ctx, cancel := context.WithTimeout(l.s.ctx, l.s.o.PingTimeout)
	defer cancel()
	err := l.conn.Ping(ctx)
	switch {
	case err == nil:
		return nil
	case l.s.ctx.Err() == nil && (l.held.Load() || l.frames.Load() != before):
		return nil // the answer is behind other frames
	case l.s.ctx.Err() == nil && ctx.Err() != nil:
		return errSilent
	}
	return err
}
