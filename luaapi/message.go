package luaapi

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/internal/chat"
	"github.com/simplex-lua/simplex-lua/internal/nearest"
	"github.com/simplex-lua/simplex-lua/luaapi/luaconv"
	"github.com/simplex-lua/simplex-lua/luaapi/table"
)

// message is what a script's msg stands for: one chat item. Its value in Lua
// is made once and shared by the handlers of the item; fields are read from
// the item's JSON when they are first asked for.
type message struct {
	item    chat.Item
	command *chat.Command
	// sent is the reply that the item stands in, until somebody asks for it.
	sent *chat.Response
	// own tells that this generation sent it just now; parts are then all messages
	// that its text was sent in, nil where it is the only one.
	own bool
	// detached tells that the item's text is no part of the event's.
	detached bool
	parts    []*message
	// value and fields are guarded by Runtime.mu.
	value  *lua.LUserData
	fields map[string]lua.LValue
	wire   lua.LValue // the item's JSON, once a field needs it
}

// messageValue returns the userdata of m. Rt.mu is held.
func (rt *Runtime) messageValue(m *message) *lua.LUserData {
	if m.value == nil {
		m.value = &lua.LUserData{Value: m, Metatable: rt.msgMeta}
	}
	return m.value
}

// messageFields says how each field is made.
var messageFields = map[string]func(*message) lua.LValue{
	"text":         func(m *message) lua.LValue { return lua.LString(m.item.Text) },
	"content":      func(m *message) lua.LValue { return m.at("chatItem.content.msgContent") },
	"content_type": func(m *message) lua.LValue { return textOrNil(m.item.Kind) },
	"chat_type":    func(m *message) lua.LValue { return lua.LString(m.item.Chat.Type) },
	"chat":         func(m *message) lua.LValue { return chatValue(&m.item) },
	"scope":        func(m *message) lua.LValue { return scopeValue(m.item.Chat) },
	"contact_id":   func(m *message) lua.LValue { return idIf(m.item.Chat.Type == chat.TypeDirect, m.item.Chat.ID) },
	"group_id":     func(m *message) lua.LValue { return idIf(m.item.Chat.Type == chat.TypeGroup, m.item.Chat.ID) },
	"member_id":    func(m *message) lua.LValue { return idIf(m.item.Member.ID != 0, m.item.Member.ID) },
	"sender":       (*message).sender,
	"as_group":     func(m *message) lua.LValue { return lua.LBool(m.item.Dir == "channelRcv") },
	"item_id":      func(m *message) lua.LValue { return lua.LNumber(m.item.ID) },
	"sent_at":      func(m *message) lua.LValue { return textOrNil(m.item.SentAt) },
	"quoted":       func(m *message) lua.LValue { return m.at("chatItem.quotedItem") },
	"mentions":     func(m *message) lua.LValue { return m.at("chatItem.mentions") },
	"file":         func(m *message) lua.LValue { return m.at("chatItem.file") },
	"redelivered":  func(m *message) lua.LValue { return lua.LBool(m.item.Attempt > 0) },
	"parts":        (*message).partsValue,
	"attempt":      func(m *message) lua.LValue { return lua.LNumber(max(m.item.Attempt, 1)) },
	"chat_item":    func(m *message) lua.LValue { return m.at("chatItem") },
	"chat_info":    func(m *message) lua.LValue { return m.at("chatInfo") },
}

// at returns a part of the item's JSON, nil where it is absent.
func (m *message) at(path string) lua.LValue {
	if m.wire == nil {
		m.detach()
		v, err := luaconv.DecodeLazy(m.item.Raw)
		if err != nil {
			v = lua.LNil
		}
		m.wire = v
	}
	return atPath(m.wire, path)
}

// detach gives the message a text of its own, so that the event's does not stay
// in memory with it.
func (m *message) detach() {
	if !m.detached {
		m.item.Raw, m.detached = bytes.Clone(m.item.Raw), true
	}
}

// sender is who wrote it: nil for a post of a channel and for own items.
func (m *message) sender() lua.LValue {
	it := &m.item
	if !it.DirectedToUs() || it.Dir == "channelRcv" {
		return lua.LNil
	}
	t := newTable()
	if it.Member.ID != 0 {
		t.RawSetString("member_id", lua.LNumber(it.Member.ID))
		t.RawSetString("name", lua.LString(it.Member.Name))
		t.RawSetString("local_name", lua.LString(it.Member.LocalName))
		t.RawSetString("role", lua.LString(it.Member.Role))
		t.RawSetString("created_at", textOrNil(it.Member.CreatedAt))
	} else {
		t.RawSetString("contact_id", lua.LNumber(it.Chat.ID))
		t.RawSetString("name", lua.LString(it.ChatName))
		t.RawSetString("local_name", lua.LString(it.ChatLocalName))
		t.RawSetString("created_at", textOrNil(it.ChatCreatedAt))
	}
	return t
}

func newTable() *lua.LTable { return &lua.LTable{Metatable: lua.LNil} }

func textOrNil(s string) lua.LValue {
	if s == "" {
		return lua.LNil
	}
	return lua.LString(s)
}

func idIf(has bool, id int64) lua.LValue {
	if !has {
		return lua.LNil
	}
	return lua.LNumber(id)
}

// chatValue is a chat as scripts see it and as bot.send takes it.
func chatValue(it *chat.Item) *lua.LTable {
	ref := it.Chat
	t := newTable()
	t.RawSetString("type", lua.LString(ref.Type))
	t.RawSetString("id", lua.LNumber(ref.ID))
	t.RawSetString("ref", lua.LString(ref.String()))
	t.RawSetString("scope", scopeValue(ref))
	t.RawSetString("name", textOrNil(it.ChatName))
	t.RawSetString("local_name", textOrNil(it.ChatLocalName))
	t.RawSetString("created_at", textOrNil(it.ChatCreatedAt))
	return t
}

func scopeValue(ref chat.Ref) lua.LValue {
	if !ref.Support {
		return lua.LNil
	}
	t := newTable()
	t.RawSetString("member_id", idIf(ref.MemberID != 0, ref.MemberID))
	return t
}

// chatRef reads a chat that a script gives: msg.chat, a message, or "@4".
func (rt *Runtime) chatRef(L *lua.LState, v lua.LValue) (chat.Ref, error) {
	switch v := v.(type) {
	case lua.LString:
		return chat.ParseRef(string(v))
	case *lua.LUserData:
		if m, ok := v.Value.(*message); ok {
			rt.loadSent(L, m)
			return m.item.Chat, nil
		}
	case *lua.LTable:
		typ, _ := table.Field(v, "type").(lua.LString)
		id, isID := table.Field(v, "id").(lua.LNumber)
		ref := chat.Ref{Type: string(typ), ID: int64(id)}
		if scope, ok := table.Field(v, "scope").(*lua.LTable); ok {
			ref.Support = true
			member, _ := table.Field(scope, "member_id").(lua.LNumber)
			ref.MemberID = int64(member)
		}
		if isID && lua.LNumber(ref.ID) == id && ref.ID >= 0 {
			return chat.ParseRef(ref.String())
		}
	}
	return chat.Ref{}, fmt.Errorf(`want a chat (msg.chat, "@4" or "#2"), got %s`, describe(v))
}

// checkMessage returns the message that a method was called on.
func (rt *Runtime) checkMessage(L *lua.LState, method string) *message {
	if ud, ok := L.Get(1).(*lua.LUserData); ok {
		if m, ok := ud.Value.(*message); ok {
			rt.loadSent(L, m)
			return m
		}
	}
	rt.raisef(L, ErrArgument, "%s is a method: write msg:%s(…) with a colon", method, method)
	return nil
}

// newMessageMeta makes the metatable of messages.
func (rt *Runtime) newMessageMeta(L *lua.LState) *lua.LTable {
	methods := map[string]lua.LValue{}
	for name, fn := range rt.messageMethods() {
		methods[name] = L.NewFunction(fn)
	}
	names := slices.Concat(slices.Collect(maps.Keys(messageFields)), slices.Collect(maps.Keys(methods)))
	mt := L.NewTable()
	mt.RawSetString("__index", L.NewFunction(func(L *lua.LState) int {
		m, key := L.Get(1).(*lua.LUserData).Value.(*message), L.Get(2).String()
		v, ok := methods[key]
		if !ok {
			rt.loadSent(L, m)
			v, ok = m.field(key)
		}
		if !ok {
			rt.raisef(L, ErrArgument, "a message has no field %q%s", key, nearest.Hint(key, names))
		}
		L.Push(v)
		return 1
	}))
	mt.RawSetString("__newindex", L.NewFunction(func(L *lua.LState) int {
		rt.raisef(L, ErrArgument, "a message cannot be changed: keep %s in the handler's data instead", L.Get(2).String())
		return 0
	}))
	mt.RawSetString("__tostring", L.NewFunction(func(L *lua.LState) int {
		m := rt.checkMessage(L, "tostring")
		L.Push(lua.LString(fmt.Sprintf("message %d of %s", m.item.ID, m.item.Chat)))
		return 1
	}))
	mt.RawSetString("__metatable", lua.LString("message"))
	return mt
}

// field returns a field of the message, made at its first use.
func (m *message) field(name string) (lua.LValue, bool) {
	if v, ok := m.fields[name]; ok {
		return v, true
	}
	get, ok := messageFields[name]
	if !ok {
		return nil, false
	}
	v := get(m)
	if m.fields == nil {
		m.fields = map[string]lua.LValue{}
	}
	m.fields[name] = v
	return v, true
}

// commandValue is the cmd of a command handler.
func commandValue(cmd *chat.Command) *lua.LTable {
	t, argv := newTable(), newTable()
	for i, a := range cmd.Argv {
		argv.RawSetInt(i+1, lua.LString(a))
	}
	t.RawSetString("keyword", lua.LString(strings.ToLower(cmd.Keyword)))
	t.RawSetString("args", lua.LString(cmd.Args))
	t.RawSetString("argv", argv)
	return t
}

// toMessage reads an AChatItem that a script holds as a table.
func toMessage(v lua.LValue) (*message, error) {
	raw, err := luaconv.Encode(v)
	if err != nil {
		return nil, err
	}
	it, ok := chat.ParseItem(json.RawMessage(raw))
	if !ok {
		return nil, fmt.Errorf("want an AChatItem (a table with chatInfo and chatItem), got %s", describe(v))
	}
	return &message{item: it}, nil
}
