package luaapi

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"

	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/internal/chat"
	"github.com/simplex-lua/simplex-lua/luaapi/luaconv"
	"github.com/simplex-lua/simplex-lua/luaapi/table"
)

// group counts the handlers of one event and tells when all have ended. It does
// not where the event comes again: the runtime was closed before any of them began,
// or before it was known whether one would.
type group struct {
	left           atomic.Int32
	begun, refused atomic.Bool
	done           func()

	rests func(resting bool) // nil for nobody
	mu    sync.Mutex         // guards awake, and is held while rests is told
	awake int                // of those that are left, how many do not wait
}

func newGroup(ev chat.Event, done func()) *group {
	g := &group{done: done, rests: ev.Rests, awake: 1}
	g.left.Store(1)
	return g
}

// stir counts those that are awake: some more, or fewer.
func (g *group) stir(n int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	before := g.awake
	g.awake += n
	if g.rests != nil && (before == 0) != (g.awake == 0) {
		g.rests(g.awake == 0)
	}
}

// unbegun tells that the event is as good as never handed out. The handlers that
// hold the lane have ended, or given it up, which begins with beginning.
func (g *group) unbegun() bool { return g.refused.Load() && !g.begun.Load() }

func (g *group) enter() {
	g.left.Add(1)
	g.stir(1)
}

func (g *group) leave() {
	if g.left.Add(-1) > 0 {
		g.stir(-1)
	} else if g.done != nil && !g.unbegun() {
		g.done()
	}
}

// Raw passes an event through the on_raw chain, which may change it or, with
// false, drop it. The handlers run one after the other and may not wait. One
// that fails is reported and leaves the event as it was.
func (rt *Runtime) Raw(ev chat.Event) (chat.Event, bool) {
	for _, h := range rt.handlers.get().hooks[hookRaw] {
		c := rt.newCall(context.Background(), h.name, rt.frozen.Load().CPULimit)
		c.mayNotWait = "on_raw"
		out, keep := ev, true
		err := c.runOnce(func() (*lua.LFunction, []lua.LValue) {
			return h.fn, []lua.LValue{rt.eventValue(ev)}
		}, func(result lua.LValue) (err error) {
			out, keep, err = rawResult(ev, result)
			return err
		})
		if err != nil {
			rt.Report(err)
			continue
		}
		if !keep {
			return chat.Event{}, false
		}
		ev = out
	}
	return ev, true
}

// rawResult reads what an on_raw handler returned: nothing keeps the event,
// false drops it, a table replaces it.
func rawResult(ev chat.Event, v lua.LValue) (chat.Event, bool, error) {
	switch v := v.(type) {
	case *lua.LNilType:
		return ev, true, nil
	case lua.LBool:
		return ev, bool(v), nil
	case *lua.LTable:
		raw, err := luaconv.Encode(v)
		if err != nil {
			return ev, true, &Error{Type: ErrArgument, Message: "on_raw returned an event that cannot be used: " + err.Error()}
		}
		tag, ok := table.Field(v, "type").(lua.LString)
		if !ok {
			return ev, true, &Error{Type: ErrArgument, Message: "on_raw returned an event without a type"}
		}
		return chat.Event{Type: string(tag), Raw: raw, Attempt: ev.Attempt, Live: ev.Live, Rests: ev.Rests}, true, nil
	}
	return ev, true, &Error{Type: ErrArgument, Message: "on_raw must return nothing, false or an event, got " + describe(v)}
}

// Wants tells whether anything in the script would see an event of that tag now:
// an event that nobody wants need not wait for its turn. It does not block.
func (rt *Runtime) Wants(tag string) bool {
	set := rt.handlers.get()
	return tag == "newChatItems" || tag == "chatItemUpdated" ||
		tag == "chatItemsStatusesUpdated" && len(set.hooks[hookSendError]) > 0 ||
		len(set.events[tag]) > 0 || len(set.events["*"]) > 0 || len(set.hooks[hookRaw]) > 0 || rt.waiters.any()
}

// Dispatch runs the handlers of an event: on_event, then for each received
// message its commands and message handlers. It blocks while the lane is held:
// until each handler has ended or given the lane up (ask). done is called once,
// when all of them have ended; where the runtime was closed before any of them
// began, it is not called, and the result is false: nobody has handled the event.
func (rt *Runtime) Dispatch(ev chat.Event, done func()) (begun bool) {
	g := newGroup(ev, done)
	defer func() {
		begun = !g.unbegun()
		g.leave()
	}()
	set := rt.handlers.get()
	var listeners []*handler
	if ev.Live != chat.LiveAsIs { // they saw it when it came
		listeners = slices.Concat(set.events[ev.Type], set.events["*"])
	}
	for _, h := range listeners {
		rt.runHandler(g, h, nil, func(*call) (*lua.LFunction, []lua.LValue) {
			return h.fn, []lua.LValue{rt.eventValue(ev)}
		})
	}
	if ev.Type == "chatItemUpdated" {
		rt.dispatchEdit(g, set, ev)
	}
	rt.dispatchSendErrors(g, set, ev)
	for _, it := range ev.Messages() {
		if it.UserID == rt.userID.Load() {
			rt.dispatchMessage(g, set, &message{item: it})
		}
	}
	return true
}

// dispatchEdit runs the on_edit handlers of a message that was changed.
func (rt *Runtime) dispatchEdit(g *group, set *handlerSet, ev chat.Event) {
	it, ok := ev.Updated()
	if !ok || it.UserID != rt.userID.Load() || !it.Received() || !it.Edited || rt.setsAside(&it) {
		return
	}
	for _, h := range set.hooks[hookEdit] {
		rt.runHandler(g, h, &it, func(*call) (*lua.LFunction, []lua.LValue) {
			return h.fn, []lua.LValue{rt.messageValue(&message{item: it})}
		})
	}
}

// dispatchMessage picks the handlers of one message and runs them in order.
func (rt *Runtime) dispatchMessage(g *group, set *handlerSet, m *message) {
	if rt.setsAside(&m.item) {
		return
	}
	mode := rt.frozen.Load().Dispatch
	var chosen, fallback []*handler
	add := func(h *handler) {
		switch {
		case g.refused.Load() || !rt.matches(g, h, m):
		case h.filter.Fallback:
			fallback = append(fallback, h)
		default:
			chosen = append(chosen, h)
		}
	}
	candidates := set.candidates()
	if cmd, ok := m.item.ParseCommand(); ok {
		m.command = &cmd
		for _, place := range candidates.keywords[foldCase(cmd.Keyword)] {
			add(set.commands[place])
		}
	}
	registered := len(chosen) > 0
	for _, place := range candidates.messages(&m.item) {
		if h := set.messages[place]; !registered || mode != "command" || h.filter.Commands {
			add(h)
		}
	}
	if g.refused.Load() {
		return
	}
	if len(chosen) == 0 {
		chosen = fallback
	}
	if len(chosen) == 0 && len(set.events["newChatItems"]) == 0 && len(set.events["*"]) == 0 {
		rt.lab.Untaken()
	}
	for _, h := range chosen {
		stop := rt.runHandler(g, h, &m.item, func(c *call) (*lua.LFunction, []lua.LValue) {
			return rt.throughMiddleware(c, set.middleware, h, m)
		})
		if stop || mode == "first" {
			return
		}
	}
}
