package host

import (
	"bytes"
	"context"
	"strings"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/chat"
)

// Meter counts what a bot does. Its methods are called on the way of every
// message, by many goroutines, so they are quick, never block, and look nothing
// up that could be found before.
type Meter interface {
	// Event is called with the tag of each event that arrives.
	Event(tag string)
	// Handled is called when an event's turn in its lane is over, with the time
	// since it was received.
	Handled(lag time.Duration)
	// Handler returns what counts the runs of a handler, as "on_message at
	// bot.lua:12". It is called once when the handler is registered.
	Handler(name string) func(took time.Duration, failed bool)
	// Command is called after each command to the core; send tells that it was to
	// send a message.
	Command(send bool, result CommandResult, took time.Duration)
	// Delivery is called when the core tells how far a sent message is, with its
	// word for it ("sndSent", "sndRcvd", "sndError", "sndErrorAuth", …).
	Delivery(status string)
	// Reloaded is called after each reload, with what was wrong.
	Reloaded(took time.Duration, err error)
}

// CommandResult is how a command of the core ended.
type CommandResult int

const (
	CommandDone    CommandResult = iota
	CommandRefused               // the core answered with an error
	CommandFailed                // there was no answer
)

// meteredCore counts the commands of everybody who uses the core.
type meteredCore struct {
	chat.Core
	meter Meter
}

// metered returns the core itself where nobody counts.
func metered(c chat.Core, m Meter) chat.Core {
	if m == nil {
		return c
	}
	return &meteredCore{c, m}
}

var refusalStart = []byte(`{"error"`)

func (c *meteredCore) Send(ctx context.Context, cmd string) ([]byte, error) {
	began := time.Now()
	reply, err := c.Core.Send(ctx, cmd)
	result := CommandDone
	switch {
	case err != nil:
		result = CommandFailed
	case bytes.HasPrefix(reply, refusalStart):
		result = CommandRefused
	}
	c.meter.Command(strings.HasPrefix(cmd, "/_send "), result, time.Since(began))
	return reply, err
}

// measure counts an event at its arrival.
func (h *Host) measure(ev chat.Event) {
	if h.opts.Meter == nil {
		return
	}
	h.opts.Meter.Event(ev.Type)
	for _, it := range ev.Statuses() {
		h.opts.Meter.Delivery(it.Status)
	}
}
