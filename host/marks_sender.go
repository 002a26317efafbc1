package host

import (
	"context"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/chat"
)

// sender is a goroutine that sends the commands of one flush, until one hangs.
type sender struct {
	batches chan markBatch
	answers chan error
	// patience is how long a command may take.
	patience time.Duration
	limit    *time.Timer
}

type markBatch struct {
	ref chat.Ref
	ids []int64
}

func (m *marker) newSender(ctx context.Context, last bool) *sender {
	s := &sender{batches: make(chan markBatch), answers: make(chan error, 1), patience: marksPatience}
	if last {
		s.patience = lastPatience
	}
	s.limit = time.NewTimer(s.patience)
	go func() {
		defer s.limit.Stop()
		for b := range s.batches {
			s.answers <- m.command(ctx, b.ref, b.ids)
		}
	}()
	return s
}

// mark marks items of one chat, a batch with each command. It is false where the
// core does not answer one: it is left behind, and so is its sender, and the chat's
// other marks wait for it.
func (m *marker) mark(ctx context.Context, s *sender, ref chat.Ref, ids []int64) bool {
	for len(ids) > 0 {
		n := min(len(ids), marksBatch)
		s.batches <- markBatch{ref, ids[:n]}
		s.limit.Reset(s.patience)
		select {
		case err := <-s.answers:
			if err != nil && !gone(err) {
				m.refuse(ctx, ref, ids, err)
				return true
			}
			m.accept(ref, ids[:n])
		case <-s.limit.C:
			m.leave(ref, ids[n:])
			go m.late(ctx, ref, ids[:n], s.answers)
			return false
		}
		ids = ids[n:]
	}
	return true
}

// leave goes past a command that hangs; rest are the marks that follow it.
func (m *marker) leave(ref chat.Ref, rest []int64) {
	m.mu.Lock()
	m.taken -= len(rest)
	r := m.of(ref)
	r.hangs = true
	m.keep(r, rest)
	m.hanging++
	m.mu.Unlock()
	if held, ok := m.warn.Allow(); ok {
		m.log.Warn("the core does not answer that messages are read; marks of other chats go on", "chat", ref.String(), "more", held)
	}
}

// late waits for the answer to a command that was left behind.
func (m *marker) late(ctx context.Context, ref chat.Ref, ids []int64, answer <-chan error) {
	err := <-answer
	m.mu.Lock()
	m.of(ref).hangs = false
	m.mu.Unlock()
	if err != nil && !gone(err) {
		m.refuse(ctx, ref, ids, err)
	} else {
		m.accept(ref, ids)
	}
	m.mu.Lock()
	m.hanging--
	m.mu.Unlock()
	m.settled.Broadcast()
	token(m.first) // what has waited is due
}
