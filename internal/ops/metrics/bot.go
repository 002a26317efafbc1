package metrics

import (
	"strings"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Bot counts what one bot does. Its methods are quick, never block and are safe
// for use by several goroutines.
type Bot struct {
	name     string
	vecs     vectors
	events   [classes]prometheus.Counter
	commands [results]prometheus.Counter
	sends    [results]prometheus.Counter
	// sent, received and undelivered are what became of messages later.
	sent, received, undelivered prometheus.Counter
	lag, command, reload        prometheus.Observer
	reloaded, notReloaded       prometheus.Counter

	mu       sync.Mutex // guards what follows
	handlers map[string]int
	round    int // counts reloads
}

// How a command ended.
const (
	Done    = iota
	Refused // the core said no
	Failed  // there was no answer
	results
)

func newBot(name string, v vectors) *Bot {
	b := &Bot{
		name: name, vecs: v, handlers: map[string]int{},
		sent: v.sends.WithLabelValues(name, "sent"), received: v.sends.WithLabelValues(name, "received"),
		undelivered: v.sends.WithLabelValues(name, "undelivered"),
		lag:         v.lag.WithLabelValues(name), command: v.command.WithLabelValues(name), reload: v.reload.WithLabelValues(name),
		reloaded: v.reloads.WithLabelValues(name, "done"), notReloaded: v.reloads.WithLabelValues(name, "failed"),
	}
	for c, label := range classNames {
		b.events[c] = v.events.WithLabelValues(name, label)
	}
	for r, label := range []string{"done", "refused", "failed"} {
		b.commands[r] = v.commands.WithLabelValues(name, label)
	}
	for r, label := range []string{"accepted", "refused", "failed"} {
		b.sends[r] = v.sends.WithLabelValues(name, label)
	}
	return b
}

// Event counts an event by the class of its tag.
func (b *Bot) Event(tag string) { b.events[classOf(tag)].Inc() }

// Handled takes the time from an event's arrival to the end of its handlers.
func (b *Bot) Handled(lag time.Duration) { b.lag.Observe(lag.Seconds()) }

// Command counts a command to the core; result is Done, Refused or Failed.
func (b *Bot) Command(send bool, result int, took time.Duration) {
	b.commands[result].Inc()
	if send {
		b.sends[result].Inc()
	}
	b.command.Observe(took.Seconds())
}

// Delivery counts what the core tells about a sent message, in its words.
func (b *Bot) Delivery(status string) {
	switch status {
	case "sndSent":
		b.sent.Inc()
	case "sndRcvd":
		b.received.Inc()
	case "sndError", "sndErrorAuth":
		b.undelivered.Inc()
	}
}

// Reloaded counts a reload.
func (b *Bot) Reloaded(took time.Duration, err error) {
	if err != nil {
		b.notReloaded.Inc()
	} else {
		b.reloaded.Inc()
	}
	b.reload.Observe(took.Seconds())
	b.mu.Lock()
	defer b.mu.Unlock()
	b.round++
}

const (
	// maxHandlers is how many names of handlers a bot has in its labels.
	maxHandlers = 100
	// others is the name of the rest.
	others = "other"
)

// Handler returns what counts the runs of a handler. Names hold line numbers, so
// each reload may bring new ones; those that are two reloads old make room.
func (b *Bot) Handler(name string) func(took time.Duration, failed bool) {
	name = b.admit(name)
	seconds, errors := b.vecs.handler.WithLabelValues(b.name, name), b.vecs.handlerErrors.WithLabelValues(b.name, name)
	return func(took time.Duration, failed bool) {
		seconds.Observe(took.Seconds())
		if failed {
			errors.Inc()
		}
	}
}

// admit returns the label for a handler.
func (b *Bot) admit(name string) string {
	name = strings.ToValidUTF8(name, "?")
	b.mu.Lock()
	defer b.mu.Unlock()
	if _, known := b.handlers[name]; !known && len(b.handlers) >= maxHandlers {
		for old, round := range b.handlers {
			if round < b.round-1 {
				delete(b.handlers, old)
				b.vecs.handler.DeleteLabelValues(b.name, old)
				b.vecs.handlerErrors.DeleteLabelValues(b.name, old)
			}
		}
		if len(b.handlers) >= maxHandlers {
			return others
		}
	}
	b.handlers[name] = b.round
	return name
}
