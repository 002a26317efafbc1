package luaapi

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"

	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/internal/chat"
)

// waiter is a handler that waits for an event: an ask or a wait_for.
type waiter struct {
	// chat is where the event must bring a message; the zero Ref is anywhere.
	chat chat.Ref
	// accepts decides by what Go knows; it must not block.
	accepts func(ev chat.Event, items []chat.Item) (index int, ok bool)
	// confirm runs the parts of a filter that are Lua, nil for none. It may block.
	confirm func(ev chat.Event, items []chat.Item, index int) bool
	// messages tells that it waits for nothing but messages.
	messages bool
	// shared tells that the event is for all who wait for it, as that of a file.
	shared bool
	// given gets the event once; it is buffered.
	given chan delivery
	// age counts the waiters from the first.
	age uint64
}

// delivery is the event that a waiter waited for.
type delivery struct {
	event chat.Event
	items []chat.Item
	index int
	// lane is held until the waiter's handler waits again or ends; nil where the
	// event did not come in one.
	lane *hold
}

// waiters keeps those that wait by their chat, oldest first. Thousands may wait,
// few of them in one chat.
type waiters struct {
	mu     sync.Mutex // guards what follows
	byChat map[chat.Ref][]*waiter
	count  uint64 // so far
}

func (ws *waiters) add(w *waiter) {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	if ws.byChat == nil {
		ws.byChat = map[chat.Ref][]*waiter{}
	}
	ws.count++
	w.age = ws.count
	ws.byChat[w.chat] = append(ws.byChat[w.chat], w)
}

// take removes w and tells whether it was still there. Whoever takes it decides
// its fate: Offer gives it an event, the waiting handler gives up.
func (ws *waiters) take(w *waiter) bool {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	i := slices.Index(ws.byChat[w.chat], w)
	if i < 0 {
		return false
	}
	left := slices.Delete(ws.byChat[w.chat], i, i+1)
	if ws.byChat[w.chat] = left; len(left) == 0 {
		delete(ws.byChat, w.chat)
	}
	return true
}

// any tells whether anybody waits.
func (ws *waiters) any() bool {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	return len(ws.byChat) > 0
}

// inChatsOf returns those that may wait for an event with these messages: first
// those who share it, then the others, oldest first.
func (ws *waiters) inChatsOf(items []chat.Item) []*waiter {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	found := slices.Clone(ws.byChat[chat.Ref{}])
	for i := range items {
		ref := items[i].Chat
		if !slices.ContainsFunc(items[:i], func(it chat.Item) bool { return it.Chat == ref }) {
			found = append(found, ws.byChat[ref]...)
		}
	}
	slices.SortFunc(found, func(a, b *waiter) int {
		if a.shared != b.shared {
			if a.shared {
				return -1
			}
			return 1
		}
		return cmp.Compare(a.age, b.age)
	})
	return found
}

// Offer gives an event to the oldest handler that waits for one like it; what
// became of a file goes to all who download it, too. True means that it was taken;
// then Offer has blocked until those handlers waited again or ended, and done is
// called at that moment.
//
// Where the clock is moved by hand, the runtime keeps the order itself: Offer
// takes every event, does not block, and dispatches what nobody waits for.
func (rt *Runtime) Offer(ev chat.Event, done func()) bool {
	if rt.lanes == nil {
		return rt.offer(ev, done)
	}
	lane := ev.Route()
	if rt.frozen.Load().Ordering == "global" {
		lane = chat.Lane{}
	}
	rt.lanes.push(lane, func() {
		if !rt.offer(ev, done) {
			rt.Dispatch(ev, done)
		}
	})
	return true
}

func (rt *Runtime) offer(ev chat.Event, done func()) bool {
	if !rt.waiters.any() {
		return false
	}
	items, taken := ev.Messages(), false
	for _, w := range rt.waiters.inChatsOf(items) {
		i, ok := w.accepts(ev, items)
		if !ok || w.confirm != nil && !w.confirm(ev, items, i) || !rt.waiters.take(w) {
			continue
		}
		lane := newHold(done)
		if w.shared {
			lane = newHold(nil) // done comes after the last of them
		}
		w.given <- delivery{event: ev, items: items, index: i, lane: lane}
		<-lane.released
		switch {
		case lane.unused:
		case w.shared:
			taken = true
		default:
			return true
		}
	}
	if taken && done != nil {
		done()
	}
	return taken
}

// askFor is how a handler waits for an event: w stands before ask has put the
// question, so that no answer is too fast. ok is false at the time-out. An event
// that w was given counts as the handler's when askFor returns; where it raises,
// since the question could not be put or the call was cut, the event goes on to
// others. ask may be nil.
func (rt *Runtime) askFor(L *lua.LState, w *waiter, timeout time.Duration, ask func()) (d delivery, ok bool) {
	c := callOf(L)
	rt.mustBeAbleToWait(L, c)
	rt.waiters.add(w)
	waited, returns := false, false
	defer func() {
		if !waited {
			d, ok = rt.withdraw(w)
		}
		if ok && !returns && d.lane != nil {
			d.lane.giveBack()
		}
	}()
	if ask != nil {
		ask()
	}
	rt.unlocked(L, func(context.Context) {
		d, ok = c.await(w, timeout)
		waited = true
	})
	returns = true
	c.held = d.lane
	return d, ok
}

// withdraw takes w away. Where Offer was faster, it returns what w was given.
func (rt *Runtime) withdraw(w *waiter) (d delivery, given bool) {
	if rt.waiters.take(w) {
		return delivery{}, false
	}
	return <-w.given, true
}

// await blocks until an event is given to w, the time is over (false), or the
// call is cut (false). The call's lane goes on meanwhile.
func (c *call) await(w *waiter, timeout time.Duration) (d delivery, ok bool) {
	c.asking(timeout, func(over <-chan struct{}) {
		if w.messages {
			c.rt.calls.restForMessage(c)
		}
		select {
		case d = <-w.given:
			ok = true
			return
		case <-over:
		case <-c.ctx.Done():
		}
		d, ok = c.rt.withdraw(w) // Offer may be faster in this very instant
	})
	return d, ok
}

// answerTo makes the waiter for the next message of the person who wrote m, in
// the same chat and scope.
func (rt *Runtime) answerTo(ctx context.Context, name string, m *message, f *filter) *waiter {
	it := m.item
	m.detach() // and no text need wait with the waiter
	it.Raw = nil
	w := &waiter{chat: it.Chat, messages: true, given: make(chan delivery, 1)}
	w.accepts = func(_ chat.Event, items []chat.Item) (int, bool) {
		i := slices.IndexFunc(items, func(x chat.Item) bool {
			return x.UserID == it.UserID && x.Chat == it.Chat &&
				x.ChatCreatedAt == it.ChatCreatedAt && x.Member.ID == it.Member.ID &&
				x.Member.CreatedAt == it.Member.CreatedAt && rt.isAnswer(&x, f)
		})
		return i, i >= 0
	}
	if f.needsLua() {
		w.confirm = func(_ chat.Event, items []chat.Item, i int) bool { return rt.confirms(ctx, name, f, items[i]) }
	}
	return w
}

// confirms decides the parts of a filter that are Lua; an error in them is
// reported and counts as no match.
func (rt *Runtime) confirms(ctx context.Context, name string, f *filter, it chat.Item) bool {
	if !f.needsLua() {
		return true
	}
	ok, err := rt.matchesInLua(ctx, name, f, &message{item: it})
	if err != nil {
		rt.Report(err)
	}
	return ok && err == nil
}

// isAnswer tells whether the filter of somebody who waits takes the item, by what
// Go knows. A registered command goes to its handlers, unless the filter says so.
func (rt *Runtime) isAnswer(it *chat.Item, f *filter) bool {
	return f.matchesItem(it) && (f.Commands || !rt.isRegisteredCommand(it))
}

// isRegisteredCommand tells whether the item is a command that some handler is
// registered for, whatever its filter.
func (rt *Runtime) isRegisteredCommand(it *chat.Item) bool {
	cmd, ok := it.ParseCommand()
	return ok && rt.handlers.get().hasCommand(cmd.Keyword)
}
