package luaapi

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"

	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/internal/chat"
	"github.com/simplex-lua/simplex-lua/luaapi/luaconv"
)

// group counts the handlers of one event and tells when all have ended, unless
// the runtime was closed before any of them began, or before it was known whether
// one would: then the event is as good as never handed out.
type group struct {
	left           atomic.Int32
	begun, refused atomic.Bool
	done           func()
}

func newGroup(done func()) *group {
	g := &group{done: done}
	g.left.Store(1)
	return g
}

func (g *group) enter() { g.left.Add(1) }

func (g *group) leave() {
	if g.left.Add(-1) == 0 && g.done != nil && (g.begun.Load() || !g.refused.Load()) {
		g.done()
	}
}

// Raw passes an event through the on_raw chain, which may change it or, with
// false, drop it. The handlers run one after the other and may not wait. One
// that fails is reported and leaves the event as it was.
func (rt *Runtime) Raw(ev chat.Event) (chat.Event, bool) {
	for _, h := range rt.handlers.get().hooks[hookRaw] {
		c := rt.newCall(context.Background(), h.name, rt.Settings().CPULimit)
		c.mayNotWait = "on_raw"
		out, keep := ev, true
		err := c.runOnce(func() (*lua.LFunction, []lua.LValue) {
			return h.fn, []lua.LValue{eventValue(ev)}
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
		tag, ok := v.RawGetString("type").(lua.LString)
		if !ok {
			return ev, true, &Error{Type: ErrArgument, Message: "on_raw returned an event without a type"}
		}
		return chat.Event{Type: string(tag), Raw: raw, Attempt: ev.Attempt, Live: ev.Live}, true, nil
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
// began, it is not called.
func (rt *Runtime) Dispatch(ev chat.Event, done func()) {
	g := newGroup(done)
	defer g.leave()
	set := rt.handlers.get()
	var listeners []*handler
	if ev.Live != chat.LiveAsIs { // they saw it when it came
		listeners = slices.Concat(set.events[ev.Type], set.events["*"])
	}
	for _, h := range listeners {
		rt.runHandler(g, h, nil, func(*call) (*lua.LFunction, []lua.LValue) {
			return h.fn, []lua.LValue{eventValue(ev)}
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
	for _, h := range chosen {
		stop := rt.runHandler(g, h, &m.item, func(c *call) (*lua.LFunction, []lua.LValue) {
			return rt.throughMiddleware(c, set.middleware, h, m)
		})
		if stop || mode == "first" {
			return
		}
	}
}

// matches decides whether the filter of h takes m. Parts that are Lua run as a
// call of their own; an error in them is reported and counts as no match, but
// where the runtime was closed, nobody can tell.
func (rt *Runtime) matches(g *group, h *handler, m *message) bool {
	if h.keywords != nil && !h.filter.Args.match(m.command.Args) || !h.filter.matchesItem(&m.item) {
		return false
	}
	if !h.filter.needsLua() {
		return true
	}
	ok, err := rt.matchesInLua(context.Background(), h.name, h.filter, m)
	if err != nil {
		if errors.Is(err, errClosed) {
			g.refused.Store(true)
		}
		rt.Report(err)
		rt.noteCut(&m.item, err)
	}
	return ok && err == nil
}

// matchesInLua runs the parts of a filter that are Lua: patterns and when.
func (rt *Runtime) matchesInLua(ctx context.Context, name string, f *filter, m *message) (ok bool, err error) {
	cpu := rt.Settings().CPULimit
	ok = f.Pattern == nil
	for i := 0; !ok && i < len(f.Pattern); i++ {
		c := rt.newCall(ctx, name+", pattern", cpu)
		err := c.runOnce(func() (*lua.LFunction, []lua.LValue) {
			return rt.find, []lua.LValue{lua.LString(m.item.Text), lua.LString(f.Pattern[i])}
		}, func(at lua.LValue) error {
			ok = at != lua.LNil
			return nil
		})
		if err != nil {
			return false, err
		}
	}
	if !ok || f.When.fn == nil {
		return ok, nil
	}
	c := rt.newCall(ctx, name+", when", cpu)
	c.mayNotWait = "when"
	err = c.runOnce(func() (*lua.LFunction, []lua.LValue) {
		return f.When.fn, []lua.LValue{rt.messageValue(m)}
	}, func(result lua.LValue) error {
		ok = lua.LVAsBool(result)
		return nil
	})
	return ok, err
}

// runHandler runs one handler in a goroutine beside the lane's. It returns when the
// lane may go on: when the handler has ended, or has given the lane up. stop
// tells that an ended handler asked for the end of the chain. of is the message
// whose handler it is, nil for none.
func (rt *Runtime) runHandler(g *group, h *handler, of *chat.Item, prepare func(*call) (*lua.LFunction, []lua.LValue)) (stop bool) {
	g.enter()
	s := rt.frozen.Load()
	c := rt.enlist(context.Background(), &call{name: h.name, handles: true}, s.CPULimit)
	lane := newHold(nil)
	c.held = lane
	c.limitTime(s.HandlerTimeout)
	rt.workers.run(func() {
		defer c.end()   // after the report, so that errors come in order too
		defer g.leave() // before the end, so that whoever waits for it finds the event done
		begun := false
		err := c.run(func() (*lua.LFunction, []lua.LValue) {
			begun = true
			g.begun.Store(true)
			return prepare(c)
		}, func(result lua.LValue) error {
			c.noteStop(result)
			return nil
		})
		if !begun {
			g.refused.Store(true)
		}
		if h.ran != nil {
			h.ran(s.HandlerTimeout-c.limit.remaining(), err != nil)
		}
		if err != nil {
			rt.Report(err)
			if of != nil {
				rt.noteCut(of, err)
			}
		}
	})
	<-lane.released
	return c.stop.Load()
}

// throughMiddleware builds the call of a message handler: fn(msg, data), or
// fn(msg, cmd, data) for a command. Around it stands the middleware, the first
// registered outermost, each as mw(handler, msg, data); errors travel outwards
// as in any nested call. data is a fresh table for each handler that runs.
func (rt *Runtime) throughMiddleware(c *call, middleware []*handler, h *handler, m *message) (*lua.LFunction, []lua.LValue) {
	msg, data := rt.messageValue(m), &lua.LTable{Metatable: lua.LNil}
	args := func(msg, data lua.LValue) []lua.LValue { return []lua.LValue{msg, data} }
	if h.keywords != nil {
		cmd := commandValue(m.command)
		args = func(msg, data lua.LValue) []lua.LValue { return []lua.LValue{msg, cmd, data} }
	}
	if len(middleware) == 0 {
		return h.fn, args(msg, data)
	}
	// What a middleware leaves out when it calls the handler stays as it was.
	given := func(L *lua.LState) (lua.LValue, lua.LValue) {
		m, d := L.Get(1), L.Get(2)
		if m == lua.LNil {
			m = msg
		}
		if d == lua.LNil {
			d = data
		}
		return m, d
	}
	next := rt.lua.L().NewFunction(func(L *lua.LState) int {
		m, d := given(L)
		return c.callNoting(L, h.fn, args(m, d))
	})
	for _, mw := range slices.Backward(middleware) {
		inner := next
		next = rt.lua.L().NewFunction(func(L *lua.LState) int {
			m, d := given(L)
			rt.lab.Ran(mw.name)
			return c.callNoting(L, mw.fn, []lua.LValue{inner, m, d})
		})
	}
	return next, []lua.LValue{msg, data}
}

// callNoting calls fn and passes its result on.
func (c *call) callNoting(L *lua.LState, fn *lua.LFunction, args []lua.LValue) int {
	L.Push(fn)
	for _, a := range args {
		L.Push(a)
	}
	L.Call(len(args), 1)
	c.noteStop(L.Get(-1))
	return 1
}

// noteStop remembers that a handler or a middleware returned bot.STOP.
func (c *call) noteStop(result lua.LValue) {
	if result == lua.LValue(stopValue) {
		c.stop.Store(true)
	}
}

func eventValue(ev chat.Event) lua.LValue {
	v, err := luaconv.Decode(ev.Raw, false)
	if err != nil {
		return lua.LNil
	}
	return v
}
