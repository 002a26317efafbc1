package host

import (
	"container/heap"
	"sync"
)

// few are the newest messages of several chats, as many as max_items allows. Of
// the others each is given back to its holder, as soon as it is known to be none
// of them. It is safe for use by several goroutines.
type few struct {
	limit int

	mu     sync.Mutex // guards what follows
	lowest places
}

// holder keeps messages while it is not known whether they are among the few.
type holder interface {
	// drop tells that a message is none of them. The holder may have handed it out
	// by then.
	drop(id int64)
}

func newFew(limit int) *few { return &few{limit: max(limit, 0)} }

// add takes a message that its holder keeps.
func (f *few) add(id int64, of holder) {
	if out, ok := f.place(place{id, of}); ok {
		out.of.drop(out.id)
	}
}

func (f *few) place(p place) (out place, ok bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	heap.Push(&f.lowest, p)
	if len(f.lowest) <= f.limit {
		return place{}, false
	}
	return heap.Pop(&f.lowest).(place), true
}

type place struct {
	id int64
	of holder
}

// places is a heap with the lowest id on top.
type places []place

func (p places) Len() int           { return len(p) }
func (p places) Less(i, j int) bool { return p[i].id < p[j].id }
func (p places) Swap(i, j int)      { p[i], p[j] = p[j], p[i] }
func (p *places) Push(x any)        { *p = append(*p, x.(place)) }

func (p *places) Pop() any {
	last := len(*p) - 1
	x := (*p)[last]
	*p = (*p)[:last]
	return x
}
