package host

import (
	"sync"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/chat"
)

// lateEvents is how long the event of a message that was found unread may still
// be on its way.
const lateEvents = 5 * time.Minute

// taken are the received messages that this process has and that are not marked
// as read yet. A message can come both ways, as an event and found unread; here
// both ways meet, and whichever is first has it handled. It is told by its id, not
// by the clock: the core's may be another's, or wrong. It is safe for use by
// several goroutines.
type taken struct {
	mu    sync.Mutex // guards what follows
	items map[int64]*takenItem
	// held keeps messages that are marked: what was read before may show them as
	// unread still.
	held bool
	// requests are those that the script was told about.
	requests map[requestKey]takenRequest
}

// takenItem is one message. Ids are used again, so the time when it was stored
// belongs to it.
type takenItem struct {
	createdAt string
	// handled tells that only the mark is missing, marked that it is not.
	handled, marked bool
	// found is when it was found unread, while its event may still come; zero
	// where none will.
	found time.Time
}

func newTaken() *taken {
	return &taken{items: map[int64]*takenItem{}, requests: map[requestKey]takenRequest{}}
}

// of returns the message, nil where it is not known, with mu held.
func (t *taken) of(it *chat.Item) *takenItem {
	if known := t.items[it.ID]; known != nil && sameMoment(known.createdAt, it.CreatedAt) {
		return known
	}
	return nil
}

// come takes a message whose event has come. It is false where the message was
// found unread before.
func (t *taken) come(it *chat.Item) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	known := t.of(it)
	if known == nil {
		t.items[it.ID] = &takenItem{createdAt: it.CreatedAt}
		return true
	}
	if known.found.IsZero() {
		return true // it came twice; who sent it twice meant it
	}
	known.found = time.Time{}
	if known.marked && !t.held {
		delete(t.items, it.ID)
	}
	return false
}

// find takes a message that was found unread. It is false where it is known. late
// is now where its event may still come, else zero.
func (t *taken) find(it *chat.Item, late time.Time) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.of(it) != nil {
		return false
	}
	t.items[it.ID] = &takenItem{createdAt: it.CreatedAt, found: late}
	return true
}

// has tells whether a message is among them, and whether it was handled.
func (t *taken) has(it *chat.Item) (known, handled bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	k := t.of(it)
	return k != nil, k != nil && k.handled
}

// done tells that messages' handlers have ended.
func (t *taken) done(items []chat.Item) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for i := range items {
		if k := t.of(&items[i]); k != nil {
			k.handled = true
		}
	}
}

// marked forgets messages that are handled and marked, but not those whose events
// may still come, and none while everything is held.
func (t *taken) marked(ids ...int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, id := range ids {
		k := t.items[id]
		switch {
		case k == nil:
		case t.held || !k.found.IsZero():
			k.handled, k.marked = true, true
		default:
			delete(t.items, id)
		}
	}
}

// forget drops messages that are not handled: who finds them unread has them
// handled.
func (t *taken) forget(ids ...int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, id := range ids {
		delete(t.items, id)
	}
}

// expire forgets messages that are marked and whose events are not waited for any
// more.
func (t *taken) expire(now time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for id, k := range t.items {
		if !t.held && k.marked && !k.found.IsZero() && now.Sub(k.found) > lateEvents {
			delete(t.items, id)
		}
	}
}

// hold keeps everything until release. Events of what was found long ago are not
// waited for any more.
func (t *taken) hold(now time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.held = true
	for _, k := range t.items {
		if !k.found.IsZero() && now.Sub(k.found) > lateEvents {
			k.found = time.Time{}
		}
	}
}

func (t *taken) release() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.held = false
	for id, k := range t.items {
		if k.marked && k.found.IsZero() {
			delete(t.items, id)
		}
	}
}

// arrive takes an event that has just come. What is left of it goes to its lane;
// it is false where that is nothing.
func (h *Host) arrive(ev chat.Event) (chat.Event, bool) {
	switch ev.Type {
	case "newChatItems":
		return h.arriveItems(ev)
	case requestTag, invitationTag:
		return ev, h.arriveRequest(ev)
	}
	return ev, true
}

func (h *Host) arriveItems(ev chat.Event) (chat.Event, bool) {
	var before []int64 // found unread before, or there before the bot
	for _, it := range ev.Items() {
		switch {
		case it.UserID != h.ctl.userID || !it.DirectedToUs() || it.ID == 0:
		case h.older != nil && h.older(&it), !h.taken.come(&it):
			before = append(before, it.ID)
		case it.Kind == "report":
			h.reports.begin(&it)
		}
	}
	if len(before) == 0 {
		return ev, true
	}
	ev, left := ev.Without(before)
	return ev, left > 0
}
