package luaapi

import (
	"context"
	"sync"
	"sync/atomic"

	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/internal/chat"
	"github.com/simplex-lua/simplex-lua/luaapi/luaconv"
	"github.com/simplex-lua/simplex-lua/luaapi/table"
)

// maxTriggered is how many made-up events may be without an end of their
// handlers: one that triggers two events for each one it gets would never end.
const maxTriggered = 1000

// triggered are the events that the script makes up. They have a lane of their
// own.
type triggered struct {
	left atomic.Int64 // those whose handlers have not ended

	mu      sync.Mutex // guards what follows
	queue   []func()
	running bool
}

// push runs f after everything that was pushed before.
func (tr *triggered) push(f func()) {
	tr.mu.Lock()
	defer tr.mu.Unlock()
	tr.queue = append(tr.queue, f)
	if !tr.running {
		tr.running = true
		go tr.run() // ends when the queue is empty
	}
}

func (tr *triggered) run() {
	for f := tr.next(); f != nil; f = tr.next() {
		f()
	}
}

func (tr *triggered) next() func() {
	tr.mu.Lock()
	defer tr.mu.Unlock()
	if len(tr.queue) == 0 {
		tr.running, tr.queue = false, nil
		return nil
	}
	f := tr.queue[0]
	tr.queue = tr.queue[1:]
	return f
}

// trigger is bot.trigger(tag[, event]): whoever waits for such an event gets
// it, or else the handlers do, as if the core had sent it; on_raw does not see
// it. It does not wait for them.
func (rt *Runtime) trigger(L *lua.LState) int {
	tag, ok := L.Get(1).(lua.LString)
	if !ok || tag == "" || tag == "*" {
		rt.raisef(L, ErrArgument, "trigger: want the tag of an event, got %s", describe(L.Get(1)))
	}
	if rt.loading {
		rt.raise(L, &Error{Type: ErrNotStarted, Message: "not started: put it in bot.on_start"})
	}
	ev, err := madeUp(string(tag), L.Get(2))
	if err != nil {
		rt.raisef(L, ErrArgument, "trigger: %v", err)
	}
	tr := &rt.sending.triggered
	done := func() { tr.left.Add(-1) }
	if tr.left.Add(1) > maxTriggered {
		done()
		rt.raisef(L, ErrLimit, "trigger: the handlers of %d events have not ended yet", maxTriggered)
	}
	// The call counts it as under way until its handlers have it.
	c := rt.newCall(context.Background(), "trigger "+ev.Type, rt.frozen.Load().CPULimit)
	tr.push(func() {
		defer c.end()
		if !rt.Offer(ev, done) {
			rt.Dispatch(ev, done)
		}
	})
	return 0
}

// madeUp makes an event of a script's table; nil is one with nothing in it.
func madeUp(tag string, v lua.LValue) (chat.Event, error) {
	body := newTable()
	switch v := v.(type) {
	case *lua.LNilType:
	case *lua.LTable:
		for k, x := table.Next(v, lua.LNil); k != lua.LNil; k, x = table.Next(v, k) {
			if _, ok := k.(lua.LString); !ok {
				return chat.Event{}, wantError("the event", "a table with names for its fields", k)
			}
			body.RawSet(k, x)
		}
	default:
		return chat.Event{}, wantError("the event", "a table", v)
	}
	body.RawSetString("type", lua.LString(tag))
	raw, err := luaconv.Encode(body)
	if err != nil {
		return chat.Event{}, err
	}
	return chat.Event{Type: tag, Raw: raw}, nil
}
