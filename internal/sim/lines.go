package sim

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"
)

// line is one line of input to ServeLines; one of the actions is set.
type line struct {
	Actor string `json:"actor"`
	Init  *struct {
		Path    string `json:"path"`
		Key     string `json:"key"`
		Confirm string `json:"confirm"`
		Version string `json:"version"`
	} `json:"init"`
	Cmd       *string `json:"cmd"`
	Close     bool    `json:"close"`
	Kill      bool    `json:"kill"`
	AdvanceMs *int64  `json:"advance_ms"`
	Server    string  `json:"server"`
	Up        *bool   `json:"up"`
}

// maxLine is the longest line of input.
const maxLine = 64 << 20

// ServeLines lets another program drive a network: it reads one JSON object per
// line and answers each with the reply, if there is one, every event that is
// due, and {"idle":true}. A line that it can't take gives {"error":…}. Time is
// virtual. It returns when the input ends, or with ctx's error.
//
//	{"actor":"bot","init":{"path":"db/bot","key":"","confirm":"yesUp"}}   with "version":"7.0" for another one
//	{"actor":"bot","cmd":"/…"}      {"actor":"bot","close":true}   {"actor":"bot","kill":true}
//	{"advance_ms":5000}             {"server":"smp","up":false}
func ServeLines(ctx context.Context, r io.Reader, w io.Writer, opts Options) error {
	if opts.Clock == nil {
		opts.Clock = NewVirtual(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
	}
	if opts.JoinDelay == 0 {
		opts.JoinDelay = 450 * time.Millisecond
	}
	s := &lineServer{net: New(opts), out: bufio.NewWriter(w), versions: opts.Versions,
		cores: map[string]*Core{}, closed: map[string]*Core{}, places: map[string]int{}, names: map[*Core]string{}}
	s.net.woken = func(c *Core) { s.news = append(s.news, c) }
	defer s.net.Close()
	in := bufio.NewScanner(r)
	in.Buffer(make([]byte, 0, 64<<10), maxLine)
	for in.Scan() {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := s.take(ctx, in.Bytes()); err != nil {
			s.write(object("error", err.Error()))
		}
		s.events()
		s.write(object("idle", true))
		if err := s.out.Flush(); err != nil {
			return fmt.Errorf("write answers: %w", err)
		}
	}
	if err := in.Err(); err != nil {
		return fmt.Errorf("read lines: %w", err)
	}
	return nil
}

type lineServer struct {
	net      *Network
	out      *bufio.Writer
	versions map[string]string // by actor
	cores    map[string]*Core
	closed   map[string]*Core // those that were closed last; they still answer
	places   map[string]int   // of actors, in the order they were first opened
	names    map[*Core]string // the actors of cores
	news     []*Core          // those with something to tell; guarded by net.mu
}

func (s *lineServer) write(b raw) {
	_, _ = s.out.Write(append(b, '\n'))
}

// take carries out one line.
func (s *lineServer) take(ctx context.Context, text []byte) error {
	var l line
	if err := json.Unmarshal(text, &l); err != nil {
		return fmt.Errorf("not a line of JSON: %w", err)
	}
	switch {
	case l.AdvanceMs != nil:
		s.net.Advance(time.Duration(*l.AdvanceMs) * time.Millisecond)
		return nil
	case l.Server != "":
		if l.Up == nil {
			return fmt.Errorf("server %q: say up true or false", l.Server)
		}
		return s.net.SetServer(l.Server, *l.Up)
	case l.Actor == "":
		return errors.New("the line has no actor, advance_ms or server")
	case l.Init != nil:
		return s.open(l)
	}
	c, closed := s.cores[l.Actor], s.closed[l.Actor]
	if c == nil && closed != nil && (l.Cmd != nil || l.Close) {
		reply := encode("")
		if l.Cmd != nil {
			s.net.mu.Lock()
			reply = closed.db.afterClose(*l.Cmd)
			s.net.mu.Unlock()
		}
		s.write(object("actor", l.Actor, "reply", reply))
		return nil
	}
	if c == nil {
		return fmt.Errorf("actor %q is not open: send init first", l.Actor)
	}
	switch {
	case l.Cmd != nil:
		reply, err := c.Send(ctx, *l.Cmd)
		if err != nil {
			return err
		}
		s.write(object("actor", l.Actor, "reply", raw(reply)))
		return nil
	case l.Close:
		s.events()
		s.forget(l.Actor)
		s.closed[l.Actor] = c
		if err := c.Close(ctx); err != nil {
			return err
		}
		s.write(object("actor", l.Actor, "reply", ""))
		return nil
	case l.Kill:
		s.forget(l.Actor)
		c.Kill()
		return nil
	}
	return fmt.Errorf("actor %q: say init, cmd, close or kill", l.Actor)
}

func (s *lineServer) open(l line) error {
	version := l.Init.Version
	if version == "" {
		version = s.versions[l.Actor]
	}
	if err := CheckVersion(version); version != "" && err != nil {
		return err
	}
	c, reply, err := s.net.OpenVersion(version, l.Init.Path, l.Init.Key, l.Init.Confirm)
	s.write(object("actor", l.Actor, "reply", raw(reply.JSON)))
	if err != nil {
		return nil // the reply says it
	}
	s.forget(l.Actor)
	if _, known := s.places[l.Actor]; !known {
		s.places[l.Actor] = len(s.places)
	}
	s.cores[l.Actor], s.names[c] = c, l.Actor
	return nil
}

// forget lets go of the cores that an actor had.
func (s *lineServer) forget(actor string) {
	delete(s.names, s.cores[actor])
	delete(s.cores, actor)
	delete(s.closed, actor)
}

// events writes all events that are there, those of one actor after the other. It
// looks only at actors with something to tell, for there may be thousands.
func (s *lineServer) events() {
	for {
		s.net.mu.Lock()
		news := s.news
		s.news = nil
		s.net.mu.Unlock()
		if len(news) == 0 {
			return
		}
		slices.SortStableFunc(news, func(a, b *Core) int { return s.places[s.names[a]] - s.places[s.names[b]] })
		for _, c := range news {
			s.eventsOf(c)
		}
	}
}

func (s *lineServer) eventsOf(c *Core) {
	name, open := s.names[c]
	for open && c.pending() > 0 {
		event, err := c.Receive(time.Second)
		if err != nil || event == nil {
			return
		}
		s.write(object("actor", name, "event", raw(event)))
	}
}
