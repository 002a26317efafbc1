package chat

import (
	"encoding/json"
	"slices"

	"github.com/simplex-lua/simplex-lua/internal/jsonscan"
)

// Event is one event of the core.
type Event struct {
	// Type is the tag, as "newChatItems"; an unknown one is kept. A bare
	// {"error":{…}} that the core gives as an event has the type "chatError".
	Type string
	// Raw is the object with "type" and the fields. For a chatError it is
	// {"type":"chatError","chatError":{…}}, the form of the WebSocket API.
	Raw json.RawMessage
	// Attempt counts the tries to handle the event, from 1; 0 where nobody
	// counted. The host sets it for items that it found again after a restart.
	Attempt int
	// Live says how a live message in the event counts; the host sets it.
	Live Live
	// Rests is told that all handlers of the event under way wait, in ask and the
	// like, and that one of them goes on. It is nil where nobody asks; the host sets
	// it.
	Rests func(resting bool)
	// body is what was read of Raw; nil where it has not been read yet.
	body *body
}

// Live says how a live message in an event counts.
type Live int

const (
	// LiveUsual: it is a message when it is finished.
	LiveUsual Live = iota
	// LiveAsIs: it counts as finished, for nobody finished it in time.
	LiveAsIs
	// LiveHandled: it was handled as it was, so what finishes it is an edit.
	LiveHandled
)

// ParseEvent reads one event as Core.Receive returned it. The error is an
// *EventError; bytes that are not UTF-8 inside strings are no error.
func ParseEvent(data []byte) (Event, error) {
	env, err := openEnvelope(data)
	if err != nil {
		return Event{}, &EventError{Size: len(data), Cause: err}
	}
	if env.failed != nil {
		raw := make([]byte, 0, len(env.failed)+36)
		raw = append(raw, `{"type":"chatError","chatError":`...)
		raw = append(append(raw, env.failed...), '}')
		return Event{Type: "chatError", Raw: raw, body: &body{tag: "chatError"}}, nil
	}
	return Event{Type: env.body.tag, Raw: env.result, body: &env.body}, nil
}

// Lane names the queue that an event waits in: one per user, chat and scope.
// The zero Lane is the bot's own, for events of no chat.
type Lane struct {
	UserID int64
	Ref    Ref
}

// Route tells which lane the event belongs to. It never fails: what cannot be
// told goes to the bot's own lane.
func (e Event) Route() Lane {
	b := e.read()
	if b.ref == (Ref{}) {
		return Lane{}
	}
	return Lane{UserID: b.userID, Ref: b.ref}
}

// Items returns the items of a newChatItems event or response, in order.
// Entries that are no items of a chat are left out; other events have none.
func (e Event) Items() []Item {
	if e.Type != "newChatItems" {
		return nil
	}
	return e.finish(e.read().items)
}

// Updated returns the item of a chatItemUpdated event.
func (e Event) Updated() (Item, bool) {
	b := e.read()
	if e.Type != "chatItemUpdated" || b.item == nil {
		return Item{}, false
	}
	return e.finish([]Item{*b.item})[0], true
}

// Messages returns the messages that the event brings to the bot, in order:
// the received items of a newChatItems that are finished, and the live message
// that a chatItemUpdated finishes.
func (e Event) Messages() []Item {
	if it, ok := e.Updated(); ok {
		if it.Received() && it.LiveEnded && !it.Edited {
			return []Item{it}
		}
		return nil
	}
	return slices.DeleteFunc(e.Items(), func(it Item) bool { return !it.Received() || it.Live })
}

// finish copies items and gives them what stands beside them in the event.
func (e Event) finish(items []Item) []Item {
	items = slices.Clone(items)
	for i := range items {
		it := &items[i]
		it.UserID, it.Attempt = e.read().userID, e.Attempt
		switch {
		case e.Live == LiveAsIs:
			it.Live = false
		case e.Live == LiveHandled && it.LiveEnded:
			it.Edited = true
		}
	}
	return items
}

// read returns what the methods need of Raw.
func (e Event) read() *body {
	if e.body != nil {
		return e.body
	}
	c := jsonscan.New(e.Raw)
	b := readBody(c, e.Raw)
	if c.End() != nil {
		return &body{} // half a text says nothing
	}
	return &b
}
