package luaapi

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/chat"
	"github.com/simplex-lua/simplex-lua/luaapi/lua51"
)

const (
	// asideCuts handlers that were cut at their cpu_limit within asideTime set
	// the messages of the writer who caused it aside for asideTime.
	asideCuts = 3
	asideTime = 10 * time.Minute
	// asidePeople is how many people are remembered; more are no accident, and
	// then the oldest is forgotten.
	asidePeople = 1000
)

// aside knows whose messages are not handled for a while, since they made the
// bot burn its time. It is safe for use by several goroutines.
type aside struct {
	mu     sync.Mutex // guards people
	people map[writer]*burner
	// skipped counts the messages that were not handled.
	skipped atomic.Uint64
}

// writer is who wrote a message: a contact, a member, or a channel as a whole.
// Ids are reused, the pair of id and time is not.
type writer struct {
	kind      string
	id        int64
	createdAt string
}

// burner is somebody whose messages had handlers cut.
type burner struct {
	cuts  []time.Time // oldest first, within asideTime
	until time.Time   // aside until then; zero: not
}

func writerOf(it *chat.Item) writer {
	if it.Member.ID != 0 {
		return writer{"member", it.Member.ID, it.Member.CreatedAt}
	}
	return writer{it.Chat.Type, it.Chat.ID, it.ChatCreatedAt}
}

// note counts a cut and tells whether it was the one that set p aside.
func (a *aside) note(p writer, now time.Time) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.people == nil {
		a.people = map[writer]*burner{}
	}
	b := a.people[p]
	if b == nil {
		a.makeRoom()
		b = &burner{}
		a.people[p] = b
	}
	for len(b.cuts) > 0 && now.Sub(b.cuts[0]) >= asideTime {
		b.cuts = b.cuts[1:]
	}
	b.cuts = append(b.cuts, now)
	if len(b.cuts) < asideCuts {
		return false
	}
	first := !now.Before(b.until)
	b.cuts, b.until = nil, now.Add(asideTime)
	return first
}

// makeRoom forgets whose last cut is the longest ago, with mu held.
func (a *aside) makeRoom() {
	if len(a.people) < asidePeople {
		return
	}
	var oldest writer
	var at time.Time
	for p, b := range a.people {
		last := b.until
		if len(b.cuts) > 0 {
			last = b.cuts[len(b.cuts)-1]
		}
		if at.IsZero() || last.Before(at) {
			oldest, at = p, last
		}
	}
	delete(a.people, oldest)
}

// has tells whether p's messages are set aside now.
func (a *aside) has(p writer, now time.Time) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	b := a.people[p]
	switch {
	case b == nil:
		return false
	case now.Before(b.until):
		return true
	case len(b.cuts) == 0:
		delete(a.people, p)
	}
	return false
}

// SetAside counts the messages that were not handled since their sender had
// three handlers cut at their cpu_limit within ten minutes.
func (rt *Runtime) SetAside() uint64 { return rt.aside.skipped.Load() }

// setsAside tells whether a message is not to be handled, and counts it.
func (rt *Runtime) setsAside(it *chat.Item) bool {
	if !rt.aside.has(writerOf(it), rt.clock.Now()) {
		return false
	}
	rt.aside.skipped.Add(1)
	return true
}

// noteCut looks whether a handler of a message ended with its cpu_limit, and
// reports once when the sender's messages are set aside for it.
func (rt *Runtime) noteCut(it *chat.Item, err error) {
	limit := (*lua51.LimitError)(nil)
	if !errors.As(err, &limit) || limit.Limit != lua51.LimitCPU {
		return
	}
	p := writerOf(it)
	if rt.aside.note(p, rt.clock.Now()) {
		rt.Report(&Error{Type: ErrLimit, Message: fmt.Sprintf(
			"%d handlers of messages of %s %d were cut at their cpu_limit: what this one writes is not handled for %s",
			asideCuts, p.word(), p.id, asideTime)})
	}
}

// word is the writer's kind in messages.
func (p writer) word() string {
	if p.kind == chat.TypeDirect {
		return "contact"
	}
	return p.kind
}
