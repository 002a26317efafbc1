package host

import (
	"sync"
	"time"
)

// limiter lets a log line through at most once per period and counts the ones
// it held back. The zero limiter is not usable; it is safe for use by several
// goroutines.
type limiter struct {
	every time.Duration

	mu   sync.Mutex // guards what follows
	last time.Time
	held int
}

// allow tells whether to log now, and how many lines were held back since the
// last one.
func (l *limiter) allow() (held int, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	if !l.last.IsZero() && now.Sub(l.last) < l.every {
		l.held++
		return 0, false
	}
	held, l.held, l.last = l.held, 0, now
	return held, true
}
