package luaapi

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"time"

	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/luaapi/luaconv"
)

// ErrExpectation is the type of what a test raises when something else came
// than was expected.
const ErrExpectation = "expectation"

// simWant is what a text is expected to be; the zero value takes every text.
type simWant struct {
	text     *string
	Pattern  string `lua:"pattern"`  // a Lua pattern
	Re       string `lua:"re"`       // a regular expression (RE2)
	Contains string `lua:"contains"` // a part of the text
	re       *regexp.Regexp
	fn       *lua.LFunction
}

// checkWant reads argument n: a text, {pattern=}, {re=}, {contains=} or a function.
func (rt *Runtime) checkWant(L *lua.LState, n int, method string) simWant {
	var w simWant
	switch v := L.Get(n).(type) {
	case *lua.LNilType:
	case lua.LString, lua.LNumber:
		s := v.String()
		w.text = &s
	case *lua.LFunction:
		w.fn = v
	case *lua.LTable:
		rt.checkOptions(L, n, method, &w)
		if w.kinds() != 1 {
			rt.raisef(L, ErrArgument, "%s: give one of pattern, re and contains", method)
		}
		if w.Re != "" {
			re, err := regexp.Compile(w.Re)
			if err != nil {
				rt.raisef(L, ErrArgument, "%s.re: %v", method, err)
			}
			w.re = re
		}
	default:
		rt.raisef(L, ErrArgument, "%s: want a text, { pattern = … } or a function, got %s", method, describe(v))
	}
	return w
}

// kinds counts the ways that the text is described in.
func (w *simWant) kinds() (n int) {
	for _, s := range []string{w.Pattern, w.Re, w.Contains} {
		if s != "" {
			n++
		}
	}
	return n
}

func (w *simWant) String() string {
	switch {
	case w.text != nil:
		return fmt.Sprintf("%q", *w.text)
	case w.Pattern != "":
		return fmt.Sprintf("a text with the pattern %q", w.Pattern)
	case w.re != nil:
		return fmt.Sprintf("a text with the expression %q", w.Re)
	case w.Contains != "":
		return fmt.Sprintf("a text that contains %q", w.Contains)
	case w.fn != nil:
		return "what the function accepts"
	}
	return "anything"
}

// accepts runs patterns and functions in the case's own thread.
func (rt *Runtime) accepts(L *lua.LState, w *simWant, text string, value func() lua.LValue) bool {
	switch {
	case w.text != nil:
		return text == *w.text
	case w.re != nil:
		return w.re.MatchString(text)
	case w.Contains != "":
		return strings.Contains(text, w.Contains)
	case w.Pattern != "":
		L.Push(rt.find)
		L.Push(lua.LString(text))
		L.Push(lua.LString(w.Pattern))
		L.Call(2, 1)
	case w.fn != nil:
		L.Push(w.fn)
		L.Push(value())
		L.Call(1, 1)
	default:
		return true
	}
	ok := lua.LVAsBool(L.Get(-1))
	L.Pop(1)
	return ok
}

// expectOptions are the second argument of expect.
type expectOptions struct {
	// Within is how much time of the network may pass.
	Within time.Duration `lua:"within"`
	// From is who did it, nil for the bot.
	From person `lua:"from"`
	// Skip passes over what comes before it.
	Skip bool `lua:"skip"`
}

// person is an option that is a person.
type person struct{ table *lua.LTable }

func (p *person) decodeLua(v lua.LValue) error {
	t, ok := v.(*lua.LTable)
	if !ok {
		return fmt.Errorf("want a person, got %s", describe(v))
	}
	p.table = t
	return nil
}

// expecting is chat:expect(want[, {within=, from=}]) → what came.
func (rt *Runtime) expecting(c *simChat, what, method string) lua.LGFunction {
	return func(L *lua.LState) int {
		got := rt.expect(L, c, what, method, rt.checkWant(L, 1, method))
		L.Push(receivedValue(L, got))
		return 1
	}
}

// expect takes the next thing of a kind and fails unless it is what is wanted.
// A greeting that is not is passed over.
func (rt *Runtime) expect(L *lua.LState, c *simChat, what, method string, w simWant) SimReceived {
	o := expectOptions{Within: simPatience}
	rt.checkOptions(L, 2, method, &o)
	kind := SimKind{What: what, Group: c.group, From: rt.fromName(L, o.From, method)}
	var passed []string
	for {
		got, ok := rt.next(L, c, kind, o.Within, w.String())
		if !ok {
			rt.failed(L, fmt.Sprintf("%s got no %s within %s of the network's time; expected %s", c.person.Name(), noun(what), Brief(o.Within), &w), passed)
		}
		if rt.accepts(L, &w, got.Text, func() lua.LValue { return receivedValue(L, got) }) {
			c.got = got.ItemID
			return got
		}
		if !got.Greeting && !o.Skip {
			rt.failed(L, fmt.Sprintf("%s got another %s than expected\n%s", c.person.Name(), noun(what), mismatch(&w, got.Text)), passed)
		}
		passed = append(passed, got.Text)
	}
}

func noun(what string) string {
	switch what {
	case "edited":
		return "edit"
	case "deleted":
		return "deletion"
	}
	return what
}

func (rt *Runtime) fromName(L *lua.LState, p person, method string) string {
	if p.table == nil || p.table == rt.sim.bot {
		return ""
	}
	return rt.checkPerson(L, p.table, method, "from").person.Name()
}

func (rt *Runtime) next(L *lua.LState, c *simChat, kind SimKind, within time.Duration, want string) (got SimReceived, ok bool) {
	rt.simWait(L, fmt.Sprintf("%s waited for %s: %s", c.person.Name(), noun(kind.What), want), func(ctx context.Context) (err error) {
		got, ok, err = c.person.Next(ctx, kind, within)
		return err
	})
	return got, ok
}

// expectNone is chat:expect_none([duration]): nothing comes from the bot within
// so much time of the network; left out, no time passes.
func (rt *Runtime) expectNone(L *lua.LState, c *simChat) int {
	var within time.Duration
	if L.Get(1) != lua.LNil {
		within = rt.checkDuration(L, 1, "expect_none")
	}
	for {
		got, ok := rt.next(L, c, SimKind{What: "message", Group: c.group}, within, "nothing")
		if !ok {
			return 0
		}
		if !got.Greeting {
			rt.failed(L, fmt.Sprintf("%s got a message where none was expected\n+ %s", c.person.Name(), indent(got.Text)), nil)
		}
	}
}

// expectError is net.bot:expect_error(want): takes the oldest error of the
// bot's handlers.
func (rt *Runtime) expectError(L *lua.LState) int {
	w := rt.checkWant(L, 1, "expect_error")
	text, ok := rt.sim.net.Bot().TakeError()
	switch {
	case !ok:
		rt.failed(L, "the bot reported no error; expected "+w.String(), nil)
	case !rt.accepts(L, &w, text, func() lua.LValue { return lua.LString(text) }):
		rt.failed(L, "the bot reported another error than expected\n"+mismatch(&w, text), nil)
	}
	L.Push(lua.LString(text))
	return 1
}

// failed raises what a case fails with, and tells what else may explain it.
func (rt *Runtime) failed(L *lua.LState, text string, passed []string) {
	for _, p := range passed {
		text += fmt.Sprintf("\nbefore that came: %q", p)
	}
	for {
		e, ok := rt.sim.net.Bot().TakeError()
		if !ok {
			break
		}
		text += "\nthe bot reported: " + e
	}
	rt.raise(L, &Error{Type: ErrExpectation, Message: text})
}

// receivedValue is what expect returns.
func receivedValue(L *lua.LState, got SimReceived) *lua.LTable {
	t := L.NewTable()
	t.RawSetString("text", lua.LString(got.Text))
	t.RawSetString("sender", lua.LString(got.Sender))
	t.RawSetString("item_id", lua.LNumber(got.ItemID))
	if event, err := luaconv.Decode(got.Event, false); err == nil {
		t.RawSetString("event", event)
	}
	return t
}
