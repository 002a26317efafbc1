package host

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/chat"
	"github.com/simplex-lua/simplex-lua/luaapi"
)

// sieve decides about the unread items of one chat while they are read, so that
// of a backlog of any size only what is handled stays in memory. What is not
// handled is marked at once: a process that dies of a large backlog has less of
// it at the next start.
//
//	page ──▶ handled, no message, too old ──▶ marks
//	  │ ────▶ here already, not for us ─────▶ nothing
//	  ▼
//	kept ──▶ few: not among the newest ─────▶ marks
//	  ▼
//	events
//
// Only one goroutine gives it pages; drop may come from others.
type sieve struct {
	c   *catchUp
	ref chat.Ref
	in  span
	few *few
	// user is the user of the pages.
	user json.RawMessage
	// unread is how many items were unread when the chat was listed; recent are
	// those that may have come since.
	unread int
	recent recent

	mu   sync.Mutex // guards what follows
	kept map[int64]keptItem
}

// keptItem is a message to be handled. A fresh one is not of the time before.
type keptItem struct {
	item  chat.Item
	fresh bool
}

// recent are the highest unread ids of a chat, as many as there are more than when
// it was listed: ids grow, so these came since. The item that the list shows says
// too little: it is the last one by its time of sending, in whole seconds where
// somebody else sent it, so that our own answer may stand above messages with
// higher ids.
type recent struct {
	s   *sieve
	few *few
	// items are those that are to be handled.
	items map[int64]chat.Item
}

func (r *recent) drop(id int64) {
	if it, ok := r.items[id]; ok {
		delete(r.items, id)
		r.s.limit(it)
	}
}

func (c *catchUp) sieve(ref chat.Ref, unread int, in span, few *few) *sieve {
	s := &sieve{c: c, ref: ref, unread: unread, in: in, few: few, kept: map[int64]keptItem{}}
	s.recent = recent{s, newFew(0), map[int64]chat.Item{}}
	return s
}

// begin says how many items are unread now; the pages follow.
func (s *sieve) begin(unread int) { s.recent.few = newFew(unread - s.unread) }

// page takes a page of the chat.
func (s *sieve) page(p chat.Chat) {
	s.user = p.User
	var mark []int64
	for _, it := range unreadOf(p.Items) {
		later := it.ID > s.in.newest
		s.c.h.attempts.found(&it)
		known, handled := s.c.h.taken.has(&it)
		switch {
		case handled:
			mark = append(mark, it.ID) // the mark got lost
		case known, s.c.foreign(&it):
		case !it.Received():
			mark = append(mark, it.ID) // invitations, group events: only marked
		case later:
			s.recent.items[it.ID] = it
		default:
			s.limit(it)
		}
		if later {
			s.recent.few.add(it.ID, &s.recent)
		}
	}
	s.c.h.marks.add(s.ref, mark...)
}

// end tells that no page follows.
func (s *sieve) end() {
	for _, it := range s.recent.items {
		s.keep(it, true)
	}
	s.recent.items = nil
}

// limit keeps a message of the time before, if it is in the limits.
func (s *sieve) limit(it chat.Item) {
	if s.c.old(&it) {
		s.c.skip(luaapi.Skipped{TooOld: 1})
		s.c.h.marks.add(s.ref, it.ID)
		return
	}
	s.keep(it, false)
	s.few.add(it.ID, s)
}

func (s *sieve) keep(it chat.Item, fresh bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.kept[it.ID] = keptItem{it, fresh}
}

func (s *sieve) drop(id int64) {
	s.mu.Lock()
	_, here := s.kept[id]
	delete(s.kept, id)
	s.mu.Unlock()
	if here {
		s.c.skip(luaapi.Skipped{TooMany: 1})
		s.c.h.marks.add(s.ref, id)
	}
}

// events hands out what is kept, in the order of the ids. What came as an event
// meanwhile is left out.
func (s *sieve) events() (events []chat.Event) {
	s.mu.Lock()
	kept := s.kept
	s.kept = nil
	s.mu.Unlock()
	for _, k := range slices.SortedFunc(maps.Values(kept), func(a, b keptItem) int { return cmp.Compare(a.item.ID, b.item.ID) }) {
		switch {
		case !s.c.h.taken.find(&k.item, s.late(&k.item)):
		case k.fresh: // not of the time before
			events = append(events, chat.ItemsEvent(s.user, k.item))
		default:
			events = append(events, again(s.user, &k.item))
		}
	}
	return events
}

// late is now where a message's event may still come: not for what was surely
// there before a core of our own was started.
func (s *sieve) late(it *chat.Item) time.Time {
	if s.c.h.core.Owned() && !s.c.returned && !s.in.after && it.ID <= s.c.span.newest {
		return time.Time{}
	}
	return s.c.h.clock.Now()
}

// again is the event of a message that was found unread. Attempt is not final:
// which try it is, is counted when its turn comes.
func again(user []byte, it *chat.Item) chat.Event {
	ev := chat.ItemsEvent(user, *it)
	ev.Attempt = 1
	return ev
}
