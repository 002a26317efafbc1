package luaapi

import (
	"sync"
	"time"
)

// stopwatch is a timer that can stand still: for as long as pause was called more
// often than resume.
type stopwatch struct {
	mu    sync.Mutex // guards the fields below
	clock Clock
	fire  func()
	halt  func() bool // nil before start and after stop
	left  time.Duration
	since time.Time
	// pauses are those that were not resumed yet.
	pauses int
}

func (s *stopwatch) start(clock Clock, d time.Duration, fire func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.clock, s.fire, s.left = clock, fire, d
	s.run()
}

func (s *stopwatch) run() {
	s.since = s.clock.Now()
	s.halt = s.clock.AfterFunc(max(s.left, 0), s.fire)
}

func (s *stopwatch) pause() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.pauses++; s.pauses == 1 && s.halt != nil && s.halt() {
		s.left -= s.clock.Now().Sub(s.since)
	}
}

// remaining is what is left of a stopwatch that runs.
func (s *stopwatch) remaining() time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.left - s.clock.Now().Sub(s.since)
}

func (s *stopwatch) resume() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.pauses--; s.pauses == 0 && s.halt != nil {
		s.run()
	}
}

func (s *stopwatch) stop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.halt != nil {
		s.halt()
		s.halt = nil
	}
}
