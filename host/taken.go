package host

import (
	"sync"

	"github.com/simplex-lua/simplex-lua/internal/chat"
)

// taken are the received messages that this process has and that are not marked
// as read yet. Where a connection to the core comes back, they are unread too, and
// must not be handled once more. The methods of nil, for a core that cannot get
// lost, do nothing.
type taken struct {
	mu sync.Mutex // guards what follows
	// handled by id tells whether only the mark is missing.
	handled map[int64]bool
	// held keeps messages that are marked: what was read before may show them as
	// unread still. later are those.
	held  bool
	later []int64
}

func newTaken() *taken { return &taken{handled: map[int64]bool{}} }

// note adds the messages of an event that just arrived.
func (t *taken) note(ev chat.Event, userID int64) {
	if t == nil || ev.Type != "newChatItems" {
		return
	}
	for _, it := range ev.Items() {
		if it.UserID == userID && it.DirectedToUs() && it.ID != 0 {
			t.add(it.ID)
		}
	}
}

func (t *taken) add(id int64) {
	if t == nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if _, known := t.handled[id]; !known {
		t.handled[id] = false
	}
}

// done tells that a message's handlers have ended.
func (t *taken) done(id int64) {
	if t == nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if _, known := t.handled[id]; known {
		t.handled[id] = true
	}
}

// marked forgets messages, unless everything is held.
func (t *taken) marked(ids []int64) {
	if t == nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.held {
		t.later = append(t.later, ids...)
		return
	}
	t.forget(ids)
}

// forget drops messages, with mu held.
func (t *taken) forget(ids []int64) {
	for _, id := range ids {
		delete(t.handled, id)
	}
}

// hold keeps everything until release.
func (t *taken) hold() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.held = true
}

func (t *taken) release() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.held = false
	t.forget(t.later)
	t.later = nil
}

// has tells whether a message is among them, and whether it was handled.
func (t *taken) has(id int64) (known, handled bool) {
	if t == nil {
		return false, false
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	handled, known = t.handled[id]
	return known, handled
}
