package luaapi

import (
	"encoding/json"
	"fmt"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/internal/chat"
	"github.com/simplex-lua/simplex-lua/luaapi/table"
)

// batchOptions are the options of send_batch.
type batchOptions struct {
	// TTL makes the messages disappear after so many seconds; nil follows the chat.
	TTL *int64 `lua:"ttl"`
}

// sendBatch is bot.send_batch(chat, {text|content, …}[, options]) → list of
// messages: all of them in one command. Where the core refuses some, the error
// says which, and which it stored.
func (rt *Runtime) sendBatch(L *lua.LState) int {
	to, err := rt.chatRef(L, L.Get(1))
	if err != nil {
		rt.raisef(L, ErrArgument, "send_batch: %v", err)
	}
	list, ok := L.Get(2).(*lua.LTable)
	if !ok || table.Len(list) == 0 {
		rt.raisef(L, ErrArgument, "send_batch: want a list of texts or message contents, got %s", describe(L.Get(2)))
	}
	var o batchOptions
	rt.checkOptions(L, 3, "send_batch", &o)
	messages := make([]composed, table.Len(list))
	for i := range messages {
		content, err := messageContent(table.At(list, i+1))
		if err != nil {
			rt.raisef(L, ErrArgument, "send_batch[%d]: %v", i+1, err)
		}
		messages[i].content = content
	}
	var sent string // as the on_send handlers made it
	resp, err := rt.postRead(L, sendCommand(to, o.TTL, messages...), rt.frozen.Load().ReadyTimeout, func(cmd string, reply []byte) (chat.Response, error) {
		sent = cmd
		return chat.ParseSent(cmd, reply)
	})
	if err != nil {
		rt.raise(L, err)
	}
	items := resp.Items()
	stored := make([]*message, len(items))
	for i := range items {
		stored[i] = &message{item: items[i], own: true}
	}
	if len(items) < len(messages) {
		messages = messagesOf(sent, messages)
		if missing := missingFrom(messages, items); len(missing) > 0 {
			rt.raiseRefused(L, messages, missing, stored)
		}
	}
	L.Push(rt.messageList(stored))
	return 1
}

// raiseRefused raises for a batch that was stored only in part. index is the
// first message that is missing, refused are all of them, parts are the others.
// The core tells the reasons in an event that names no message.
func (rt *Runtime) raiseRefused(L *lua.LState, messages []composed, missing []int, stored []*message) {
	e := &Error{Type: ErrChat, Command: "/_send", Where: callerWhere(L),
		Message: fmt.Sprintf("send_batch: the core refused message %d of %d", missing[0]+1, len(messages))}
	if len(messages[missing[0]].content)-bareContent > maxMessage {
		e.Message += ": it is too large (largeMsg)"
		e.ChatError = []byte(`{"type":"errorStore","storeError":{"type":"largeMsg"}}`)
	}
	t, refused := rt.errorTable(e), newTable()
	for _, i := range missing {
		refused.Append(lua.LNumber(i + 1))
	}
	t.RawSetString("index", lua.LNumber(missing[0]+1))
	t.RawSetString("refused", refused)
	t.RawSetString("parts", rt.messageList(stored))
	L.Error(t, 1)
}

// messagesOf returns the messages of a /_send command as it was sent; where it
// is none any more, those that were to be sent.
func messagesOf(cmd string, meant []composed) []composed {
	_, body, _ := strings.Cut(cmd, " json ")
	var list []struct {
		Content json.RawMessage `json:"msgContent"`
	}
	if json.Unmarshal([]byte(body), &list) != nil {
		return meant
	}
	messages := make([]composed, len(list))
	for i := range list {
		messages[i].content = list[i].Content
	}
	return messages
}

// missingFrom returns the indexes of the messages that were not stored. The
// items stand in the order of the messages; of messages that are the same, the
// first count as stored.
func missingFrom(messages []composed, items []chat.Item) []int {
	var missing []int
	for i, m := range messages {
		var c struct{ Type, Text string }
		_ = json.Unmarshal(m.content, &c) // we wrote it, or the core has taken it
		left := len(messages) - i
		if len(items) > 0 && (left == len(items) || items[0].Kind == c.Type && items[0].Text == c.Text) {
			items = items[1:]
			continue
		}
		missing = append(missing, i)
	}
	return missing
}
