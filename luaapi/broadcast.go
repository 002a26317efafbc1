package luaapi

import (
	"errors"
	"io/fs"

	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/internal/chat"
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
	o := broadcastOptions{Rate: rt.Settings().SendRate}
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

	result, sent, failed, remaining *lua.LTable
}

// newBroadcast reads the chats.
func (rt *Runtime) newBroadcast(L *lua.LState) *broadcast {
	b := &broadcast{rt: rt}
	part := func(name string) *lua.LTable {
		t, ok := b.result.RawGetString(name).(*lua.LTable)
		if !ok {
			t = newTable()
			b.result.RawSetString(name, t)
		}
		return t
	}
	given := L.Get(1)
	earlier, ok := given.(*lua.LTable)
	if ok && earlier.RawGetString("remaining") != lua.LNil {
		b.result = earlier
		given = part("remaining")
	} else {
		b.result = newTable()
	}
	b.remaining = rt.broadcastChats(L, given)
	b.result.RawSetString("remaining", b.remaining)
	b.sent, b.failed = part("sent"), part("failed")
	return b
}

// broadcastChats returns the chats as references, each once.
func (rt *Runtime) broadcastChats(L *lua.LState, given lua.LValue) *lua.LTable {
	var refs []chat.Ref
	switch v := given.(type) {
	case *lua.LNilType:
		refs = rt.activeContacts(L)
	case *lua.LTable:
		for i := 1; i <= v.Len(); i++ {
			ref, err := rt.chatRef(L, v.RawGetInt(i))
			if err != nil {
				rt.raisef(L, ErrArgument, "broadcast[%d]: %v", i, err)
			}
			refs = append(refs, ref)
		}
		if k, _ := v.Next(lua.LNil); v.Len() == 0 && k != lua.LNil {
			rt.raisef(L, ErrArgument, "broadcast: want a list of chats, got a table with the key %s", k.String())
		}
	default:
		rt.raisef(L, ErrArgument, "broadcast: want a list of chats, or nil for all contacts, got %s", describe(v))
	}
	seen, list := map[chat.Ref]bool{}, newTable()
	for _, ref := range refs {
		if !seen[ref] {
			seen[ref] = true
			list.Append(lua.LString(ref.String()))
		}
	}
	return list
}

// activeContacts asks for the contacts that can be written to.
func (rt *Runtime) activeContacts(L *lua.LState) []chat.Ref {
	cmd := "/_contacts " + lua.LNumber(rt.session.UserID).String()
	var reply struct {
		Contacts []contactState `json:"contacts"`
	}
	if err := rt.command(L, cmd).Decode(&reply); err != nil {
		rt.raise(L, &Error{Type: ErrCommand, Command: "/_contacts", Message: "broadcast: " + err.Error()})
	}
	var refs []chat.Ref
	for _, c := range reply.Contacts {
		if c.usable() {
			refs = append(refs, chat.Ref{Type: chat.TypeDirect, ID: c.ID})
		}
	}
	return refs
}

// next sends to one chat; it is false where that was the last one for now.
func (b *broadcast) next(L *lua.LState) bool {
	name, ok := b.remaining.RawGetInt(1).(lua.LString)
	ref, err := chat.ParseRef(string(name))
	if !ok || err != nil { // nothing is left, or the script changed it
		return false
	}
	b.rt.pace(L, &b.pacer, b.options.Rate)
	m, _, err := b.rt.sendDraft(L, draft{to: ref, content: b.content, atOnce: true, options: sendOptions{TTL: b.options.TTL}})
	if err == nil {
		b.rt.loadSent(L, m)
	}
	b.remaining.Remove(1)
	entry := newTable()
	entry.RawSetString("chat", name)
	if err == nil {
		entry.RawSetString("item_id", lua.LNumber(m.item.ID))
		b.sent.Append(entry)
	} else {
		entry.RawSetString("error", b.rt.errorTable(errorOf(err)))
		b.failed.Append(entry)
	}
	if errors.Is(err, fs.ErrClosed) {
		return false // the others would fail the same way
	}
	return b.progress(L, entry)
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
