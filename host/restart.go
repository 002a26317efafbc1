package host

import (
	"cmp"
	"errors"
	"time"
)

// Values of Restart.When.
const (
	RestartNever     = "never"
	RestartOnFailure = "on-failure" // when it has ended with an error
	RestartAlways    = "always"     // also when it has ended by bot.stop
)

const (
	defaultRestartDelay    = time.Second
	defaultRestartMaxDelay = 5 * time.Minute
)

// Restart says when a bot that has ended is started again. The zero value is
// never. Each wait is twice as long as the one before it; a change of the
// script's files or a reload ends it at once.
type Restart struct {
	// When is RestartNever, RestartOnFailure or RestartAlways; "" is never.
	When string
	// Delay is the first wait; 0 is 1 s.
	Delay time.Duration
	// MaxDelay is the longest wait; 0 is 5 min. After a bot that has run for
	// longer than that, waits begin with Delay again.
	MaxDelay time.Duration
	// Final tells of an error that does not get better by itself, as one of the
	// script. Where no bot of the Supervisor has run yet and none waits for anything
	// else, Run ends: whoever started it sees at once what to mend. nil: none is.
	Final func(err error) bool
}

func (r Restart) withDefaults() Restart {
	if r.Final == nil {
		r.Final = func(error) bool { return false }
	}
	r.MaxDelay = cmp.Or(r.MaxDelay, defaultRestartMaxDelay)
	r.Delay = min(cmp.Or(r.Delay, defaultRestartDelay), r.MaxDelay)
	return r
}

// again tells whether a bot that ended with err is started again.
func (r Restart) again(err error) bool {
	switch r.When {
	case RestartAlways:
		return !fatal(err)
	case RestartOnFailure:
		return err != nil && !fatal(err)
	}
	return false
}

// fatal tells that an error leaves the process in a state in which the bot must
// not be started again: its old controller is still open.
func fatal(err error) bool { return errors.Is(err, ErrNotClosed) }
