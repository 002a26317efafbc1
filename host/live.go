package host

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/chat"
	"github.com/simplex-lua/simplex-lua/luaapi"
)

const (
	// livePatience is how long a live message may stay unfinished before it is
	// handled as it is.
	livePatience = 5 * time.Minute
	// maxLate is how many such messages are remembered, so that their end counts
	// as an edit; more are forgotten.
	maxLate = 1000
)

// liveItems are the received messages that are still being written. It is safe
// for use by several goroutines; run is the only one that waits.
type liveItems struct {
	mu sync.Mutex // guards what follows
	// open are those that nobody has finished, late those that were handled before
	// what finishes them came.
	open, late map[int64]string // by id: when they were stored
	queue      []dueItem        // open ones and some that are finished, oldest first
	added      chan struct{}

	clock luaapi.Clock
	// waking counts messages whose time has come, until they are in their lanes.
	waking atomic.Int64
}

type dueItem struct {
	id        int64
	createdAt string
	chat      chat.Ref
	due       time.Time
}

func newLiveItems(clock luaapi.Clock) *liveItems {
	return &liveItems{open: map[int64]string{}, late: map[int64]string{}, added: make(chan struct{}, 1), clock: clock}
}

// among tells whether a message is one of these. Ids are used again, the pair with
// the time is not.
func among(items map[int64]string, id int64, createdAt string) bool {
	at, known := items[id]
	return known && sameMoment(at, createdAt)
}

// add takes a live message that has begun.
func (l *liveItems) add(it *chat.Item) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if among(l.open, it.ID, it.CreatedAt) {
		return
	}
	l.open[it.ID] = it.CreatedAt
	l.queue = append(l.queue, dueItem{it.ID, it.CreatedAt, it.Chat, l.clock.Now().Add(livePatience)})
	token(l.added)
}

// whole takes a live message that came in its last version, for it was read later
// than it was received: what finishes it may still come and is an edit then.
func (l *liveItems) whole(it *chat.Item) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.handled(it.ID, it.CreatedAt)
}

// handled moves a message to the late ones, with mu held.
func (l *liveItems) handled(id int64, createdAt string) {
	delete(l.open, id)
	for old := range l.late {
		if len(l.late) < maxLate {
			break
		}
		delete(l.late, old)
	}
	l.late[id] = createdAt
}

// finished looks at an update: items are the live message whose last version it
// brings, or how tells that it was handled before. Other updates are edits.
func (l *liveItems) finished(ev chat.Event) (items []chat.Item, how chat.Live) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.open) == 0 && len(l.late) == 0 {
		return nil, chat.LiveUsual
	}
	it, ok := ev.Updated()
	if !ok || it.Live {
		return nil, chat.LiveUsual
	}
	switch {
	case among(l.late, it.ID, it.CreatedAt):
		delete(l.late, it.ID)
		return nil, chat.LiveHandled
	case !among(l.open, it.ID, it.CreatedAt):
		return nil, chat.LiveUsual
	}
	delete(l.open, it.ID)
	return []chat.Item{it}, chat.LiveUsual
}

// run hands each message that nobody finished in time to late, until ctx ends.
func (l *liveItems) run(ctx context.Context, late func(ctx context.Context, ref chat.Ref, id int64)) {
	for {
		next, ok := l.next()
		if !ok {
			select {
			case <-l.added:
				continue
			case <-ctx.Done():
				return
			}
		}
		due := make(chan struct{})
		stop := l.clock.AfterFunc(next.due.Sub(l.clock.Now()), func() {
			l.waking.Add(1)
			close(due)
		})
		select {
		case <-due:
		case <-ctx.Done():
			stop()
			return
		}
		if l.expire(next) {
			late(ctx, next.chat, next.id)
		}
		l.waking.Add(-1)
	}
}

// next takes the message that is due first, leaving out those that are finished.
func (l *liveItems) next() (dueItem, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for len(l.queue) > 0 {
		first := l.queue[0]
		l.queue = l.queue[1:]
		if among(l.open, first.id, first.createdAt) {
			return first, true
		}
	}
	l.queue = nil
	return dueItem{}, false
}

// expire moves a message to the late ones, if it is still open.
func (l *liveItems) expire(one dueItem) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !among(l.open, one.id, one.createdAt) {
		return false
	}
	l.handled(one.id, one.createdAt)
	return true
}

// handleLate puts a live message that nobody finished in its lane, as it is now.
func (h *Host) handleLate(ctx context.Context, ref chat.Ref, id int64) {
	ev, ok := h.readBack(ref, []int64{id})
	if !ok || ctx.Err() != nil {
		return // deleted, or unread for the next start
	}
	ev.Live = chat.LiveAsIs
	h.dispatcher.Push(ev)
}
