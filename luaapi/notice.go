package luaapi

import (
	"sync"
	"sync/atomic"
	"time"

	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/internal/chat"
)

// sending is what the runtime keeps to send truthfully.
type sending struct {
	ready      readiness
	deliveries deliveries
	links      links
	pacer      pacer
	online     onlineWaits
	triggered  triggered
	// connections asks the host for its Session.Connections, nil before it is attached.
	connections atomic.Pointer[func() Connections]
	streamMeta  *lua.LTable // of streams, nil before the first; guarded by Runtime.mu
}

// Notice shows the runtime an event at the moment it arrives, before it waits
// in its lane. A handler that keeps its lane, as one that sends does, could not
// hear of what comes later in it otherwise. The event is not taken: Offer or
// Dispatch gets it too. Notice is quick, runs no Lua and does not block, so the
// goroutine that receives may call it; the host does for every event, in order.
func (rt *Runtime) Notice(ev chat.Event) {
	switch ev.Type {
	case "chatItemsStatusesUpdated":
		user := rt.userID.Load()
		for _, it := range ev.Statuses() {
			if it.UserID == user {
				rt.sending.deliveries.note(&it)
			}
		}
	case "contactSndReady", "contactConnected", "contactDeletedByContact":
		if lane := ev.Route(); lane.UserID == rt.userID.Load() {
			rt.sending.ready.note(lane.Ref.ID)
		}
	}
	rt.sending.links.note(ev)
	rt.sending.online.note(ev, rt.nowOnline)
}

// signal wakes one call, once.
type signal struct {
	c    *call
	once sync.Once
	ch   chan struct{} // closed by fire
}

func newSignal(c *call) *signal { return &signal{c: c, ch: make(chan struct{})} }

// fire wakes the call. Safe from any goroutine, also twice.
func (s *signal) fire() {
	s.once.Do(func() {
		s.c.rouse()
		close(s.ch)
	})
}

// linger waits until s fires; it is false where d passed before or the call was
// cut. The lane is kept.
func (c *call) linger(s *signal, d time.Duration) bool {
	over := make(chan struct{})
	defer c.rt.clock.AfterFunc(d, func() { c.rouse(); close(over) })()
	if c.rt.lanes != nil {
		c.rt.calls.rest(c, c.rt.lanes)
		defer c.rouse()
	}
	return s.wait(c, over)
}

// wait is for a call that rests already.
func (s *signal) wait(c *call, over <-chan struct{}) bool {
	select {
	case <-s.ch:
		return true
	case <-over:
	case <-c.ctx.Done():
	}
	select {
	case <-s.ch: // in the same instant
		return true
	default:
		return false
	}
}
