package luaapi

import (
	"errors"
	"io/fs"
	"slices"
	"strconv"

	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/internal/chat"
	"github.com/simplex-lua/simplex-lua/luaapi/table"
)

// broadcastOptions are the options of broadcast.
type broadcastOptions struct {
	// Rate is how many messages are sent per second (default: send_rate, else 20).
	Rate rate `lua:"rate"`
	// OnProgress is called after each chat with the result so far and what was
	// added to it; it stops the broadcast by returning false.
	OnProgress function `lua:"on_progress"`
	// TTL makes the messages disappear after so many seconds.
	TTL *int64 `lua:"ttl"`
}

// broadcast is bot.broadcast(chats|nil, text|content[, options]) → result: the
// same message to many chats, at a pace. nil is every contact that can be
// written to, a result of an earlier broadcast is what was left of that one.
// The lane goes on meanwhile, and the handler's time stands still.
func (rt *Runtime) broadcast(L *lua.LState) int {
	content := rt.checkContent(L, 2, "broadcast")
	o := broadcastOptions{Rate: rt.frozen.Load().SendRate}
	rt.checkOptions(L, 3, "broadcast", &o)
	if o.Rate == 0 {
		o.Rate = broadcastRate
	}
	c := callOf(L)
	rt.mustBeAbleToWait(L, c)
	b := rt.newBroadcast(L)
	b.content, b.options = content, o
	c.giveUpLane()
	c.limit.pause()
	defer c.limit.resume()
	for b.next(L) {
	}
	L.Push(b.result)
	return 1
}

// broadcast is one under way. The result and what stands in it are plain data,
// so that a script can store it and go on after a restart.
type broadcast struct {
	rt      *Runtime
	content []byte
	options broadcastOptions
	pacer   pacer
	// strangers are chats that are not those that the script means.
	strangers map[chat.Ref]bool

	result, sent, failed, remaining *lua.LTable
}

// newBroadcast reads the chats.
func (rt *Runtime) newBroadcast(L *lua.LState) *broadcast {
	b := &broadcast{rt: rt}
	part := func(name string) *lua.LTable {
		t, ok := table.Field(b.result, name).(*lua.LTable)
		if !ok {
			t = newTable()
			b.result.RawSetString(name, t)
		}
		table.Fill(t)
		return t
	}
	given := L.Get(1)
	earlier, ok := given.(*lua.LTable)
	if ok && table.Field(earlier, "remaining") != lua.LNil {
		b.result = earlier
		given = part("remaining")
	} else {
		b.result = newTable()
	}
	all := rt.broadcastChats(L, given)
	if given != lua.LNil { // else they were asked for just now
		b.strangers = rt.strangers(L, all)
	}
	b.remaining = newTable()
	for _, t := range all {
		b.remaining.Append(t.value())
	}
	b.result.RawSetString("remaining", b.remaining)
	b.sent, b.failed = part("sent"), part("failed")
	return b
}

// target is one chat of a broadcast.
type target struct {
	ref chat.Ref
	// createdAt is set where the script said when the chat came to be: the core
	// gives the ids of deleted contacts and groups to others.
	createdAt string
}

// value is the target as plain data.
func (t target) value() lua.LValue {
	if t.createdAt == "" {
		return lua.LString(t.ref.String())
	}
	return chatValue(&chat.Item{Chat: t.ref, ChatCreatedAt: t.createdAt})
}

// readTarget reads a chat as scripts give it, or as an entry of a result has it.
func (rt *Runtime) readTarget(L *lua.LState, v lua.LValue) (t target, err error) {
	given := v
	if entry, ok := v.(*lua.LTable); ok && table.Field(entry, "chat") != lua.LNil {
		given = table.Field(entry, "chat")
	}
	t.ref, err = rt.chatRef(L, given)
	switch v := v.(type) {
	case *lua.LTable:
		t.createdAt = lua.LVAsString(table.Field(v, "created_at"))
	case *lua.LUserData:
		if m, ok := v.Value.(*message); ok {
			t.createdAt = m.item.ChatCreatedAt
		}
	}
	return t, err
}

// broadcastChats reads the chats, each once.
func (rt *Runtime) broadcastChats(L *lua.LState, given lua.LValue) []target {
	var all []target
	switch v := given.(type) {
	case *lua.LNilType:
		for _, c := range rt.contacts(L) {
			if c.usable() {
				all = append(all, target{chat.Ref{Type: chat.TypeDirect, ID: c.ID}, c.CreatedAt})
			}
		}
	case *lua.LTable:
		for i := 1; i <= table.Len(v); i++ {
			t, err := rt.readTarget(L, table.At(v, i))
			if err != nil {
				rt.raisef(L, ErrArgument, "broadcast[%d]: %v", i, err)
			}
			all = append(all, t)
		}
		if k, _ := table.Next(v, lua.LNil); table.Len(v) == 0 && k != lua.LNil {
			rt.raisef(L, ErrArgument, "broadcast: want a list of chats, got a table with the key %s", k.String())
		}
	default:
		rt.raisef(L, ErrArgument, "broadcast: want a list of chats, or nil for all contacts, got %s", describe(v))
	}
	seen := map[chat.Ref]bool{}
	return slices.DeleteFunc(all, func(t target) bool {
		again := seen[t.ref]
		seen[t.ref] = true
		return again
	})
}

// contacts asks for all contacts.
func (rt *Runtime) contacts(L *lua.LState) []contactState {
	var reply struct {
		Contacts []contactState `json:"contacts"`
	}
	rt.list(L, "/_contacts", &reply)
	return reply.Contacts
}

// list reads the reply to a command that lists what our user has.
func (rt *Runtime) list(L *lua.LState, cmd string, into any) {
	if err := rt.command(L, cmd+" "+strconv.FormatInt(rt.session.UserID, 10)).Decode(into); err != nil {
		rt.raise(L, &Error{Type: ErrCommand, Command: cmd, Message: cmd + ": " + err.Error()})
	}
}

// strangers returns the targets that are not what they were: the id belongs to
// another contact or group now, or to none.
func (rt *Runtime) strangers(L *lua.LState, all []target) map[chat.Ref]bool {
	asked, createdAt := map[string]bool{}, map[chat.Ref]string{}
	for _, t := range all {
		if t.createdAt == "" || asked[t.ref.Type] {
			continue
		}
		asked[t.ref.Type] = true
		switch t.ref.Type {
		case chat.TypeDirect:
			for _, c := range rt.contacts(L) {
				createdAt[chat.Ref{Type: chat.TypeDirect, ID: c.ID}] = c.CreatedAt
			}
		case chat.TypeGroup:
			var reply struct {
				Groups []struct {
					ID        int64  `json:"groupId"`
					CreatedAt string `json:"createdAt"`
				} `json:"groups"`
			}
			rt.list(L, "/_groups", &reply)
			for _, g := range reply.Groups {
				createdAt[chat.Ref{Type: chat.TypeGroup, ID: g.ID}] = g.CreatedAt
			}
		}
	}
	strange := map[chat.Ref]bool{}
	for _, t := range all {
		at := createdAt[chat.Ref{Type: t.ref.Type, ID: t.ref.ID}]
		if t.createdAt != "" && t.ref.Type != chat.TypeLocal && at != t.createdAt {
			strange[t.ref] = true
		}
	}
	return strange
}

// next sends to one chat; it is false where that was the last one for now.
func (b *broadcast) next(L *lua.LState) bool {
	t, err := b.rt.readTarget(L, table.At(b.remaining, 1))
	if err != nil { // nothing is left, or the script changed it
		return false
	}
	m, part, err := b.send(L, t.ref)
	gone := errors.Is(err, fs.ErrClosed) // the others would fail the same way
	if gone && !part {
		return false // nothing was sent, so this one remains too
	}
	callOf(L).budget.Renew() // on_progress may cost more each time, and who is passed over is not waited for
	b.remaining.Remove(1)
	entry := newTable()
	entry.RawSetString("chat", lua.LString(t.ref.String()))
	entry.RawSetString("created_at", textOrNil(t.createdAt))
	if err == nil {
		entry.RawSetString("item_id", lua.LNumber(m.item.ID))
		b.sent.Append(entry)
	} else {
		entry.RawSetString("error", b.rt.errorTable(errorOf(err)))
		b.failed.Append(entry)
	}
	return !gone && b.progress(L, entry)
}

// send sends to a chat and returns the stored message, or with the error whether
// part of a long text was sent.
func (b *broadcast) send(L *lua.LState, to chat.Ref) (m *message, part bool, err error) {
	if b.strangers[to] {
		return nil, false, &Error{Type: ErrArgument, Message: to.String() + " is not the chat that was meant: that one was deleted"}
	}
	b.rt.pace(L, &b.pacer, b.options.Rate)
	m, parts, err := b.rt.sendDraft(L, &draft{to: to, content: b.content, atOnce: true, options: sendOptions{TTL: b.options.TTL}})
	if err == nil {
		b.rt.loadSent(L, m)
	}
	return m, len(parts) > 0, err
}

// progress calls on_progress, which may end it.
func (b *broadcast) progress(L *lua.LState, entry *lua.LTable) bool {
	fn := b.options.OnProgress.fn
	if fn == nil {
		return true
	}
	L.Push(fn)
	L.Push(b.result)
	L.Push(entry)
	L.Call(2, 1)
	more := L.Get(-1) != lua.LFalse
	L.Pop(1)
	return more
}
