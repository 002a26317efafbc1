package luaapi

import (
	"slices"
	"time"

	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/internal/chat"
)

// askTimeout is how long ask and wait_for wait unless told otherwise.
const askTimeout = 15 * time.Minute

// askOptions are the options of ask.
type askOptions struct {
	Timeout time.Duration `lua:"timeout"`
	// Filter lets only some messages count as the answer.
	Filter *lua.LTable `lua:"filter"`
	// Commands lets a registered command be the answer.
	Commands bool `lua:"commands"`
}

// answers is the filter of the messages that count as the answer.
func (rt *Runtime) answers(L *lua.LState, what string, o askOptions) *filter {
	f := &filter{}
	if o.Filter != nil {
		var err error
		if f, err = newWaitFilter(what+".filter", o.Filter); err != nil {
			rt.raise(L, err)
		}
	}
	f.Commands = f.Commands || o.Commands
	return f
}

// ask sends a text and waits for the next message of the same person in the
// same chat and scope: msg:ask(text[, options]) → message, or nil at the
// time-out. A nil text only waits. Other events of the chat go on meanwhile.
func (rt *Runtime) ask(L *lua.LState, m *message) int {
	o := askOptions{Timeout: askTimeout}
	rt.checkOptions(L, 3, "ask", &o)
	f := rt.answers(L, "ask", o)
	if m.item.Dir == "channelRcv" || !m.item.DirectedToUs() {
		rt.raisef(L, ErrArgument, "ask: nobody can be asked, the message has no sender")
	}
	c := callOf(L)
	d, ok := rt.askFor(L, rt.answerTo(c.ctx, c.name, m, f), o.Timeout, func() {
		if L.Get(2) != lua.LNil {
			rt.mustSend(L, &draft{to: m.item.Chat, content: rt.checkContent(L, 2, "ask")})
		}
	})
	if !ok {
		L.Push(lua.LNil)
		return 1
	}
	L.Push(rt.messageValue(&message{item: d.items[d.index]}))
	return 1
}

// waitFor is bot.wait_for(tag[, filter][, timeout]) → event, or nil at the
// time-out. filter is a function of the event, or a filter table where the
// event brings messages.
func (rt *Runtime) waitFor(L *lua.LState) int {
	tags, err := rt.eventTags(L.Get(1))
	if err != nil {
		rt.raise(L, err)
	}
	timeout := askTimeout
	var when *lua.LFunction
	var f *filter
	for i := 2; i <= L.GetTop(); i++ {
		switch v := L.Get(i).(type) {
		case *lua.LNilType:
		case *lua.LFunction:
			when = v
		case *lua.LTable:
			if f, err = newWaitFilter("wait_for", v); err != nil {
				rt.raise(L, err)
			}
		default:
			if timeout, err = decodeDuration(v); err != nil {
				rt.raisef(L, ErrArgument, "wait_for: %v", err)
			}
		}
	}
	c := callOf(L)
	w := &waiter{given: make(chan delivery, 1)}
	w.messages = !slices.ContainsFunc(tags, func(tag string) bool { return tag != "newChatItems" })
	w.accepts = func(ev chat.Event, _ []chat.Item) (int, bool) { return 0, slices.Contains(tags, ev.Type) }
	if f != nil {
		w.accepts = func(ev chat.Event, items []chat.Item) (int, bool) {
			i := slices.IndexFunc(items, func(x chat.Item) bool { return x.UserID == rt.userID.Load() && rt.isAnswer(&x, f) })
			return i, i >= 0 && slices.Contains(tags, ev.Type)
		}
		w.confirm = func(_ chat.Event, items []chat.Item, i int) bool { return rt.confirms(c.ctx, c.name, f, items[i]) }
	}
	if when != nil {
		w.confirm = func(ev chat.Event, _ []chat.Item, _ int) (ok bool) {
			p := rt.newCall(c.ctx, c.name+", wait_for", rt.frozen.Load().CPULimit)
			p.mayNotWait = "the filter of wait_for"
			err := p.runOnce(func() (*lua.LFunction, []lua.LValue) {
				return when, []lua.LValue{rt.eventValue(ev)}
			}, func(result lua.LValue) error {
				ok = lua.LVAsBool(result)
				return nil
			})
			if err != nil {
				rt.Report(err)
			}
			return ok
		}
	}
	d, ok := rt.askFor(L, w, timeout, nil)
	if !ok {
		L.Push(lua.LNil)
		return 1
	}
	L.Push(rt.eventValue(d.event))
	return 1
}
