package luaapi

import (
	"context"
	"slices"
	"time"

	lua "github.com/yuin/gopher-lua"
)

// promise is a value that one handler waits for and another gives. Runtime.mu
// guards what done does not.
type promise struct {
	done     chan struct{} // closed with the value
	resolved bool
	value    lua.LValue
	waiting  []*call
}

// promiseWait is how long wait waits unless told otherwise.
const promiseWait = 15 * time.Minute

// openPromise makes the module promise: promise.new().
func openPromise(rt *Runtime, L *lua.LState) lua.LValue {
	m := vm{rt}
	class := m.Class(L, "promise", map[string]lua.LGFunction{
		"resolve": rt.promiseResolve, "wait": rt.promiseWait,
		"resolved": func(L *lua.LState) int {
			L.Push(lua.LBool(rt.checkPromise(L, "resolved").resolved))
			return 1
		},
	})
	return m.Table(L, "promise", map[string]lua.LGFunction{"new": func(L *lua.LState) int {
		L.Push(&lua.LUserData{Value: &promise{done: make(chan struct{}), value: lua.LNil}, Metatable: class})
		return 1
	}}, nil)
}

func (rt *Runtime) checkPromise(L *lua.LState, method string) *promise {
	if ud, ok := L.Get(1).(*lua.LUserData); ok {
		if p, ok := ud.Value.(*promise); ok {
			return p
		}
	}
	rt.raisef(L, ErrArgument, "%s is a method of a promise: write p:%s(…) with a colon", method, method)
	return nil
}

// promiseResolve is p:resolve(value): true for the first, who decides.
func (rt *Runtime) promiseResolve(L *lua.LState) int {
	p := rt.checkPromise(L, "resolve")
	L.Push(lua.LBool(!p.resolved))
	if p.resolved {
		return 1
	}
	p.resolved, p.value = true, L.Get(2)
	for _, c := range p.waiting {
		c.rouse() // from here on it counts as under way
	}
	p.waiting = nil
	close(p.done)
	return 1
}

// promiseWait is p:wait([timeout]) → true and the value, or false at the
// time-out. The lane goes on meanwhile, as in ask.
func (rt *Runtime) promiseWait(L *lua.LState) int {
	p := rt.checkPromise(L, "wait")
	timeout := promiseWait
	if L.Get(2) != lua.LNil {
		timeout = rt.checkDuration(L, 2, "wait: the time-out")
	}
	c := callOf(L)
	rt.mustBeAbleToWait(L, c)
	if !p.resolved {
		// With the lock held, so that nobody resolves it before we are known to wait.
		over, end := c.beginAsking(timeout)
		p.waiting = append(p.waiting, c)
		defer func() { // with the lock held again: who waits no more may rest for something else
			p.waiting = slices.DeleteFunc(p.waiting, func(w *call) bool { return w == c })
		}()
		rt.unlocked(L, func(ctx context.Context) {
			defer end()
			c.giveUpLane()
			select {
			case <-p.done:
			case <-over:
			case <-ctx.Done():
			}
		})
	}
	L.Push(lua.LBool(p.resolved))
	L.Push(p.value)
	return 2
}
