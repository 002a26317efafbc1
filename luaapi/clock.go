package luaapi

import (
	"context"
	"time"
)

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

// realClock is the clock of the machine.
type realClock struct{}

func (realClock) Now() time.Time { return time.Now() }

func (realClock) AfterFunc(d time.Duration, f func()) func() bool { return time.AfterFunc(d, f).Stop }

// Lab is what a test runner puts around the runtimes that are loaded with its
// context, through whatever hands the context on. The zero value changes nothing.
type Lab struct {
	// Clock is for runtimes whose options name none.
	Clock Clock
	// Loaded is called with each runtime before its script runs.
	Loaded func(*Runtime)
	// Registered is called with the name of each handler, as "on_message at
	// bot.lua:12", and Ran each time it begins to run. They must not block.
	Registered, Ran func(handler string)
}

type labKey struct{}

// WithLab returns a context with which Load puts lab around its runtime.
func WithLab(ctx context.Context, lab Lab) context.Context {
	return context.WithValue(ctx, labKey{}, lab)
}

func labOf(ctx context.Context) Lab {
	lab, _ := ctx.Value(labKey{}).(Lab)
	if lab.Loaded == nil {
		lab.Loaded = func(*Runtime) {}
	}
	if lab.Registered == nil {
		lab.Registered = func(string) {}
	}
	if lab.Ran == nil {
		lab.Ran = func(string) {}
	}
	return lab
}
