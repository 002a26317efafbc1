package host

import (
	"context"
	"errors"
	"log/slog"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/chat"
)

const (
	// marksBatch, marksTotal and marksDelay say when marks are sent: as soon as
	// there are so many in one chat or so many in all, and at the latest so long
	// after the first. Each command is for one chat, so that many busy chats would
	// need a command for every other message if the first alone counted for all.
	marksBatch = 100
	marksTotal = 1000
	marksDelay = 250 * time.Millisecond
	// marksTries is how often a mark is sent that the core refuses. An item that
	// stays unread is handled once more after the next start.
	marksTries = 3
)

// marker tells the core which received items have been handled. It has one
// goroutine, run; everything else may be called from anywhere.
type marker struct {
	send func(ctx context.Context, cmd string) (chat.Response, error)
	// marked is told which items need no more marks.
	marked func(ids ...int64)
	log    *slog.Logger

	mu      sync.Mutex // guards what follows
	pending map[chat.Ref][]int64
	order   []chat.Ref // of pending, oldest first
	count   int
	taken   int // those that a flush has taken and not brought to an end
	failed  map[chat.Ref]int

	first chan struct{} // holds a token when pending is no longer empty
	full  chan struct{} // holds a token when a batch is there

	sending chan struct{} // holds a token during a flush: one at a time
}

func newMarker(log *slog.Logger, send func(context.Context, string) (chat.Response, error)) *marker {
	return &marker{
		send: send, marked: func(...int64) {}, log: log, pending: map[chat.Ref][]int64{}, failed: map[chat.Ref]int{},
		first: make(chan struct{}, 1), full: make(chan struct{}, 1), sending: make(chan struct{}, 1),
	}
}

// add notes items of one chat and scope as handled.
func (m *marker) add(ref chat.Ref, ids ...int64) {
	if len(ids) == 0 {
		return
	}
	m.mu.Lock()
	if len(m.pending[ref]) == 0 {
		m.order = append(m.order, ref)
	}
	m.pending[ref] = append(m.pending[ref], ids...)
	m.count += len(ids)
	full := len(m.pending[ref]) >= marksBatch || m.count >= marksTotal
	m.mu.Unlock()
	token(m.first)
	if full {
		token(m.full)
	}
}

func token(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// waiting counts the items that are not marked yet.
func (m *marker) waiting() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.count + m.taken
}

// run sends the marks until ctx ends; what is left then waits for flush.
func (m *marker) run(ctx context.Context) {
	for {
		select {
		case <-m.first:
		case <-ctx.Done():
			return
		}
		timer := time.NewTimer(marksDelay)
		select {
		case <-timer.C:
		case <-m.full:
		case <-ctx.Done():
		}
		timer.Stop()
		if ctx.Err() != nil {
			return
		}
		m.flush(ctx)
	}
}

// flush sends everything that is pending. It waits for another flush under way,
// but not longer than ctx allows.
func (m *marker) flush(ctx context.Context) {
	select {
	case m.sending <- struct{}{}:
		defer func() { <-m.sending }()
	case <-ctx.Done():
		return
	}
	m.mu.Lock()
	pending, order := m.pending, m.order
	m.taken = m.count
	m.pending, m.order, m.count = map[chat.Ref][]int64{}, nil, 0
	m.mu.Unlock()
	for _, ref := range order {
		for ids := pending[ref]; len(ids) > 0; {
			n := min(len(ids), marksBatch)
			m.mark(ctx, ref, ids[:n])
			ids = ids[n:]
		}
	}
}

// mark sends one command. "/_read chat" without items would also clear what
// came in the meantime, and harm the counts of support chats.
func (m *marker) mark(ctx context.Context, ref chat.Ref, ids []int64) {
	defer func() {
		m.mu.Lock()
		defer m.mu.Unlock()
		m.taken -= len(ids)
	}()
	var cmd strings.Builder
	cmd.WriteString("/_read chat items ")
	cmd.WriteString(ref.String())
	for i, n := range ids {
		cmd.WriteByte(" ,"[min(i, 1)])
		cmd.WriteString(strconv.FormatInt(n, 10))
	}
	_, err := m.send(ctx, cmd.String())
	m.mu.Lock()
	if err == nil {
		delete(m.failed, ref)
		m.mu.Unlock()
		m.marked(ids...)
		return
	}
	m.failed[ref]++
	again := m.failed[ref] < marksTries && !gone(err) && ctx.Err() == nil
	if !again {
		delete(m.failed, ref)
	}
	m.mu.Unlock()
	if again {
		m.add(ref, ids...)
		return
	}
	if gone(err) {
		m.marked(ids...)
		return
	}
	m.log.Warn("messages could not be marked as read", "chat", ref.String(), "items", len(ids), "err", err)
}

// gone tells that the core has no such chat (any more), so that there is
// nothing to mark or to read.
func gone(err error) bool {
	refused := (*chat.CommandError)(nil)
	return errors.As(err, &refused) && refused.Type == "errorStore" &&
		(strings.HasSuffix(refused.Tag, "NotFound") || strings.Contains(refused.Tag, "NotFoundBy"))
}
