package luaapi

import "time"

// Clock is the time that a script lives in: sleep, timers, time-outs, os.time
// and os.date. Tests move one by hand.
type Clock interface {
	// Now returns the current time.
	Now() time.Time
	// AfterFunc has f called once when d has passed; f is quick and waits for
	// nothing. A clock that is moved by hand calls f before it moves on. stop
	// tells whether it came in time.
	AfterFunc(d time.Duration, f func()) (stop func() bool)
}

// MachineClock is the clock of the machine.
type MachineClock struct{}

// Now returns the current time.
func (MachineClock) Now() time.Time { return time.Now() }

// AfterFunc is time.AfterFunc.
func (MachineClock) AfterFunc(d time.Duration, f func()) func() bool {
	return time.AfterFunc(d, f).Stop
}

// Lab is what a test runner puts around a script. The zero value changes nothing.
type Lab struct {
	// Clock is the script's time; nil is the machine's. Under a clock that is
	// moved by hand, a sleeping handler is at rest and gives the host's lane back,
	// so that the runner can tell when only the clock can bring something new.
	Clock Clock
	// Loaded is called with each runtime before its script runs.
	Loaded func(*Runtime)
	// Registered is called with the name of each handler, as "on_message at
	// bot.lua:12", but for the timers of the library's own modules, and Ran each
	// time one begins to run. They must not block.
	Registered, Ran func(handler string)
	// Untaken is called when no handler takes a message. It must not block.
	Untaken func()
	// Stopped is called by bot.stop, before the bot begins to stop.
	Stopped func()
}

func (lab Lab) withDefaults() Lab {
	if lab.Loaded == nil {
		lab.Loaded = func(*Runtime) {}
	}
	if lab.Registered == nil {
		lab.Registered = func(string) {}
	}
	if lab.Ran == nil {
		lab.Ran = func(string) {}
	}
	if lab.Untaken == nil {
		lab.Untaken = func() {}
	}
	if lab.Stopped == nil {
		lab.Stopped = func() {}
	}
	return lab
}
