package chat

import "time"

// Reconnecting is a Core whose connection to the controller can be lost and come
// back. What happened in between made events that may have gone elsewhere.
type Reconnecting interface {
	Core

	// Reconnected returns a channel of one place that holds a value when a
	// connection has come back, or when events that went to somebody else come to us
	// again: the time since when. Whoever takes it looks for messages whose events
	// never came. It is always the same channel, and never closed.
	Reconnected() <-chan time.Time
}
