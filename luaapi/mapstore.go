package luaapi

import (
	"container/heap"
	"container/list"
	"sort"
	"time"

	lua "github.com/yuin/gopher-lua"
)

// store is the memory behind a map of Lua. Unlike a table it frees what was
// deleted, and it can bound how many entries it has and how long they stay.
// Runtime.mu guards it.
//
//	entries  by key
//	order    as they were added: what a walk follows
//	timed    those with a time to live, the next to expire first
//	recent   where there is a capacity: the one to go first in front
type store struct {
	capacity int           // 0: no bound
	ttl      time.Duration // of entries that are set without one, 0: for ever

	entries map[lua.LValue]*entry
	order   []*entry // by seq; those of removed entries stay until compact
	timed   expiryHeap
	recent  list.List
	seq     uint64 // of the last entry that was added
	gone    int    // removals since compact
}

// entry is one key with its value.
type entry struct {
	key, value lua.LValue // nil once it is removed
	seq        uint64
	expires    time.Time // zero: never
	heapIndex  int       // in store.timed, -1 where it is not there
	recent     *list.Element
}

func (e *entry) expired(now time.Time) bool { return !e.expires.IsZero() && !e.expires.After(now) }

// sweepStep bounds how many expired entries one set frees, so that it never
// takes long. As each set adds at most one, they cannot gather.
const sweepStep = 32

func newStore(capacity int, ttl time.Duration) *store {
	return &store{capacity: capacity, ttl: ttl, entries: map[lua.LValue]*entry{}}
}

// get returns the value of key, LNil where there is none.
func (s *store) get(key lua.LValue, now time.Time) lua.LValue {
	if e := s.live(key, now); e != nil {
		return e.value
	}
	return lua.LNil
}

// live returns the entry of key, nil where there is none. One that has expired
// is removed.
func (s *store) live(key lua.LValue, now time.Time) *entry {
	e := s.entries[key]
	if e != nil && e.expired(now) {
		s.remove(e)
		return nil
	}
	return e
}

// set adds or changes an entry. Its time to live begins anew; ttl 0 means that
// of the store.
func (s *store) set(key, value lua.LValue, ttl time.Duration, now time.Time) {
	s.expire(now, sweepStep)
	e := s.live(key, now)
	if e == nil {
		if s.capacity > 0 && len(s.entries) >= s.capacity {
			// Nothing has expired, or expire had made room.
			s.remove(s.recent.Front().Value.(*entry))
		}
		e = s.add(key)
	}
	e.value = value
	if s.capacity > 0 {
		s.recent.MoveToBack(e.recent)
	}
	if ttl == 0 {
		ttl = s.ttl
	}
	s.setExpiry(e, ttl, now)
}

func (s *store) add(key lua.LValue) *entry {
	s.seq++
	e := &entry{key: key, seq: s.seq, heapIndex: -1}
	s.entries[key] = e
	s.order = append(s.order, e)
	if s.capacity > 0 {
		e.recent = s.recent.PushBack(e)
	}
	return e
}

func (s *store) setExpiry(e *entry, ttl time.Duration, now time.Time) {
	if e.heapIndex >= 0 {
		heap.Remove(&s.timed, e.heapIndex)
	}
	e.expires = time.Time{}
	if ttl > 0 {
		e.expires = now.Add(ttl)
		heap.Push(&s.timed, e)
	}
}

// delete removes the entry of key and tells whether there was one.
func (s *store) delete(key lua.LValue, now time.Time) bool {
	e := s.live(key, now)
	if e != nil {
		s.remove(e)
	}
	return e != nil
}

// len counts the entries, once the expired ones are removed.
func (s *store) len(now time.Time) int {
	s.expire(now, len(s.timed))
	return len(s.entries)
}

// clear removes all entries. seq goes on, so that walks under way end.
func (s *store) clear() {
	s.entries, s.order, s.timed, s.gone = map[lua.LValue]*entry{}, nil, nil, 0
	s.recent.Init()
}

// expire removes at most n of the entries that have expired.
func (s *store) expire(now time.Time, n int) {
	for ; n > 0 && len(s.timed) > 0 && s.timed[0].expired(now); n-- {
		s.remove(s.timed[0])
	}
}

func (s *store) remove(e *entry) {
	delete(s.entries, e.key)
	if e.heapIndex >= 0 {
		heap.Remove(&s.timed, e.heapIndex)
	}
	if e.recent != nil {
		s.recent.Remove(e.recent)
	}
	e.key, e.value = nil, nil
	for len(s.order) > 0 && s.order[0].key == nil {
		s.order[0] = nil
		s.order = s.order[1:]
	}
	s.gone++
	if s.gone > len(s.entries)+64 {
		s.compact()
	}
}

// compact moves what is left into memory of its size: neither slices nor Go
// maps give any back by themselves. Each removal pays for one entry of it.
func (s *store) compact() {
	order := make([]*entry, 0, len(s.entries))
	entries := make(map[lua.LValue]*entry, len(s.entries))
	for _, e := range s.order {
		if e.key != nil {
			order = append(order, e)
			entries[e.key] = e
		}
	}
	s.order, s.entries, s.gone = order, entries, 0
	s.timed = append(make(expiryHeap, 0, len(s.timed)), s.timed...)
}

// next returns the first entry that was added after seq, nil at the end.
func (s *store) next(seq uint64, now time.Time) *entry {
	from := sort.Search(len(s.order), func(i int) bool { return s.order[i].seq > seq })
	for _, e := range s.order[from:] {
		if e.key != nil && !e.expired(now) {
			return e
		}
	}
	return nil
}

// expiryHeap implements heap.Interface.
type expiryHeap []*entry

func (h expiryHeap) Len() int           { return len(h) }
func (h expiryHeap) Less(i, j int) bool { return h[i].expires.Before(h[j].expires) }

func (h expiryHeap) Swap(i, j int) {
	h[i], h[j] = h[j], h[i]
	h[i].heapIndex, h[j].heapIndex = i, j
}

func (h *expiryHeap) Push(x any) {
	e := x.(*entry)
	e.heapIndex = len(*h)
	*h = append(*h, e)
}

func (h *expiryHeap) Pop() any {
	last := len(*h) - 1
	e := (*h)[last]
	(*h)[last] = nil
	*h = (*h)[:last]
	e.heapIndex = -1
	return e
}
