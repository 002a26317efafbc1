package luaapi

import (
	"context"
	"fmt"
	"slices"
	"sync/atomic"
	"time"

	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/luaapi/lua51"
)

// SimCase is a test case that a file declares with sim.case.
type SimCase struct {
	Name string
	// Line is where it is declared.
	Line int
	// Bot is the script under test, "" for the one beside the file of tests.
	Bot string `lua:"bot"`
	// Timeout is how long the case may really take; 0 for the runner's default.
	Timeout time.Duration `lua:"timeout"`
	fn      *lua.LFunction
}

// simTest is what simplex.sim keeps in a runtime with Options.Tests. Runtime.mu
// guards all but doing.
type simTest struct {
	cases  []SimCase
	closed bool // no more cases

	net    SimNetwork // while a case runs
	people map[*lua.LTable]*simChat
	groups map[*lua.LTable]string
	bot    *lua.LTable

	// doing says what the case waits for, nil where it does not.
	doing atomic.Pointer[string]
}

// Cases returns the cases of a file of tests, in their order.
func (rt *Runtime) Cases() []SimCase {
	rt.mu.Lock()
	defer rt.mu.Unlock()
	rt.sim.closed = true
	return slices.Clone(rt.sim.cases)
}

// RunCase runs case i on a network. It blocks until the case has ended, but not
// longer than timeout: then the case is cut, and the error tells what it waited
// for. The error is a *ScriptError. A Runtime runs one case at a time.
func (rt *Runtime) RunCase(ctx context.Context, i int, net SimNetwork, timeout time.Duration) error {
	t := rt.sim
	c := rt.newCall(ctx, "case", loadLimit)
	limit := time.AfterFunc(timeout, func() {
		text := fmt.Sprintf("the case took longer than %v", timeout)
		if doing := t.doing.Load(); doing != nil {
			text += ", while " + *doing
		}
		c.cut(&Error{Type: ErrTimeout, Message: text})
	})
	defer limit.Stop()
	return c.runOnce(func() (*lua.LFunction, []lua.LValue) {
		t.closed = true
		t.net, t.people, t.groups = net, map[*lua.LTable]*simChat{}, map[*lua.LTable]string{}
		return t.cases[i].fn, []lua.LValue{rt.netValue(rt.lua.L())}
	}, nil)
}

// openSim makes the module simplex.sim.
func openSim(rt *Runtime, L *lua.LState) lua.LValue {
	if rt.sim == nil {
		rt.raisef(L, ErrArgument, "simplex.sim is for tests: put them in a file NAME_test.lua and run simplex-lua test")
	}
	t := L.NewTable()
	t.RawSetString("case", L.NewFunction(rt.dotted(t, "sim.case", rt.simCase)))
	rt.protect(L, t, "simplex.sim", nil, nil)
	return t
}

// simCase is sim.case(name, [options,] fn).
func (rt *Runtime) simCase(L *lua.LState) int {
	t := rt.sim
	name, ok := L.Get(1).(lua.LString)
	if !ok || name == "" {
		rt.raisef(L, ErrArgument, "sim.case: want a name, got %s", describe(L.Get(1)))
	}
	c := SimCase{Name: string(name)}
	fn := L.Get(2)
	if _, ok := fn.(*lua.LTable); ok {
		rt.checkOptions(L, 2, "sim.case", &c)
		fn = L.Get(3)
	}
	if c.fn, ok = fn.(*lua.LFunction); !ok {
		rt.raisef(L, ErrArgument, "sim.case: want a function of the network, got %s", describe(fn))
	}
	if t.closed {
		rt.raisef(L, ErrArgument, "sim.case belongs to the top of the file, not into a case")
	}
	if slices.ContainsFunc(t.cases, func(x SimCase) bool { return x.Name == c.Name }) {
		rt.raisef(L, ErrArgument, "sim.case: there are two cases %q in this file", c.Name)
	}
	_, c.Line = lua51.Position(L, nil)
	t.cases = append(t.cases, c)
	return 0
}

// simWait runs fn without the lock; doing completes "the case took too long,
// while …". An error of fn is raised at the test's line.
func (rt *Runtime) simWait(L *lua.LState, doing string, fn func(ctx context.Context) error) {
	rt.sim.doing.Store(&doing)
	defer rt.sim.doing.Store(nil)
	var err error
	rt.unlocked(L, func(ctx context.Context) { err = fn(ctx) })
	if err != nil {
		rt.raise(L, err)
	}
}

// simArguments is how many arguments each method takes at most.
var simArguments = map[string]int{
	"user": 1, "group": 2, "advance": 1, "offline": 2, "delay": 2, "raw": 1, "restart": 0, "kill": 1,
	"connect": 1, "in_group": 1, "create_group": 1, "join": 1, "leave": 1, "invite": 3, "remove": 2, "set_role": 3, "command": 1,
	"send": 1, "send_file": 2, "reply": 2, "react": 2, "unreact": 2, "edit": 2, "delete": 1,
	"expect": 2, "expect_edit": 2, "expect_deletion": 2, "expect_reaction": 2, "expect_none": 1, "expect_error": 1, "expect_invitation": 2,
}

// simObject makes an object with methods that take a colon.
func (rt *Runtime) simObject(L *lua.LState, name string, methods map[string]lua.LGFunction,
	computed map[string]func() lua.LValue, settable map[string]func(lua.LValue) error) *lua.LTable {
	t := L.NewTable()
	for method, fn := range methods {
		t.RawSetString(method, L.NewFunction(func(L *lua.LState) int {
			if L.Get(1) != lua.LValue(t) {
				rt.raisef(L, ErrArgument, "%s is a method: write %s:%s(…) with a colon", method, name, method)
			}
			L.Remove(1)
			if most := simArguments[method]; L.GetTop() > most {
				rt.raisef(L, ErrArgument, "%s: want at most %s, got %d", method, plural(most, "argument"), L.GetTop())
			}
			return fn(L)
		}))
	}
	rt.protect(L, t, name, computed, settable)
	return t
}
