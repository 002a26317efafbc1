package remote

import (
	"context"
	"math/rand/v2"
	"time"
)

// stable is how long a session must have lasted for the next pause to be a short
// one again.
const stable = 30 * time.Second

// run opens the next session when one has ended, and looks again who gets the
// events where they went to somebody else. It ends with Close.
func (c *Core) run(s *session, alone bool) {
	defer close(c.done)
	pause := c.o.FirstPause
	look := probeAgain
	away := time.Now() // since when events may have gone elsewhere
	for {
		began := time.Now()
		var again <-chan time.Time
		if !alone {
			again = time.After(look)
		}
		select {
		case <-c.ctx.Done():
			return
		case <-again:
			look = min(2*look, probeSeldom)
			if alone = c.probe(c.ctx); alone {
				c.o.Log.Info("events of the chat program reach this bot now")
				c.tell(away)
			}
			continue
		case <-s.ctx.Done():
		}
		if c.ctx.Err() != nil {
			return
		}
		c.put(nil, s.cause())
		s.work.Wait()
		c.o.Log.Warn("the connection to the chat program is lost; trying again", "err", s.cause())
		if time.Since(began) >= stable {
			pause = c.o.FirstPause
		}
		if alone {
			away = time.Now().Add(-c.o.PingEvery - c.o.PingTimeout) // a silent loss is noticed so late
		}
		lost := time.Now()
		if s, pause = c.reconnect(pause); s == nil {
			return
		}
		c.tell(away) // first, for who handles a new event had better know that others are missing
		c.put(s, nil)
		c.o.Log.Info("connected to the chat program again", "after", time.Since(lost).Round(time.Millisecond))
		look = probeAgain
		alone = c.probe(c.ctx)
	}
}

// tell says that what happened since then has to be looked for; an earlier time
// that nobody has taken yet holds that too.
func (c *Core) tell(since time.Time) {
	select {
	case c.back <- since:
	default:
	}
}

// reconnect tries until there is a session; nil when the Core is closed. It
// returns the next pause as well.
func (c *Core) reconnect(pause time.Duration) (*session, time.Duration) {
	for {
		// Bots that lost the same program must not all come back at once.
		timer := time.NewTimer(pause/2 + rand.N(pause))
		select {
		case <-timer.C:
		case <-c.ctx.Done():
			timer.Stop()
			return nil, 0
		}
		pause = min(2*pause, c.o.LastPause)
		ctx, cancel := context.WithTimeout(c.ctx, c.o.PingTimeout)
		s, err := openSession(ctx, c.o, c.dialer, c.accept)
		cancel()
		if err == nil {
			return s, pause
		}
		c.put(nil, err)
		c.o.Log.Debug("no connection yet", "err", err)
	}
}

// put changes the session; nil is for an outage with its cause.
func (c *Core) put(s *session, cause error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case s != nil:
		c.since = time.Time{}
	case c.since.IsZero():
		c.since = time.Now()
	}
	c.session, c.cause = s, cause
	close(c.changed)
	c.changed = make(chan struct{})
}

// now returns the session, and what is closed when it changes.
func (c *Core) now() (*session, <-chan struct{}) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.session, c.changed
}

// offline returns an *OfflineError where there is no connection, else nil.
func (c *Core) offline() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.session != nil {
		return nil
	}
	return &OfflineError{Address: c.o.URL, Since: c.since, Cause: c.cause}
}
