package host

import "fmt"

// Change makes bots those of the supervisor while Run runs. The ones that stays
// names go on as they are, whatever bots has for them: also one that has ended
// for good stays so. All others are stopped gracefully, together. When they have
// ended, swap is called with them and with those that come in their place, which
// are started when it returns; nil is not called.
//
// The errors are NewSupervisor's, with nothing changed then, and ErrStopped where
// all bots have ended meanwhile, or before. It blocks as long as the bots take to
// stop. Not to be called again before it has returned.
func (s *Supervisor) Change(bots []Bot, stays func(name string) bool, swap func(gone, come []*Supervised)) error {
	next, err := NewSupervisor(bots...)
	if err != nil {
		return err
	}
	if !s.enter() {
		return fmt.Errorf("change the bots: %w", ErrStopped)
	}
	defer s.leave()
	var gone []*Supervised
	for _, b := range s.Bots() {
		if !stays(b.Name()) {
			gone = append(gone, b)
			b.Stop("other settings")
		}
	}
	for _, b := range gone {
		<-b.ended
		s.databases.release(b.Name())
	}
	if s.ctx.Err() != nil {
		return fmt.Errorf("change the bots: %w", ErrStopped)
	}
	all, come := next.bots, []*Supervised(nil)
	for i, b := range all {
		if old, known := s.Bot(b.Name()); known && stays(b.Name()) {
			all[i] = old
			continue
		}
		b.opts.OpenCore = s.databases.guard(b.opts) // next knows nothing of those that scripts have opened
		come = append(come, b)
	}
	s.mu.Lock()
	s.bots = all
	s.mu.Unlock()
	if swap != nil {
		swap(gone, come)
	}
	s.mu.Lock()
	s.launch(come)
	s.mu.Unlock()
	return nil
}

// enter keeps Run from returning until leave; false: it does already.
func (s *Supervisor) enter() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.underway == 0 {
		return false
	}
	s.underway++
	return true
}
