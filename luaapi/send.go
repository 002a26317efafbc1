package luaapi

import (
	"bytes"
	"context"
	"fmt"
	"strconv"
	"time"

	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/internal/chat"
	"github.com/simplex-lua/simplex-lua/luaapi/luaconv"
)

// sendOptions are the options of reply, send and ask.
type sendOptions struct {
	// Quote tells whether a reply quotes the message (default true).
	Quote bool `lua:"quote"`
	// TTL makes the message disappear after so many seconds; nil follows the chat.
	TTL *int64 `lua:"ttl"`
	// Mentions maps names in the text to member ids.
	Mentions jsonObject `lua:"mentions"`
}

// jsonObject is an option that is passed on as a JSON object.
type jsonObject []byte

func (o *jsonObject) decodeLua(v lua.LValue) error {
	t, ok := v.(*lua.LTable)
	if !ok {
		return wantError("it", "a table", v)
	}
	b, err := luaconv.Encode(t)
	*o = b
	return err
}

// command sends one chat command and reads the reply; it waits without the
// lock. Errors are raised.
func (rt *Runtime) command(L *lua.LState, cmd string) chat.Response {
	return rt.commandRead(L, cmd, chat.ParseReply)
}

// commandRead is command with a reader for the reply.
func (rt *Runtime) commandRead(L *lua.LState, cmd string, parse replyReader) chat.Response {
	resp, err := rt.exchange(L, cmd, parse)
	if err != nil {
		rt.raise(L, err)
	}
	return resp
}

// replyReader reads the reply to a command.
type replyReader func(cmd string, reply []byte) (chat.Response, error)

// exchange is commandRead for those who look at the error. Only what ends the
// call, and errors of on_send handlers, are raised.
func (rt *Runtime) exchange(L *lua.LState, cmd string, parse replyReader) (resp chat.Response, err error) {
	if cmd, err = rt.outgoing(L, cmd); err != nil {
		return resp, err
	}
	core := rt.session.Core
	var reply []byte
	rt.unlocked(L, func(ctx context.Context) {
		if core == nil {
			err = &Error{Type: ErrNotStarted, Message: "the bot has no controller"}
			return
		}
		reply, err = core.Send(ctx, cmd)
	})
	if err != nil {
		return resp, err
	}
	return parse(cmd, reply)
}

// outgoing passes a command through the on_send handlers: each may return
// another command, or false to hold it back.
func (rt *Runtime) outgoing(L *lua.LState, cmd string) (string, error) {
	for _, h := range rt.handlers.get().hooks[hookSend] {
		rt.lab.Ran(h.name)
		L.Push(h.fn)
		L.Push(lua.LString(cmd))
		L.Call(1, 1)
		result := L.Get(-1)
		L.Pop(1)
		switch v := result.(type) {
		case *lua.LNilType:
		case lua.LString:
			cmd = rt.checkCommand(L, string(v))
		case lua.LBool:
			if !v {
				return "", &Error{Type: ErrPermission, Message: fmt.Sprintf("%s: held back by %s", chat.CommandName(cmd), h.name)}
			}
		default:
			return "", &Error{Type: ErrArgument, Message: fmt.Sprintf("%s must return nothing, false or a command, got %s", h.name, describe(v))}
		}
	}
	return cmd, nil
}

// composed is one message of a /_send command.
type composed struct {
	content  []byte // as JSON
	quoted   int64  // the item's id, 0 for none
	mentions []byte // as JSON, nil for none
}

// sendCommand writes a /_send. Neither a text nor a content can name a file
// here: fileSource stands beside them. So the command needs no check against
// the permissions.
func sendCommand(to chat.Ref, ttl *int64, messages ...composed) string {
	size := 80 // of what stands around the contents, mostly
	for i := range messages {
		size += len(messages[i].content) + len(messages[i].mentions) + 64
	}
	b := append(append(make([]byte, 0, size), "/_send "...), to.String()...)
	if ttl != nil {
		b = strconv.AppendInt(append(b, " ttl="...), *ttl, 10)
	}
	b = append(b, " json ["...)
	for i, m := range messages {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, '{')
		if m.quoted != 0 {
			b = append(strconv.AppendInt(append(b, `"quotedItemId":`...), m.quoted, 10), ',')
		}
		b = append(append(b, `"msgContent":`...), m.content...)
		b = append(b, `,"mentions":`...)
		if m.mentions != nil {
			b = append(b, m.mentions...)
		} else {
			b = append(b, "{}"...)
		}
		b = append(b, '}')
	}
	return string(append(b, ']'))
}

// post sends messages in one command and returns the reply, which
// stores at least one item. It waits for the pace, and for a contact that is
// still connecting as long as patience.
func (rt *Runtime) post(L *lua.LState, cmd string, patience time.Duration) (chat.Response, error) {
	return rt.postRead(L, cmd, patience, chat.ParseSent)
}

// postRead is post with a reader for the reply.
func (rt *Runtime) postRead(L *lua.LState, cmd string, patience time.Duration, parse replyReader) (chat.Response, error) {
	rt.pace(L, &rt.sending.pacer, rt.frozen.Load().SendRate)
	resp, err := rt.sendWhenReady(L, cmd, patience, parse)
	if err == nil && (resp.Type != "newChatItems" || bytes.HasSuffix(resp.Raw, []byte(`"chatItems":[]}`))) {
		err = notStored(resp)
	}
	return resp, err
}

func notStored(resp chat.Response) error {
	return &Error{Type: ErrCommand, Command: "/_send",
		Message: "/_send: the core's reply " + resp.Type + " does not hold the stored message"}
}

// loadSent reads the item of a message that was sent, at its first use.
func (rt *Runtime) loadSent(L *lua.LState, m *message) {
	if m.sent == nil {
		return
	}
	items := m.sent.Items()
	if len(items) != 1 {
		rt.raise(L, notStored(*m.sent))
	}
	m.item, m.sent = items[0], nil
}

// checkContent reads argument n as a message content or raises.
func (rt *Runtime) checkContent(L *lua.LState, n int, what string) []byte {
	c, err := messageContent(L.Get(n))
	if err != nil {
		rt.raisef(L, ErrArgument, "%s: %v", what, err)
	}
	return c
}

// checkOptions reads argument n as an options table into dst or raises.
func (rt *Runtime) checkOptions(L *lua.LState, n int, what string, dst any) {
	if v := L.Get(n); v != lua.LNil {
		if err := decodeOptions(what, v, dst); err != nil {
			rt.raise(L, err)
		}
	}
}

// messageMethods are the methods of msg.
func (rt *Runtime) messageMethods() map[string]lua.LGFunction {
	method := func(name string, f func(L *lua.LState, m *message) int) lua.LGFunction {
		return func(L *lua.LState) int { return f(L, rt.checkMessage(L, name)) }
	}
	// itemCommand sends a command about the message itself and returns the reply's table.
	itemCommand := func(L *lua.LState, cmd string) int {
		rt.checkCommand(L, cmd)
		rt.command(L, cmd)
		return 0
	}
	reply := func(name string) lua.LGFunction {
		return method(name, func(L *lua.LState, m *message) int {
			content := rt.checkContent(L, 2, name)
			o := sendOptions{Quote: true}
			rt.checkOptions(L, 3, name, &o)
			d := &draft{to: m.item.Chat, content: content, options: o}
			if o.Quote {
				d.quote = &m.item
			}
			L.Push(rt.messageValue(rt.mustSend(L, d)))
			return 1
		})
	}
	return map[string]lua.LGFunction{
		"reply":         reply("reply"),
		"reply_content": reply("reply_content"),
		"react":         method("react", func(L *lua.LState, m *message) int { return itemCommand(L, rt.reaction(L, m, "on")) }),
		"unreact":       method("unreact", func(L *lua.LState, m *message) int { return itemCommand(L, rt.reaction(L, m, "off")) }),
		"edit": method("edit", func(L *lua.LState, m *message) int {
			content := rt.checkContent(L, 2, "edit")
			b := append([]byte("/_update item "+m.ref()+` json {"msgContent":`), content...)
			return itemCommand(L, string(append(b, `,"mentions":{}}`...)))
		}),
		// Own messages are deleted for everyone, those of others only here.
		"delete": method("delete", func(L *lua.LState, m *message) int {
			mode := " internal"
			if !m.item.DirectedToUs() {
				mode = " broadcast"
			}
			return itemCommand(L, "/_delete item "+m.ref()+mode)
		}),
		"moderate": method("moderate", func(L *lua.LState, m *message) int {
			if m.item.Chat.Type != chat.TypeGroup {
				rt.raisef(L, ErrArgument, "moderate: only messages of a group can be moderated")
			}
			g := chat.Ref{Type: chat.TypeGroup, ID: m.item.Chat.ID}
			return itemCommand(L, "/_delete member item "+g.String()+" "+strconv.FormatInt(m.item.ID, 10))
		}),
		"forward": method("forward", func(L *lua.LState, m *message) int {
			to, err := rt.chatRef(L, L.Get(2))
			if err != nil {
				rt.raisef(L, ErrArgument, "forward: %v", err)
			}
			return itemCommand(L, "/_forward "+to.String()+" "+m.ref())
		}),
		"ask":      method("ask", rt.ask),
		"wait":     method("wait", rt.waitDelivery),
		"stream":   method("stream", rt.stream),
		"download": method("download", rt.download),
	}
}

// ref is how commands name the message: "@4 17".
func (m *message) ref() string { return m.item.Chat.String() + " " + strconv.FormatInt(m.item.ID, 10) }

func (rt *Runtime) reaction(L *lua.LState, m *message, onOff string) string {
	emoji, ok := L.Get(2).(lua.LString)
	if !ok {
		rt.raisef(L, ErrArgument, "react: want an emoji, got %s", describe(L.Get(2)))
	}
	text, bad := luaconv.AppendString(nil, string(emoji))
	if bad >= 0 || emoji == "" {
		rt.raisef(L, ErrArgument, "react: %q is no emoji", string(emoji))
	}
	return "/_reaction " + m.ref() + " " + onOff + ` {"type":"emoji","emoji":` + string(text) + "}"
}
