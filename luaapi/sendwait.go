package luaapi

import (
	"context"
	"slices"

	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/internal/chat"
)

// sendingFunctions are the functions of bot about sending.
func (rt *Runtime) sendingFunctions() map[string]lua.LGFunction {
	return map[string]lua.LGFunction{
		"send_batch":          rt.sendBatch,
		"broadcast":           rt.broadcast,
		"connect_to":          rt.connectTo,
		"send_and_wait":       rt.sendAndWait,
		"wait_online":         rt.waitOnline,
		"connections":         rt.connectionsTable,
		"trigger":             rt.trigger,
		string(hookSendError): rt.onHook(hookSendError),
	}
}

// sendAndWait is bot.send_and_wait(contact_id, text[, timeout]) → the contact's
// answer, or nil at the time-out: its next message that quotes what was sent,
// or quotes nothing. Instead of the time-out, the options of ask may stand.
func (rt *Runtime) sendAndWait(L *lua.LState) int {
	to := rt.contactRef(L, L.Get(1))
	content := rt.checkContent(L, 2, "send_and_wait")
	o := askOptions{Timeout: askTimeout}
	switch L.Get(3).(type) {
	case *lua.LNilType:
	case *lua.LTable:
		rt.checkOptions(L, 3, "send_and_wait", &o)
	default:
		o.Timeout = rt.checkDuration(L, 3, "send_and_wait")
	}
	f := rt.answers(L, "send_and_wait", o)
	c := callOf(L)
	q := &question{sent: make(chan struct{})}
	w := rt.answerFrom(c.ctx, c.name, to, q, f)
	d, ok := rt.askFor(L, w, o.Timeout, func() {
		defer close(q.sent)
		m := rt.mustSend(L, &draft{to: to, content: content})
		for _, part := range append(slices.Clone(m.parts), m) {
			rt.loadSent(L, part)
			q.ids = append(q.ids, part.item.ID)
		}
	})
	if !ok {
		L.Push(lua.LNil)
		return 1
	}
	L.Push(rt.messageValue(&message{item: d.items[d.index]}))
	return 1
}

// contactRef reads a contact: its id, or its chat in any form.
func (rt *Runtime) contactRef(L *lua.LState, v lua.LValue) chat.Ref {
	if id, ok := v.(lua.LNumber); ok && id > 0 && lua.LNumber(int64(id)) == id {
		return chat.Ref{Type: chat.TypeDirect, ID: int64(id)}
	}
	to, err := rt.chatRef(L, v)
	if err != nil || to.Type != chat.TypeDirect {
		rt.raisef(L, ErrArgument, `send_and_wait: want a contact's id, as msg.contact_id, got %s`, describe(v))
	}
	return to
}

// question is what was sent; ids is set when sent is closed, and empty where it
// could not be sent.
type question struct {
	sent chan struct{}
	ids  []int64
}

// answerFrom makes the waiter for the answer of a contact.
func (rt *Runtime) answerFrom(ctx context.Context, name string, to chat.Ref, q *question, f *filter) *waiter {
	w := &waiter{chat: to, messages: true, given: make(chan delivery, 1)}
	w.accepts = func(_ chat.Event, items []chat.Item) (int, bool) {
		i := slices.IndexFunc(items, func(x chat.Item) bool {
			return x.UserID == rt.userID.Load() && x.Chat == to && rt.isAnswer(&x, f)
		})
		return i, i >= 0
	}
	w.confirm = func(_ chat.Event, items []chat.Item, i int) bool {
		if quoted := items[i].QuotedID; quoted != 0 {
			// An answer can be here before the reply to our own command is.
			select {
			case <-q.sent:
			case <-ctx.Done():
				return false
			}
			if !slices.Contains(q.ids, quoted) {
				return false
			}
		}
		return rt.confirms(ctx, name, f, items[i])
	}
	return w
}
