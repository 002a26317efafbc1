package luaapi

import (
	"context"
	"maps"

	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/luaapi/luaconv"
	"github.com/simplex-lua/simplex-lua/luaapi/table"
)

// simChat is a person in one chat: with the bot, or in a group.
type simChat struct {
	person SimPerson
	group  string // "" for the chat with the bot
	// sent and got are the person's newest item and the newest of others.
	sent, got int64
	inGroups  map[string]*lua.LTable
}

// personValue makes a person.
func (rt *Runtime) personValue(L *lua.LState, p SimPerson) *lua.LTable {
	c := &simChat{person: p, inGroups: map[string]*lua.LTable{}}
	methods := rt.chatMethods(c)
	var t *lua.LTable
	maps.Copy(methods, map[string]lua.LGFunction{
		"connect": func(L *lua.LState) int {
			link := ""
			if L.Get(1) != lua.LNil {
				link = rt.checkText(L, 1, "connect", "a link")
			}
			rt.simWait(L, p.Name()+" connected", func(ctx context.Context) error { return p.Connect(ctx, link) })
			L.Push(t)
			return 1
		},
		"in_group": func(L *lua.LState) int {
			L.Push(rt.inGroup(L, c, rt.checkGroup(L, 1, "in_group")))
			return 1
		},
		"create_group": func(L *lua.LState) int {
			name := rt.checkText(L, 1, "create_group", "a name")
			rt.act(L, c, SimAct{Verb: SimCreateGroup, Group: name})
			L.Push(rt.groupValue(L, name))
			return 1
		},
		"expect_invitation": func(L *lua.LState) int {
			got := rt.expect(L, c, "invitation", "expect_invitation", simWant{})
			L.Push(rt.groupValue(L, got.Text))
			return 1
		},
		"join":  func(L *lua.LState) int { return rt.groupAct(L, c, SimJoin) },
		"leave": func(L *lua.LState) int { return rt.groupAct(L, c, SimLeave) },
		"invite": func(L *lua.LState) int {
			role := "member"
			if L.Get(3) != lua.LNil {
				role = rt.checkText(L, 3, "invite", "a role")
			}
			rt.act(L, c, SimAct{Verb: SimInvite, Group: rt.checkGroup(L, 1, "invite"), Who: rt.checkWho(L, 2, "invite"), Role: role})
			return 0
		},
		"remove": func(L *lua.LState) int {
			rt.act(L, c, SimAct{Verb: SimRemove, Group: rt.checkGroup(L, 1, "remove"), Who: rt.checkWho(L, 2, "remove")})
			return 0
		},
		"set_role": func(L *lua.LState) int {
			rt.act(L, c, SimAct{Verb: SimSetRole, Group: rt.checkGroup(L, 1, "set_role"), Who: rt.checkWho(L, 2, "set_role"),
				Role: rt.checkText(L, 3, "set_role", "a role")})
			return 0
		},
		"command": func(L *lua.LState) int { return rt.simCommand(L, p) },
	})
	t = rt.simObject(L, p.Name(), methods, map[string]func() lua.LValue{
		"name": func() lua.LValue { return lua.LString(p.Name()) },
	}, nil)
	rt.sim.people[t] = c
	return t
}

// inGroup is the person in a group, always the same value.
func (rt *Runtime) inGroup(L *lua.LState, c *simChat, group string) *lua.LTable {
	t := c.inGroups[group]
	if t == nil {
		in := &simChat{person: c.person, group: group}
		t = rt.simObject(L, c.person.Name()+" in #"+group, rt.chatMethods(in), nil, nil)
		rt.sim.people[t] = in
		c.inGroups[group] = t
	}
	return t
}

// chatMethods are what a person does in a chat.
func (rt *Runtime) chatMethods(c *simChat) map[string]lua.LGFunction {
	return map[string]lua.LGFunction{
		"send": func(L *lua.LState) int {
			content := rt.checkContent(L, 1, "send")
			return rt.actSending(L, c, SimAct{Verb: SimSend, Content: content})
		},
		"send_file": func(L *lua.LState) int {
			a := SimAct{Verb: SimSendFile, Path: rt.checkText(L, 1, "send_file", "a path")}
			if L.Get(2) != lua.LNil {
				a.Text = rt.checkText(L, 2, "send_file", "a text")
			}
			return rt.actSending(L, c, a)
		},
		"reply": func(L *lua.LState) int {
			content := rt.checkContent(L, 1, "reply")
			return rt.actSending(L, c, SimAct{Verb: SimReply, Content: content, ItemID: rt.checkItem(L, 2, "reply", c.got)})
		},
		"react": func(L *lua.LState) int {
			rt.act(L, c, SimAct{Verb: SimReact, Text: rt.checkText(L, 1, "react", "an emoji"), ItemID: rt.checkItem(L, 2, "react", c.got)})
			return 0
		},
		"unreact": func(L *lua.LState) int {
			rt.act(L, c, SimAct{Verb: SimUnreact, Text: rt.checkText(L, 1, "unreact", "an emoji"), ItemID: rt.checkItem(L, 2, "unreact", c.got)})
			return 0
		},
		"edit": func(L *lua.LState) int {
			content := rt.checkContent(L, 1, "edit")
			rt.act(L, c, SimAct{Verb: SimEdit, Content: content, ItemID: rt.checkItem(L, 2, "edit", c.sent)})
			return 0
		},
		"delete": func(L *lua.LState) int {
			rt.act(L, c, SimAct{Verb: SimDelete, ItemID: rt.checkItem(L, 1, "delete", c.sent)})
			return 0
		},
		"expect":          rt.expecting(c, "message", "expect"),
		"expect_edit":     rt.expecting(c, "edited", "expect_edit"),
		"expect_deletion": rt.expecting(c, "deleted", "expect_deletion"),
		"expect_reaction": rt.expecting(c, "reaction", "expect_reaction"),
		"expect_none":     func(L *lua.LState) int { return rt.expectNone(L, c) },
	}
}

// act does something in the chat and waits until the bot is at rest.
func (rt *Runtime) act(L *lua.LState, c *simChat, a SimAct) (itemID int64) {
	if a.Group == "" {
		a.Group = c.group
	}
	rt.simWait(L, "the bot handled what "+c.person.Name()+" did ("+string(a.Verb)+")", func(ctx context.Context) (err error) {
		itemID, err = c.person.Act(ctx, a)
		return err
	})
	return itemID
}

// actSending is act for what makes a message, which it returns.
func (rt *Runtime) actSending(L *lua.LState, c *simChat, a SimAct) int {
	c.sent = rt.act(L, c, a)
	t := L.NewTable()
	t.RawSetString("item_id", lua.LNumber(c.sent))
	t.RawSetString("sender", lua.LString(c.person.Name()))
	L.Push(t)
	return 1
}

func (rt *Runtime) groupAct(L *lua.LState, c *simChat, verb SimVerb) int {
	rt.act(L, c, SimAct{Verb: verb, Group: rt.checkGroup(L, 1, string(verb))})
	return 0
}

// checkItem reads argument n as a message; left out it is the newest.
func (rt *Runtime) checkItem(L *lua.LState, n int, method string, newest int64) int64 {
	switch v := L.Get(n).(type) {
	case *lua.LNilType:
		if newest == 0 {
			rt.raisef(L, ErrArgument, "%s: there is no message in this chat yet", method)
		}
		return newest
	case *lua.LTable:
		if id, ok := table.Field(v, "item_id").(lua.LNumber); ok {
			return int64(id)
		}
	}
	rt.raisef(L, ErrArgument, "%s: want a message, as send and expect return it, got %s", method, describe(L.Get(n)))
	return 0
}

// checkWho reads argument n as a person or the bot.
func (rt *Runtime) checkWho(L *lua.LState, n int, method string) string {
	if L.Get(n) == lua.LValue(rt.sim.bot) {
		return ""
	}
	return rt.checkPerson(L, L.Get(n), method, "who").person.Name()
}

// simCommand is person:command("/…") → the result as a table.
func (rt *Runtime) simCommand(L *lua.LState, p SimPerson) int {
	cmd := rt.checkText(L, 1, "command", "a chat command")
	var result []byte
	rt.simWait(L, "the bot handled a command of "+p.Name(), func(ctx context.Context) (err error) {
		result, err = p.Command(ctx, cmd)
		return err
	})
	v, err := luaconv.Decode(result, false)
	if err != nil {
		rt.raise(L, err)
	}
	L.Push(v)
	return 1
}
