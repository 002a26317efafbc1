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
	// open are those that nobody has finished, late those that were handled as
	// they were.
	open, late map[liveItem]struct{}
	queue      []dueItem // open ones and some that are finished, oldest first
	added      chan struct{}

	clock luaapi.Clock
	// waking counts messages whose time has come, until they are in their lanes.
	waking atomic.Int64
}

// liveItem is one message; the pair is unique where the id alone may not be.
type liveItem struct {
	id        int64
	createdAt string
}

type dueItem struct {
	liveItem
	chat chat.Ref
	due  time.Time
}

func newLiveItems(clock luaapi.Clock) *liveItems {
	return &liveItems{open: map[liveItem]struct{}{}, late: map[liveItem]struct{}{}, added: make(chan struct{}, 1), clock: clock}
}

func keyOf(it *chat.Item) liveItem { return liveItem{it.ID, it.CreatedAt} }

// add takes a live message that has begun.
func (l *liveItems) add(it *chat.Item) {
	l.mu.Lock()
	defer l.mu.Unlock()
	key := keyOf(it)
	if _, known := l.open[key]; known {
		return
	}
	l.open[key] = struct{}{}
	l.queue = append(l.queue, dueItem{key, it.Chat, l.clock.Now().Add(livePatience)})
	token(l.added)
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
	key := keyOf(&it)
	if _, known := l.late[key]; known {
		delete(l.late, key)
		return nil, chat.LiveHandled
	}
	if _, known := l.open[key]; !known {
		return nil, chat.LiveUsual
	}
	delete(l.open, key)
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
		if l.expire(next.liveItem) {
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
		if _, open := l.open[first.liveItem]; open {
			return first, true
		}
	}
	l.queue = nil
	return dueItem{}, false
}

// expire moves a message to the late ones, if it is still open.
func (l *liveItems) expire(key liveItem) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if _, open := l.open[key]; !open {
		return false
	}
	delete(l.open, key)
	for old := range l.late {
		if len(l.late) < maxLate {
			break
		}
		delete(l.late, old)
	}
	l.late[key] = struct{}{}
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
