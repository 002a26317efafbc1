package host

import (
	"encoding/json"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/chat"
)

// requestKey names a request or an invitation: the tag of its event, and its id or
// the group's.
type requestKey struct {
	tag string
	id  int64
}

// takenRequest is one that this process has told the script about. found is when
// it was found pending, zero where it came as an event.
type takenRequest struct {
	createdAt string
	found     time.Time
}

// maxRequests is how many of them are remembered, so that none is told twice
// where it comes as an event and is found pending too.
const maxRequests = 10_000

// findRequest takes one that was found pending. It is false where it is known.
func (t *taken) findRequest(r requestKey, createdAt string, now time.Time) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if before, known := t.requests[r]; known && sameMoment(before.createdAt, createdAt) {
		return false
	}
	t.keepRequest(r, takenRequest{createdAt, now})
	return true
}

// comeRequest takes one whose event has come. It is false where that is the late
// event of one that was found pending.
func (t *taken) comeRequest(r requestKey, createdAt string, now time.Time) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	before, known := t.requests[r]
	t.keepRequest(r, takenRequest{createdAt: createdAt})
	return !known || !sameMoment(before.createdAt, createdAt) || now.Sub(before.found) > lateEvents
}

func (t *taken) keepRequest(r requestKey, one takenRequest) {
	if len(t.requests) >= maxRequests {
		clear(t.requests) // those that are pending may be told once more
	}
	t.requests[r] = one
}

// arriveRequest takes the event of a request or an invitation. It is false where
// the script was told about it.
func (h *Host) arriveRequest(ev chat.Event) bool {
	type stored struct {
		Request   int64  `json:"contactRequestId"`
		Group     int64  `json:"groupId"`
		CreatedAt string `json:"createdAt"`
		UpdatedAt string `json:"updatedAt"`
	}
	var body struct {
		Request stored `json:"contactRequest"`
		Group   stored `json:"groupInfo"`
	}
	if json.Unmarshal(ev.Raw, &body) != nil {
		return true // the script may make more of it
	}
	one, r := body.Request, requestKey{ev.Type, body.Request.Request}
	again := !sameMoment(one.CreatedAt, one.UpdatedAt)
	if ev.Type == invitationTag {
		one, r.id, again = body.Group, body.Group.Group, false
	}
	return h.taken.comeRequest(r, one.CreatedAt, h.clock.Now()) || again
}
