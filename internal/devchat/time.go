package devchat

import (
	"context"
	"time"
)

// flow lets as much time pass as the machine's clock says, and waits for
// nothing.
func (s *Session) flow() {
	now := time.Now()
	s.net.Advance(now.Sub(s.flowed))
	s.flowed = now
	for s.clock.Fire() {
	}
}

// pass lets d pass at once. Timers run in their order, each when the bot has
// done all that was to do before, and what comes is shown.
func (s *Session) pass(ctx context.Context, d time.Duration) error {
	defer func() { s.flowed = time.Now() }()
	_, err := s.clock.Pass(s.net, s.clock.Now().Add(d), func() (bool, error) { return false, s.settle(ctx) })
	return err
}

// settle waits until the bot has done all that it can do without time passing,
// and shows what came of it.
func (s *Session) settle(ctx context.Context) error {
	if err := s.rest(ctx); err != nil {
		return err
	}
	return s.show()
}

// rest waits until the bot is at rest. One that stops is when it has.
func (s *Session) rest(ctx context.Context) error {
	return s.bot.Rest(ctx, s.core.Load().Enqueued, s.stopping.Load)
}
