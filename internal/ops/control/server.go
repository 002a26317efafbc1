package control

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"slices"
	"sync"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/linewriter"
)

const (
	// maxClients is how many are served at a time.
	maxClients = 16
	// writePatience is how long a client may take to read a reply.
	writePatience = 10 * time.Second
	// checkPatience is how long a bot may take to show that it is healthy.
	checkPatience = 5 * time.Second
)

// Server answers on one bot's socket. Close ends it.
type Server struct {
	bot     Bot
	process Process // nil: the bot is alone
	log     *slog.Logger
	ln      net.Listener
	ctx     context.Context
	cancel  context.CancelFunc
	slots   chan struct{}
	work    sync.WaitGroup
}

// Serve makes the socket at path and answers on it in goroutines of its own, for
// the bot and for others of its process, which is nil where it has none. The
// error may be a *SocketError.
func Serve(path string, bot Bot, process Process, log *slog.Logger) (*Server, error) {
	ln, err := listen(path)
	if err != nil {
		return nil, err
	}
	s := &Server{bot: bot, process: process, log: log, ln: ln, slots: make(chan struct{}, maxClients)}
	s.ctx, s.cancel = context.WithCancel(context.Background())
	s.work.Go(s.accept)
	return s, nil
}

// Close removes the socket, cuts what is under way and waits for it. It may be
// called again.
func (s *Server) Close() {
	s.cancel()
	_ = s.ln.Close() // again, where it was closed before
	s.work.Wait()
}

// Leave removes the socket, so that another process can make its own. Who is
// served already is served on, until Drain or Close cuts it.
func (s *Server) Leave() {
	_ = s.ln.Close() // again, where it was closed before
}

// Drain returns when nobody is served any more, after Leave. When ctx ends it
// cuts what is under way.
func (s *Server) Drain(ctx context.Context) {
	defer s.cancel()
	defer context.AfterFunc(ctx, s.cancel)()
	s.work.Wait()
}

func (s *Server) accept() {
	for {
		conn, err := s.ln.Accept()
		switch {
		case errors.Is(err, net.ErrClosed):
			return
		case s.ctx.Err() != nil:
			if err == nil {
				_ = conn.Close() // too late
			}
			return
		case err != nil:
			s.log.Warn("the control socket takes no connection", "err", err)
			select {
			case <-time.After(time.Second):
			case <-s.ctx.Done():
			}
			continue
		}
		select {
		case s.slots <- struct{}{}:
			s.work.Go(func() {
				defer func() { <-s.slots }()
				s.serve(conn)
			})
		default:
			s.write(conn, Reply{Done: true, Error: fmt.Sprintf("%d others use the control socket already", maxClients)})
			_ = conn.Close() // told
		}
	}
}

// serve answers one client until it goes away.
func (s *Server) serve(conn net.Conn) {
	ctx, cancel := context.WithCancel(s.ctx)
	defer cancel()
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { _ = conn.SetReadDeadline(time.Unix(1, 0)) })()
	requests := make(chan []byte)
	var reader sync.WaitGroup
	defer reader.Wait()
	defer cancel() // before the wait for the reader
	reader.Go(func() {
		defer cancel() // who goes away wants no answer any more
		read(ctx, conn, requests)
	})
	for {
		select {
		case line := <-requests:
			if !s.answer(ctx, conn, line) {
				return
			}
		case <-ctx.Done():
			return
		}
	}
}

func read(ctx context.Context, r io.Reader, lines chan<- []byte) {
	in := bufio.NewScanner(r)
	in.Buffer(nil, maxLine)
	for in.Scan() {
		select {
		case lines <- slices.Clone(in.Bytes()):
		case <-ctx.Done():
			return
		}
	}
}

// answer is false when the client cannot be reached any more.
func (s *Server) answer(ctx context.Context, conn net.Conn, line []byte) bool {
	var req Request
	if err := json.Unmarshal(line, &req); err != nil {
		return s.write(conn, Reply{Done: true, Error: "the request is no JSON object: " + err.Error()})
	}
	reply, err := s.do(ctx, req, func(text string) { s.write(conn, Reply{Print: text}) })
	if s.ctx.Err() != nil {
		return false // what it says of being cut tells nothing; the end of the line does
	}
	reply.Done = true
	if err != nil {
		reply.Error = err.Error()
		if hinted := (interface{ Hint() string })(nil); errors.As(err, &hinted) {
			reply.Advice = hinted.Hint()
		}
	}
	return s.write(conn, reply)
}

func (s *Server) do(ctx context.Context, req Request, print func(string)) (r Reply, err error) {
	bot, err := s.meant(req)
	if err != nil {
		return r, err
	}
	switch req.Op {
	case OpStatus:
		status := bot.Status()
		r.Status, r.Others = &status, s.others(req)
	case OpCheck:
		ctx, cancel := context.WithTimeout(ctx, checkPatience)
		defer cancel()
		err = bot.Check(ctx)
	case OpReload:
		err = bot.Reload(ctx)
	case OpStop:
		err = bot.Stop(ctx)
	case OpEval:
		out := linewriter.New(print)
		r.Result, err = bot.Eval(ctx, req.Code, out)
		out.Flush()
		if errors.Is(err, ErrIncomplete) {
			r.Incomplete, err = true, nil
		}
	case OpComplete:
		r.Names = bot.Complete(req.Code)
	case OpSave:
		var saved Saved
		if saved, err = bot.Save(ctx); err == nil {
			r.Saved = &saved
		}
	default:
		err = fmt.Errorf("unknown operation %q", req.Op)
	}
	return r, err
}

// meant is the bot that a request is about.
func (s *Server) meant(req Request) (Bot, error) {
	if req.Bot == "" || req.Bot == s.bot.Name() {
		return s.bot, nil
	}
	if s.process != nil {
		if bot, ok := s.process.Named(req.Bot); ok {
			return bot, nil
		}
	}
	return nil, fmt.Errorf("no bot of this process has the name %q", req.Bot)
}

// others tells of the bots that nobody else tells of.
func (s *Server) others(req Request) (list []Status) {
	if s.process == nil || req.Bot != "" {
		return nil
	}
	for _, bot := range s.process.Unreachable() {
		list = append(list, bot.Status())
	}
	return list
}

func (s *Server) write(conn net.Conn, r Reply) bool {
	line, err := json.Marshal(r)
	if err == nil && len(line) >= maxLine {
		line, err = json.Marshal(Reply{Done: r.Done, Error: "the answer is too long"})
	}
	if err != nil {
		s.log.Error("an answer for the control socket cannot be written", "err", err)
		return false
	}
	_ = conn.SetWriteDeadline(time.Now().Add(writePatience)) // Write tells
	_, err = conn.Write(append(line, '\n'))
	return err == nil
}
