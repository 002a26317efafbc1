package host

import (
	"context"
	"sync"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/chat"
	"github.com/simplex-lua/simplex-lua/luaapi"
)

// Script is one script and its generations: the current one, which gets every
// new event, and older ones whose handlers have not ended yet.
type Script struct {
	mu      sync.Mutex // guards what follows
	current *generation
	// draining is copied when it changes, oldest first.
	draining []*generation
	ended    bool
}

// Handle gives one event to the script, to one generation only: the raw chain
// of the current one sees it first, then whoever waits for it, oldest
// generation first, then the current one's handlers. It blocks while the lane
// is held, and after a reload until the new generation has begun. An event that
// an older generation had, and could not begin with before it was cut, goes to the
// current one. done is called once, maybe later, when the event's messages may be
// marked as read.
func (s *Script) Handle(ev chat.Event, done func()) {
	for {
		cur, older := s.enter()
		if cur == nil {
			return // stopped: unread messages come again
		}
		if cur.handle(older, ev, done) {
			return
		}
	}
}

// wants tells whether any generation wants events of that tag.
func (s *Script) wants(tag string) bool {
	s.mu.Lock()
	current, older := s.current, s.draining
	s.mu.Unlock()
	if current != nil && current.rt.Wants(tag) {
		return true
	}
	for _, g := range older {
		if g.rt.Wants(tag) {
			return true
		}
	}
	return false
}

// enter takes the current generation, which must be left after.
func (s *Script) enter() (cur *generation, older []*generation) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.current == nil || !s.current.enter() {
		return nil, nil
	}
	return s.current, s.draining
}

// now returns the current generation, nil before the first and after the last.
func (s *Script) now() *generation {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.current
}

// swap makes g the current generation: every event whose turn comes after goes
// to it, and the older one drains. It is false after end; then g was not taken.
func (s *Script) swap(g *generation) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ended {
		return false
	}
	if s.current != nil {
		s.draining = append(append([]*generation(nil), s.draining...), s.current)
	}
	s.current = g
	g.since = time.Now()
	return true
}

// end returns the last generation; there is none after it.
func (s *Script) end() *generation {
	s.mu.Lock()
	defer s.mu.Unlock()
	last := s.current
	s.current, s.ended = nil, true
	return last
}

// drained takes an old generation off the list.
func (s *Script) drained(g *generation) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var rest []*generation
	for _, d := range s.draining {
		if d != g {
			rest = append(rest, d)
		}
	}
	s.draining = rest
}

// drainedAll tells that no old generation is left.
func (s *Script) drainedAll() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.draining) == 0
}

// generations returns the current one and those that drain.
func (s *Script) generations() []*generation {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.current == nil {
		return s.draining
	}
	return append(s.draining[:len(s.draining):len(s.draining)], s.current)
}

// busy counts the handlers and tasks under way in all generations.
func (s *Script) busy() int {
	n := 0
	for _, g := range s.generations() {
		n += g.rt.Busy()
	}
	return n
}

// handling counts the handlers under way in all generations, also beside their
// lanes.
func (s *Script) handling() int {
	n := 0
	for _, g := range s.generations() {
		n += g.rt.Handling()
	}
	return n
}

// pending adds up what all generations wait for.
func (s *Script) pending() (sum luaapi.Pending) {
	for _, g := range s.generations() {
		p := g.rt.Pending()
		sum.Timers += p.Timers
		sum.Repeating += p.Repeating
		sum.Waiting += p.Waiting
	}
	return sum
}

// generation is one load of the script.
type generation struct {
	n     int
	rt    Runtime
	since time.Time // when it took over; set before others see it
	// begun is closed when its on_start handlers have ended or wait: events wait for
	// that.
	begun chan struct{}

	mu     sync.Mutex // guards what follows
	inside int        // goroutines that call the runtime with an event
	ended  bool       // nobody may enter any more
	empty  chan struct{}
}

func newGeneration(n int, rt Runtime) *generation {
	return &generation{n: n, rt: rt, begun: make(chan struct{})}
}

// awaitBegin waits until the generation may get events.
func (g *generation) awaitBegin() {
	if !isClosed(g.begun) { // which takes no lock
		<-g.begun
	}
}

// enter is false where the generation has ended.
func (g *generation) enter() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.ended {
		return false
	}
	g.inside++
	return true
}

func (g *generation) leave() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.inside--
	if g.inside == 0 && g.empty != nil {
		close(g.empty)
		g.empty = nil
	}
}

// handle gives an event to the generation, which the caller has entered, and
// leaves it. It is false where the generation was cut before any handler began.
func (g *generation) handle(older []*generation, ev chat.Event, done func()) bool {
	defer g.leave()
	g.awaitBegin()
	ev, keep := g.rt.Raw(ev)
	if !keep {
		done()
		return true
	}
	for _, o := range older {
		if o.offer(ev, done) {
			return true
		}
	}
	return g.rt.Offer(ev, done) || g.rt.Dispatch(ev, done)
}

func (g *generation) offer(ev chat.Event, done func()) bool {
	if !g.enter() {
		return false
	}
	defer g.leave()
	return g.rt.Offer(ev, done)
}

// vacant waits until nobody is inside.
func (g *generation) vacant(ctx context.Context) error {
	g.mu.Lock()
	if g.inside == 0 {
		g.mu.Unlock()
		return nil
	}
	if g.empty == nil {
		g.empty = make(chan struct{})
	}
	empty := g.empty
	g.mu.Unlock()
	select {
	case <-empty:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// end keeps events out from now on.
func (g *generation) end() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.ended = true
}
