package luaapi

import (
	"sync"
	"sync/atomic"

	"github.com/simplex-lua/simplex-lua/internal/chat"
)

// lanes keep the order of each chat's events where the clock is moved by hand.
// There a sleeping handler is at rest, and all of the bot must be seen to be at
// rest before the clock may move; so the host's lane, which would wait for the
// handler, is given back at once and the runtime keeps one of its own.
type lanes struct {
	mu     sync.Mutex             // guards queued
	queued map[chat.Lane][]func() // by lane with a goroutine: what comes after
	// awake counts the lanes that have something to do now: not those whose
	// handler sleeps.
	awake atomic.Int64
}

func newLanes() *lanes { return &lanes{queued: map[chat.Lane][]func(){}} }

// push runs f after everything that was pushed for the lane before.
func (ls *lanes) push(key chat.Lane, f func()) {
	ls.mu.Lock()
	defer ls.mu.Unlock()
	queue, running := ls.queued[key]
	if running {
		ls.queued[key] = append(queue, f)
		return
	}
	ls.queued[key] = nil
	ls.awake.Add(1)
	go ls.run(key, f) // ends when the lane is empty
}

func (ls *lanes) run(key chat.Lane, f func()) {
	for ; f != nil; f = ls.next(key) {
		f()
	}
}

// next returns nil, and forgets the lane, when it is empty.
func (ls *lanes) next(key chat.Lane) func() {
	ls.mu.Lock()
	defer ls.mu.Unlock()
	queue := ls.queued[key]
	if len(queue) == 0 {
		delete(ls.queued, key)
		ls.awake.Add(-1)
		return nil
	}
	ls.queued[key] = queue[1:]
	return queue[0]
}
