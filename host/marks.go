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
	"github.com/simplex-lua/simplex-lua/internal/loglimit"
)

const (
	// marksBatch, marksTotal and marksDelay say when marks are sent: as soon as
	// there are so many in one chat or so many in all, and at the latest so long
	// after the first. Each command is for one chat, so that many busy chats would
	// need a command for every other message if the first alone counted for all.
	marksBatch = 100
	marksTotal = 1000
	marksDelay = 250 * time.Millisecond
	// Marks that the core refuses are sent again at growing intervals, for as long
	// as the process lives: an item that stays unread is handled once more after the
	// next start. marksLoud is how often a chat's are refused before it is logged.
	marksRetry = time.Minute
	marksLoud  = 3
	// marksPatience is how long marks of one chat may keep those of others from being
	// sent, lastPatience how long when the bot stops.
	marksPatience = 10 * time.Second
	lastPatience  = time.Second
	// marksKept is how many refused marks are kept; of more the items stay unread.
	marksKept = 100_000
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
	order   []chat.Ref                 // of pending, oldest first
	count   int                        // of pending
	taken   int                        // those that a flush has taken and not brought to an end
	refused map[chat.Ref]*refusedMarks // and those behind a command that hangs
	kept    int                        // of refused
	hanging int                        // commands that were left behind
	settled sync.Cond

	first chan struct{} // holds a token when pending is no longer empty
	full  chan struct{} // holds a token when a batch is there

	sending chan struct{} // holds a token during a flush: one at a time
	warn    loglimit.Limiter
}

// refusedMarks are the marks of one chat that the core refused.
type refusedMarks struct {
	ids   []int64
	tries int
	due   time.Time // when they are sent again
	// hangs: the core has not answered yet; until then nothing is sent for the chat.
	hangs bool
}

func newMarker(log *slog.Logger, send func(context.Context, string) (chat.Response, error)) *marker {
	m := &marker{
		send: send, marked: func(...int64) {}, log: log, pending: map[chat.Ref][]int64{}, refused: map[chat.Ref]*refusedMarks{},
		warn: loglimit.Limiter{Every: time.Minute}, first: make(chan struct{}, 1), full: make(chan struct{}, 1), sending: make(chan struct{}, 1),
	}
	m.settled.L = &m.mu
	return m
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
	return m.count + m.taken + m.kept
}

// run sends the marks until ctx ends; what is left then waits for flush. It waits
// for commands that were left behind.
func (m *marker) run(ctx context.Context) {
	defer m.settle()
	retry := time.NewTimer(marksRetry)
	defer retry.Stop()
	for {
		select {
		case <-m.first:
			m.gather(ctx)
		case <-retry.C:
		case <-ctx.Done():
		}
		if ctx.Err() != nil {
			return
		}
		m.sendDue(ctx, false)
		retry.Reset(m.nextTry(time.Now()))
	}
}

func (m *marker) settle() {
	m.mu.Lock()
	defer m.mu.Unlock()
	for m.hanging > 0 {
		m.settled.Wait()
	}
}

// gather waits for more marks.
func (m *marker) gather(ctx context.Context) {
	timer := time.NewTimer(marksDelay)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-m.full:
	case <-ctx.Done():
	}
}

// nextTry is how long until refused marks are due.
func (m *marker) nextTry(now time.Time) time.Duration {
	m.mu.Lock()
	defer m.mu.Unlock()
	wait := marksRetry
	for _, r := range m.refused {
		if !r.hangs {
			wait = min(wait, r.due.Sub(now))
		}
	}
	return max(wait, 0)
}

// flush sends everything that is pending, and what was refused before. It waits
// for another flush under way, but not longer than ctx allows.
func (m *marker) flush(ctx context.Context) { m.sendDue(ctx, true) }

// sendDue sends what is pending. Of chats whose marks were refused it sends what
// is due, or all.
func (m *marker) sendDue(ctx context.Context, all bool) {
	select {
	case m.sending <- struct{}{}:
		defer func() { <-m.sending }()
	case <-ctx.Done():
		return
	}
	order, due := m.take(time.Now(), all)
	if len(order) == 0 {
		return
	}
	s := m.newSender(ctx, all)
	defer func() { close(s.batches) }()
	for _, ref := range order {
		if !m.mark(ctx, s, ref, due[ref]) {
			close(s.batches)
			s = m.newSender(ctx, all)
		}
	}
}

// take moves out what is to be sent.
func (m *marker) take(now time.Time, all bool) (order []chat.Ref, due map[chat.Ref][]int64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	order, due = m.order, m.pending
	m.taken += m.count
	m.pending, m.order, m.count = map[chat.Ref][]int64{}, nil, 0
	for ref, r := range m.refused {
		fresh := due[ref]
		if r.hangs || !all && now.Before(r.due) {
			m.taken -= len(fresh)
			m.keep(r, fresh)
			delete(due, ref)
			continue
		}
		if len(fresh) == 0 {
			order = append(order, ref)
		}
		due[ref] = append(r.ids, fresh...)
		m.taken += len(r.ids)
		m.kept -= len(r.ids)
		r.ids = nil
	}
	return order, due
}

// keep adds refused marks, with mu held.
func (m *marker) keep(r *refusedMarks, ids []int64) {
	n := min(len(ids), marksKept-m.kept)
	r.ids = append(r.ids, ids[:n]...)
	m.kept += n
}

// accept is for marks that the core has.
func (m *marker) accept(ref chat.Ref, ids []int64) {
	m.marked(ids...)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.taken -= len(ids)
	if r := m.refused[ref]; r != nil && len(r.ids) == 0 {
		delete(m.refused, ref)
	}
}

// command sends one command. "/_read chat" without items would also clear what
// came in the meantime, and harm the counts of support chats.
func (m *marker) command(ctx context.Context, ref chat.Ref, ids []int64) error {
	var cmd strings.Builder
	cmd.WriteString("/_read chat items ")
	cmd.WriteString(ref.String())
	for i, n := range ids {
		cmd.WriteByte(" ,"[min(i, 1)])
		cmd.WriteString(strconv.FormatInt(n, 10))
	}
	_, err := m.send(ctx, cmd.String())
	return err
}

// of returns what is kept of a chat's marks, with mu held.
func (m *marker) of(ref chat.Ref) *refusedMarks {
	r := m.refused[ref]
	if r == nil {
		r = &refusedMarks{}
		m.refused[ref] = r
	}
	return r
}

// refuse keeps marks that the core refused, to be sent again.
func (m *marker) refuse(ctx context.Context, ref chat.Ref, ids []int64, err error) {
	m.mu.Lock()
	m.taken -= len(ids)
	r := m.of(ref)
	m.keep(r, ids)
	r.due = time.Now().Add(min(marksDelay<<min(r.tries, 10), marksRetry))
	r.tries++
	tries, kept := r.tries, m.kept
	m.mu.Unlock()
	if tries < marksLoud || ctx.Err() != nil {
		return
	}
	if held, ok := m.warn.Allow(); ok {
		m.log.Warn("messages could not be marked as read; it is tried again", "chat", ref.String(), "items", kept, "more", held, "err", err)
	}
}

// gone tells that the core has no such chat (any more), so that there is
// nothing to mark or to read.
func gone(err error) bool {
	refused := (*chat.CommandError)(nil)
	return errors.As(err, &refused) && refused.Type == "errorStore" &&
		(strings.HasSuffix(refused.Tag, "NotFound") || strings.Contains(refused.Tag, "NotFoundBy"))
}
