package luaapi

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/internal/chat"
	"github.com/simplex-lua/simplex-lua/luaapi/luaconv"
)

// hookSendError names the handlers of messages that could not be delivered.
const hookSendError hookKind = "on_send_error"

// keptDeliveries is how many sent items are remembered with their status, so
// that wait may come after the event.
const keptDeliveries = 8192

// deliveries knows how far sent items got.
type deliveries struct {
	mu sync.Mutex // guards what follows
	// known are the latest items, order their ids, a ring from next on.
	known   map[int64]delivered
	order   []int64
	next    int
	waiting map[*signal]awaited
}

// awaited is an item that a call waits for.
type awaited struct {
	item     *chat.Item
	received bool // and not only sent
}

// delivered is what is known of one item.
type delivered struct {
	createdAt string // ids of items in a database that was restored are not unique
	status    string
	partial   bool            // only to some members of a group
	failed    json.RawMessage // the status, where it is an error
}

// reached tells that the item got that far, or never will.
func (d delivered) reached(received bool) bool {
	switch d.status {
	case "sndRcvd":
		return !received || !d.partial
	case "sndSent":
		return !received && !d.partial
	}
	return d.failed != nil
}

func isSendError(status string) bool { return status == "sndError" || status == "sndErrorAuth" }

// deliveredOf reads how far an item is.
func deliveredOf(it *chat.Item) delivered {
	d := delivered{createdAt: it.CreatedAt, status: it.Status}
	if isSendError(it.Status) {
		d.failed = statusOf(it)
		return d
	}
	// Inside of strings the quotes would be escaped.
	d.partial = bytes.Contains(it.Raw, []byte(`"sndProgress":"partial"`))
	return d
}

// note takes the item of an event.
func (ds *deliveries) note(it *chat.Item) {
	d := deliveredOf(it)
	ds.mu.Lock()
	defer ds.mu.Unlock()
	if ds.known == nil {
		ds.known = map[int64]delivered{}
	}
	if _, known := ds.known[it.ID]; !known {
		if len(ds.order) < keptDeliveries {
			ds.order = append(ds.order, it.ID)
		} else {
			delete(ds.known, ds.order[ds.next])
			ds.order[ds.next] = it.ID
			ds.next = (ds.next + 1) % keptDeliveries
		}
	}
	ds.known[it.ID] = d
	for s, w := range ds.waiting {
		if w.item.ID == it.ID && w.item.CreatedAt == it.CreatedAt && d.reached(w.received) {
			s.fire()
		}
	}
}

// get returns what is known of an item; mu is held.
func (ds *deliveries) get(it *chat.Item) delivered {
	if d, ok := ds.known[it.ID]; ok && d.createdAt == it.CreatedAt {
		return d
	}
	return deliveredOf(it)
}

// state tells how far the item is.
func (ds *deliveries) state(it *chat.Item) delivered {
	ds.mu.Lock()
	defer ds.mu.Unlock()
	return ds.get(it)
}

// await makes s fire when the item got that far, at once where it is.
func (ds *deliveries) await(s *signal, w awaited) {
	ds.mu.Lock()
	defer ds.mu.Unlock()
	if ds.get(w.item).reached(w.received) {
		s.fire()
		return
	}
	if ds.waiting == nil {
		ds.waiting = map[*signal]awaited{}
	}
	ds.waiting[s] = w
}

func (ds *deliveries) forget(s *signal) {
	ds.mu.Lock()
	defer ds.mu.Unlock()
	delete(ds.waiting, s)
}

// waitDelivery is item:wait("sent"|"received"[, timeout]) → true, or nil at the
// time-out. It raises where the message cannot be delivered. The lane goes on
// meanwhile.
func (rt *Runtime) waitDelivery(L *lua.LState, m *message) int {
	level, ok := L.Get(2).(lua.LString)
	if !ok || level != "sent" && level != "received" {
		rt.raisef(L, ErrArgument, `wait: want "sent" or "received", got %s`, describe(L.Get(2)))
	}
	if m.item.DirectedToUs() || m.item.Chat.Type == chat.TypeLocal {
		rt.raisef(L, ErrArgument, "wait: only messages that the bot sent are delivered")
	}
	timeout := askTimeout
	if L.Get(3) != lua.LNil {
		timeout = rt.checkDuration(L, 3, "wait")
	}
	end := rt.clock.Now().Add(timeout)
	items := []*chat.Item{&m.item}
	if m.parts != nil {
		items = items[:0]
		for _, p := range m.parts {
			rt.loadSent(L, p)
			items = append(items, &p.item)
		}
	}
	for _, it := range items {
		if !rt.awaitDelivery(L, awaited{it, level == "received"}, end) {
			L.Push(lua.LNil)
			return 1
		}
		if d := rt.sending.deliveries.state(it); d.failed != nil {
			L.Error(rt.deliveryError(callerWhere(L), it, d.failed), 1)
		}
	}
	L.Push(lua.LTrue)
	return 1
}

// awaitDelivery waits for one item until end; it is false at the time-out.
func (rt *Runtime) awaitDelivery(L *lua.LState, w awaited, end time.Time) (ok bool) {
	c := callOf(L)
	rt.mustBeAbleToWait(L, c)
	s, ds := newSignal(c), &rt.sending.deliveries
	ds.await(s, w)
	defer ds.forget(s)
	rt.asking(L, c, end.Sub(rt.clock.Now()), func(over <-chan struct{}) { ok = s.wait(c, over) })
	return ok
}

// asking runs fn without the lock and without the call's lane, as ask does.
func (rt *Runtime) asking(L *lua.LState, c *call, timeout time.Duration, fn func(over <-chan struct{})) {
	rt.unlocked(L, func(_ context.Context) { c.asking(max(timeout, 0), fn) })
}

// statusOf returns a copy of the item's status as the core wrote it.
func statusOf(it *chat.Item) json.RawMessage {
	var body struct {
		Item struct {
			Meta struct {
				Status json.RawMessage `json:"itemStatus"`
			} `json:"meta"`
		} `json:"chatItem"`
	}
	_ = json.Unmarshal(it.Raw, &body) // it has been read as JSON before
	return body.Item.Meta.Status
}

// deliveryError is what scripts see of an item that cannot be delivered.
func (rt *Runtime) deliveryError(where string, it *chat.Item, status json.RawMessage) *lua.LTable {
	var s struct {
		Type string `json:"type"`
		Err  struct {
			Type string `json:"type"`
		} `json:"agentError"`
	}
	_ = json.Unmarshal(status, &s)
	reason := s.Err.Type
	if reason == "" {
		reason = s.Type
	}
	t := rt.errorTable(&Error{Type: ErrDelivery, Where: where,
		Message: fmt.Sprintf("message %d to %s could not be delivered: %s", it.ID, it.Chat, reason)})
	if v, err := luaconv.Decode(status, false); err == nil {
		t.RawSetString("status", v)
	}
	return t
}

// dispatchSendErrors runs the on_send_error handlers of an event's items, in
// their lane.
func (rt *Runtime) dispatchSendErrors(g *group, set *handlerSet, ev chat.Event) {
	if len(set.hooks[hookSendError]) == 0 {
		return
	}
	for _, it := range ev.Statuses() {
		if it.UserID != rt.userID.Load() || !isSendError(it.Status) {
			continue
		}
		m := &message{item: it}
		for _, h := range set.hooks[hookSendError] {
			rt.runHandler(g, h, nil, func(*call) (*lua.LFunction, []lua.LValue) {
				return h.fn, []lua.LValue{rt.messageValue(m), rt.deliveryError("", &m.item, statusOf(&m.item))}
			})
		}
	}
}
