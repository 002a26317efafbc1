package luaapi

import (
	"encoding/json"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/internal/chat"
	"github.com/simplex-lua/simplex-lua/luaapi/luaconv"
)

// draft is a message that a script wants to send. A text may be too long for
// one message; it is sent in parts.
type draft struct {
	to      chat.Ref
	content []byte     // as JSON
	quote   *chat.Item // nil for none
	options sendOptions
	// atOnce raises for a contact that is still connecting instead of waiting.
	atOnce bool
}

// What stands around the content of a message on its way, in bytes.
const (
	bareContent  = len(`{"type":"text","text":""}`) // not counted in maxMessage
	quoteCost    = 160                              // and the quoted content
	scopeCost    = 80
	ttlCost      = 24
	mentionCost  = 48 // and the name
	mentionsCost = 16
)

// room is how many bytes the content may take where it quotes nothing.
func (d *draft) room() int {
	room := maxMessage
	if d.to.Support {
		room -= scopeCost
	}
	if d.options.TTL != nil {
		room -= ttlCost
	}
	if d.options.Mentions != nil {
		room -= mentionsCost + mentionCost*strings.Count(string(d.options.Mentions), ":") + len(d.options.Mentions)
	}
	return max(room, maxMessage/2)
}

// quoteSize is how many bytes the quote takes; at first a quick estimate that
// is never too small, then the truth.
func (d *draft) quoteSize(exactly bool) int {
	if d.quote == nil {
		return 0
	}
	if !exactly {
		return quoteCost + len(d.quote.Raw)
	}
	var body struct {
		Item struct {
			Content struct {
				Content json.RawMessage `json:"msgContent"`
			} `json:"content"`
		} `json:"chatItem"`
	}
	_ = json.Unmarshal(d.quote.Raw, &body) // it has been read as JSON before
	return quoteCost + len(body.Item.Content.Content)
}

// plan decides how the draft is sent: as it is, without its quote, or in parts.
func (d *draft) plan() []composed {
	whole := composed{content: d.content, mentions: d.options.Mentions}
	if d.quote != nil {
		whole.quoted = d.quote.ID
	}
	size, room := len(d.content)-bareContent, d.room()
	if size+d.quoteSize(false) <= room {
		return []composed{whole}
	}
	quote := d.quoteSize(true)
	if size+quote <= room {
		return []composed{whole}
	}
	text, isText := plainText(d.content)
	if size <= room || !isText { // what is too large and no text, the core refuses
		whole.quoted = 0
		return []composed{whole}
	}
	first := room - quote
	if quote > room/2 {
		whole.quoted, first = 0, room
	}
	var plan []composed
	for _, part := range splitText(text, first, room) {
		content, _ := luaconv.AppendString([]byte(`{"type":"text","text":`), part) // it is UTF-8
		plan = append(plan, composed{append(content, '}'), whole.quoted, mentionsIn(part, d.options.Mentions)})
		whole.quoted = 0
	}
	return plan
}

// plainText returns the text of a content that is nothing more.
func plainText(content []byte) (text string, ok bool) {
	var c struct{ Type, Text string }
	ok = json.Unmarshal(content, &c) == nil && c.Type == "text"
	return c.Text, ok
}

// mentionsIn picks the mentions whose names stand in a part of a text.
func mentionsIn(part string, mentions []byte) []byte {
	var all, here map[string]json.RawMessage
	if mentions == nil || json.Unmarshal(mentions, &all) != nil {
		return nil
	}
	for name, member := range all {
		if strings.Contains(part, "@"+name) || strings.Contains(part, "@'"+name+"'") {
			if here == nil {
				here = map[string]json.RawMessage{}
			}
			here[name] = member
		}
	}
	if here == nil {
		return nil
	}
	b, _ := json.Marshal(here) // strings and raw JSON
	return b
}

// sendDraft sends a draft and returns the last stored message, which knows the
// others as its parts. With an error it returns the parts that were sent.
func (rt *Runtime) sendDraft(L *lua.LState, d *draft) (last *message, parts []*message, err error) {
	plan := d.plan()
	patience := rt.frozen.Load().ReadyTimeout
	if d.atOnce {
		patience = 0
	}
	if len(plan) > 1 {
		parts = []*message{}
	}
	for _, m := range plan {
		resp, err := rt.post(L, sendCommand(d.to, d.options.TTL, m), patience)
		if err != nil {
			return nil, parts, err
		}
		last = &message{sent: &resp, own: true}
		if parts != nil {
			rt.messageValue(last)
			parts = append(parts, last)
		}
	}
	last.parts = parts
	return last, parts, nil
}

// mustSend is sendDraft for functions that raise. The error of a text that was
// sent only in part has the parts.
func (rt *Runtime) mustSend(L *lua.LState, d *draft) *message {
	m, parts, err := rt.sendDraft(L, d)
	if err != nil {
		e := errorOf(err)
		e.Where = callerWhere(L)
		t := rt.errorTable(e)
		if parts != nil {
			t.RawSetString("parts", rt.messageList(parts))
		}
		L.Error(t, 1)
	}
	return m
}

// messageList is a list of messages as scripts see it.
func (rt *Runtime) messageList(ms []*message) *lua.LTable {
	t := newTable()
	for _, m := range ms {
		t.Append(rt.messageValue(m))
	}
	return t
}

// partsValue is the field parts: all messages that were sent for one text, nil
// for messages that were not just sent.
func (m *message) partsValue() lua.LValue {
	if !m.own {
		return lua.LNil
	}
	t := newTable()
	if m.parts == nil {
		t.Append(m.value)
	}
	for _, p := range m.parts {
		t.Append(p.value)
	}
	return t
}
