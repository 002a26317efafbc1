package luaapi

import (
	"context"
	"errors"
	"slices"

	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/internal/chat"
	"github.com/simplex-lua/simplex-lua/luaapi/luaconv"
)

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
	cpu := rt.frozen.Load().CPULimit
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
	c := rt.enlist(context.Background(), &call{name: h.name, group: g}, s.CPULimit)
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

// eventValue is an event as scripts see it. Of one that cannot be read, which is
// logged, they see the type, so that what they drop by its type is dropped.
func (rt *Runtime) eventValue(ev chat.Event) lua.LValue {
	v, err := luaconv.DecodeLazy(ev.Raw)
	if err != nil {
		rt.log.Error("an event cannot be shown to the script", "type", ev.Type, "err", err)
		t := newTable()
		t.RawSetString("type", lua.LString(ev.Type))
		return t
	}
	return v
}
