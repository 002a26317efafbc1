package luaapi

import (
	"context"
	"fmt"
	"time"

	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/internal/nearest"
	"github.com/simplex-lua/simplex-lua/luaapi/luaconv"
	"github.com/simplex-lua/simplex-lua/luaapi/table"
)

// netValue makes the network that a case gets.
func (rt *Runtime) netValue(L *lua.LState) *lua.LTable {
	rt.sim.bot = rt.botValue(L)
	return rt.simObject(L, "net", map[string]lua.LGFunction{
		"user":    rt.simUser,
		"group":   rt.simGroup,
		"advance": rt.simAdvance,
		"offline": rt.simOffline,
		"delay":   rt.simDelay,
		"raw":     rt.simRaw,
		"restart": func(L *lua.LState) int { return rt.simRestart(L, SimStop) },
		"kill":    rt.simKill,
	}, map[string]func() lua.LValue{
		"bot": func() lua.LValue { return rt.sim.bot },
	}, nil)
}

// botValue is net.bot.
func (rt *Runtime) botValue(L *lua.LState) *lua.LTable {
	b := rt.sim.net.Bot()
	return rt.simObject(L, "net.bot", map[string]lua.LGFunction{
		"expect_error": rt.expectError,
	}, map[string]func() lua.LValue{
		"name":    func() lua.LValue { return lua.LString(b.Name()) },
		"address": func() lua.LValue { return textOrNil(b.Address()) },
		"running": func() lua.LValue { return lua.LBool(b.Running()) },
		"state": func() lua.LValue {
			state, err := b.State()
			if err != nil {
				rt.raise(L, err)
			}
			v, err := decodeData(state)
			if err != nil {
				rt.raise(L, err)
			}
			return v
		},
	}, map[string]func(lua.LValue) error{
		"state": func(v lua.LValue) error {
			state, err := encodeData(v)
			if err != nil {
				return fmt.Errorf("the state must be plain data: %w", err)
			}
			return b.SetState(state)
		},
	})
}

// simUser is net:user(name) → person.
func (rt *Runtime) simUser(L *lua.LState) int {
	name := rt.checkText(L, 1, "user", "a name")
	var p SimPerson
	rt.simWait(L, "it made "+name, func(ctx context.Context) (err error) {
		p, err = rt.sim.net.Person(ctx, name)
		return err
	})
	for t, known := range rt.sim.people {
		if known.group == "" && known.person == p {
			L.Push(t)
			return 1
		}
	}
	L.Push(rt.personValue(L, p))
	return 1
}

// checkText reads argument n as a text that is not empty.
func (rt *Runtime) checkText(L *lua.LState, n int, method, want string) string {
	s, ok := L.Get(n).(lua.LString)
	if !ok || s == "" {
		rt.raisef(L, ErrArgument, "%s: want %s, got %s", method, want, describe(L.Get(n)))
	}
	return string(s)
}

// simGroup is net:group(name, {alice, bob, bot = "admin", roles = {bob = "moderator"}}) → group.
func (rt *Runtime) simGroup(L *lua.LState) int {
	g := SimGroup{Name: rt.checkText(L, 1, "group", "a name"), Roles: map[string]string{"": "member"}}
	t, ok := L.Get(2).(*lua.LTable)
	if !ok {
		rt.raisef(L, ErrArgument, `group: want a list of people, as {alice, bob, bot = "admin"}, got %s`, describe(L.Get(2)))
	}
	for i := 1; i <= table.Len(t); i++ {
		g.Members = append(g.Members, rt.checkPerson(L, table.At(t, i), "group", fmt.Sprintf("entry %d", i)).person.Name())
	}
	if len(g.Members) == 0 {
		rt.raisef(L, ErrArgument, "group: it needs at least one person, who owns it")
	}
	for k, v := table.Next(t, lua.LNil); k != lua.LNil; k, v = table.Next(t, k) {
		key, isText := k.(lua.LString)
		role, isRole := v.(lua.LString)
		roles, isTable := v.(*lua.LTable)
		switch {
		case !isText:
		case key == "bot" && v == lua.LFalse:
			delete(g.Roles, "")
		case key == "bot" && isRole:
			g.Roles[""] = string(role)
		case key == "roles" && isTable:
			table.Each(roles, func(who, role lua.LValue) { g.Roles[who.String()] = role.String() })
		case key == "bot":
			rt.raisef(L, ErrArgument, "group.bot: want a role or false, got %s", describe(v))
		case key == "roles":
			rt.raisef(L, ErrArgument, "group.roles: want a table as {bob = \"moderator\"}, got %s", describe(v))
		default:
			rt.raisef(L, ErrArgument, "group: unknown option %q%s", string(key), nearest.Hint(string(key), []string{"bot", "roles"}))
		}
	}
	rt.simWait(L, "it made the group "+g.Name, func(ctx context.Context) error { return rt.sim.net.Group(ctx, g) })
	L.Push(rt.groupValue(L, g.Name))
	return 1
}

// groupValue is a group as scripts hold it.
func (rt *Runtime) groupValue(L *lua.LState, name string) *lua.LTable {
	for t, known := range rt.sim.groups {
		if known == name {
			return t
		}
	}
	t := rt.simObject(L, "group", nil, map[string]func() lua.LValue{
		"name": func() lua.LValue { return lua.LString(name) },
	}, nil)
	rt.sim.groups[t] = name
	return t
}

// checkGroup reads argument n as a group.
func (rt *Runtime) checkGroup(L *lua.LState, n int, method string) string {
	if t, ok := L.Get(n).(*lua.LTable); ok {
		if name, ok := rt.sim.groups[t]; ok {
			return name
		}
	}
	rt.raisef(L, ErrArgument, "%s: want a group, as net:group returns it, got %s", method, describe(L.Get(n)))
	return ""
}

// checkPerson reads a value as a person.
func (rt *Runtime) checkPerson(L *lua.LState, v lua.LValue, method, what string) *simChat {
	if t, ok := v.(*lua.LTable); ok {
		if p := rt.sim.people[t]; p != nil && p.group == "" {
			return p
		}
	}
	rt.raisef(L, ErrArgument, "%s: %s: want a person, as net:user returns them, got %s", method, what, describe(v))
	return nil
}

// simAdvance is net:advance(duration).
func (rt *Runtime) simAdvance(L *lua.LState) int {
	d := rt.checkDuration(L, 1, "advance")
	rt.simWait(L, fmt.Sprintf("it let %v pass", d), func(ctx context.Context) error { return rt.sim.net.Advance(ctx, d) })
	return 0
}

// simOffline is net:offline(duration[, fn]): the servers are away for so long;
// fn runs at the beginning of that time.
func (rt *Runtime) simOffline(L *lua.LState) int {
	d := rt.checkDuration(L, 1, "offline")
	fn, ok := L.Get(2).(*lua.LFunction)
	if !ok && L.Get(2) != lua.LNil {
		rt.raisef(L, ErrArgument, "offline: want a function to run meanwhile, got %s", describe(L.Get(2)))
	}
	set := func(up bool) func(context.Context) error {
		return func(ctx context.Context) error { return rt.sim.net.SetServers(ctx, up) }
	}
	rt.simWait(L, "the servers went away", set(false))
	if fn != nil {
		L.Push(fn)
		L.Call(0, 0)
	}
	rt.simWait(L, fmt.Sprintf("%v passed without servers", d), func(ctx context.Context) error { return rt.sim.net.Advance(ctx, d) })
	rt.simWait(L, "the servers came back", set(true))
	return 0
}

// delayOptions are the second argument of net:delay.
type delayOptions struct {
	// Jitter is how much longer a message may take.
	Jitter time.Duration `lua:"jitter"`
}

// simDelay is net:delay(duration[, {jitter=}]): from now on messages take so long.
func (rt *Runtime) simDelay(L *lua.LState) int {
	var o delayOptions
	d := rt.checkDuration(L, 1, "delay")
	rt.checkOptions(L, 2, "delay", &o)
	rt.sim.net.SetDelay(d, o.Jitter)
	return 0
}

// simRaw is net:raw(event).
func (rt *Runtime) simRaw(L *lua.LState) int {
	t, ok := L.Get(1).(*lua.LTable)
	if !ok || table.Field(t, "type").Type() != lua.LTString {
		rt.raisef(L, ErrArgument, "raw: want an event, as { type = \"contactConnected\", … }, got %s", describe(L.Get(1)))
	}
	event, err := luaconv.Encode(t)
	if err != nil {
		rt.raisef(L, ErrArgument, "raw: %v", err)
	}
	rt.simWait(L, "the bot handled a raw event", func(ctx context.Context) error { return rt.sim.net.Bot().Raw(ctx, event) })
	return 0
}

type killOptions struct {
	// Unmarked is whether the last messages are handled again.
	Unmarked bool `lua:"unmarked"`
}

// simKill is net:kill([{unmarked=}]).
func (rt *Runtime) simKill(L *lua.LState) int {
	var o killOptions
	rt.checkOptions(L, 1, "kill", &o)
	if o.Unmarked {
		return rt.simRestart(L, SimKillUnmarked)
	}
	return rt.simRestart(L, SimKill)
}

func (rt *Runtime) simRestart(L *lua.LState, end SimEnd) int {
	rt.simWait(L, "the bot started again", func(ctx context.Context) error { return rt.sim.net.Bot().Restart(ctx, end) })
	return 0
}

// simPatience is how much time of the network expect lets pass.
const simPatience = 5 * time.Minute
