package host

import (
	"context"
	"sync"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/chat"
)

const (
	// suspectPatience is how long a message that was in hand when a process died has
	// for itself before the next such one is begun; at its last try, after which it
	// would be set aside, it has lastSuspectPatience.
	suspectPatience     = 10 * time.Second
	lastSuspectPatience = time.Minute
)

// suspects are the messages that were in hand when a process died. Only one of
// them need have been what it died of; so they are begun one at a time, over all
// lanes, and the next death shows which one. It is safe for use by several
// goroutines.
type suspects struct {
	turn chan struct{} // holds a token while one has its turn

	mu     sync.Mutex // guards what follows
	holder *suspect   // whose turn it is
}

// suspect is one event of such messages. Its turn lasts until they are marked, they
// rest, or it has taken too long.
type suspect struct {
	unmarked map[int64]struct{}
	limit    *time.Timer
}

func newSuspects() *suspects { return &suspects{turn: make(chan struct{}, 1)} }

// begin waits for the turn of messages that were tried so often; those that never
// were, or are not begun any more, need none and get nil. It is false where ctx
// ends first.
func (s *suspects) begin(ctx context.Context, items []chat.Item, tries int) (*suspect, bool) {
	patience := suspectPatience
	switch {
	case tries == 0 || tries >= maxAttempts:
		return nil, true
	case tries == maxAttempts-1:
		patience = lastSuspectPatience
	}
	select {
	case s.turn <- struct{}{}:
	case <-ctx.Done():
		return nil, false
	}
	one := &suspect{unmarked: map[int64]struct{}{}}
	for i := range items {
		one.unmarked[items[i].ID] = struct{}{}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.holder = one
	one.limit = time.AfterFunc(patience, func() { s.end(one) })
	return one, true
}

// end gives the turn to the next one, if one has it; nil never has.
func (s *suspects) end(one *suspect) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if one != nil && s.holder == one {
		s.pass()
	}
}

// marked tells which messages will not come again.
func (s *suspects) marked(ids ...int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.holder == nil {
		return
	}
	for _, id := range ids {
		delete(s.holder.unmarked, id)
	}
	if len(s.holder.unmarked) == 0 {
		s.pass()
	}
}

// pass ends the turn, with mu held.
func (s *suspects) pass() {
	s.holder.limit.Stop()
	s.holder = nil
	<-s.turn
}

// tries is how often the handlers of these messages were begun before.
func (a *attempts) tries(items []chat.Item) (n int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for i := range items {
		if t := a.tried[items[i].ID]; t != nil && sameMoment(t.createdAt, storedAt(&items[i])) {
			n = max(n, t.n)
		}
	}
	return n
}
