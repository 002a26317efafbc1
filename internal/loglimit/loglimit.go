package loglimit

import (
	"sync"
	"time"
)

// Limiter lets a log line through at most once per period and counts the ones
// it held back. It is safe for use by several goroutines and never blocks for
// long: its lock is held while nothing else is taken or called.
type Limiter struct {
	// Every is the period; it must not be changed once Allow was called. With zero
	// every line is let through.
	Every time.Duration

	mu   sync.Mutex // guards what follows
	last time.Time
	held int
}

// Allow tells whether to log now, and how many lines were held back since the
// last one.
func (l *Limiter) Allow() (held int, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	if !l.last.IsZero() && now.Sub(l.last) < l.Every {
		l.held++
		return 0, false
	}
	held, l.held, l.last = l.held, 0, now
	return held, true
}
