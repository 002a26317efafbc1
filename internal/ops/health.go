package ops

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/ops/control"
)

// Bot is one bot of the process.
type Bot interface {
	control.Bot
	// Data is the data folder, "" where nothing is kept.
	Data() string
}

const (
	// answerPatience is how long a core may take to answer.
	answerPatience = 3 * time.Second
	// overloadFor is how long a bot counts as overloaded after it kept a message
	// out of memory, or lost an event.
	overloadFor = time.Minute
	// overloadBytes of waiting events are too many.
	overloadBytes = 32 << 20
)

// health looks after the bots of a process.
type health struct {
	now func() time.Time

	mu   sync.Mutex // guards what follows
	load map[string]pressure
}

// pressure is what was seen of a bot's queue.
type pressure struct {
	over  uint64 // messages spilled and events dropped so far
	until time.Time
}

// live tells what keeps a bot from being healthy, "" for nothing.
func (h *health) live(ctx context.Context, b Bot) string {
	switch b.Status().Phase {
	case control.Running, control.CatchingUp:
	default:
		return "" // there is no core that could answer
	}
	ctx, cancel := context.WithTimeout(ctx, answerPatience)
	defer cancel()
	if err := b.Check(ctx); err != nil {
		return err.Error()
	}
	return ""
}

// ready tells what keeps a bot from being ready, "" for nothing.
func (h *health) ready(s control.Status) string {
	switch s.Phase {
	case control.Running, control.Ended:
	default:
		return s.Phase
	}
	switch {
	case s.Phase == control.Ended:
		return "" // as asked
	case s.Network.WantsRestart:
		return "the core asks for a restart after a critical error"
	case s.Network.Offline:
		return "all message servers are lost"
	case !s.Network.Receiving:
		return "the core gives errors instead of events"
	case s.Queue.WaitingBytes > overloadBytes || h.overloaded(s):
		return fmt.Sprintf("more arrives than the script handles: %d events wait", s.Queue.Waiting)
	}
	return ""
}

// overloaded tells whether messages did not fit in memory lately.
func (h *health) overloaded(s control.Status) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.load == nil {
		h.load = map[string]pressure{}
	}
	p, known := h.load[s.Bot]
	if over := s.Queue.Spilled + s.Queue.Dropped; over != p.over {
		if known && over > p.over || !known && s.Queue.Waiting > 0 {
			p.until = h.now().Add(overloadFor)
		}
		p.over = over
	}
	h.load[s.Bot] = p
	return h.now().Before(p.until)
}
