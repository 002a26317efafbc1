package host

import "github.com/simplex-lua/simplex-lua/internal/chat"

// notice shows an event to every generation at the moment it arrives: handlers
// of older ones may wait for it too. It is quick.
func (s *Script) notice(ev chat.Event) {
	s.mu.Lock()
	current, older := s.current, s.draining
	s.mu.Unlock()
	for _, g := range older {
		g.rt.Notice(ev)
	}
	if current != nil {
		current.rt.Notice(ev)
	}
}
