package host

import (
	"fmt"
	"sync"

	"github.com/simplex-lua/simplex-lua/internal/chat"
	"github.com/simplex-lua/simplex-lua/luaapi"
)

// handle is what the lanes do with each event.
func (h *Host) handle(ev chat.Event) {
	items := h.claim(&ev)
	done := h.markWhenDone(items)
	defer func() {
		if p := recover(); p != nil {
			done() // the message that hit a bug would hit it again
			panic(p)
		}
	}()
	n := h.attempts.begin(items)
	if n > maxAttempts {
		h.setAside.Add(1)
		h.report(&luaapi.Error{Type: luaapi.ErrPoison, Message: fmt.Sprintf(
			"message %d of %s is set aside: the process ended %d times while it was handled", items[0].ID, items[0].Chat, n-1)})
		done()
		return
	}
	if ev.Attempt > 0 || n > 1 {
		ev.Attempt = n
	}
	if len(items) > 0 {
		ev.Rests = func(resting bool) { h.attempts.rest(items, resting) }
	}
	h.script.Handle(ev, done)
}

// claim returns the messages of the event that are marked as read when its
// handlers have ended: items that somebody wrote to our user. A live message,
// one that is still being written, is marked when its last version has been
// handled.
func (h *Host) claim(ev *chat.Event) (ours []chat.Item) {
	var items []chat.Item
	switch ev.Type {
	case "newChatItems":
		items = ev.Items()
	case "chatItemUpdated":
		items, ev.Live = h.live.finished(*ev)
	}
	ours = items[:0]
	for i := range items {
		it := &items[i]
		it.Raw = nil // a handler may wait for long, and marks need no text
		switch {
		case it.UserID != h.ctl.userID || !it.DirectedToUs() || it.ID == 0:
		case it.Live:
			h.live.add(it)
		default:
			if it.LiveEnded && ev.Type == "newChatItems" {
				h.live.whole(it)
			}
			ours = append(ours, *it) // in place of items
		}
	}
	return ours
}

// markWhenDone returns the function that has messages marked as read; calling it
// again does nothing.
func (h *Host) markWhenDone(items []chat.Item) func() {
	if len(items) == 0 {
		return func() {}
	}
	return sync.OnceFunc(func() {
		h.attempts.handled(items) // before the marks, which forget them
		h.taken.done(items)
		for i := range items {
			if it := &items[i]; it.Kind == "report" {
				h.reports.end(it) // stored as read, so there is nothing to mark
				h.marked(it.ID)
			} else {
				h.marks.add(it.Chat, it.ID)
			}
		}
	})
}

// marked is told which messages are handled and need no mark any more.
func (h *Host) marked(ids ...int64) {
	h.attempts.end(ids...)
	h.taken.marked(ids...)
}
