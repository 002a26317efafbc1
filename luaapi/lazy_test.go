package luaapi

import (
	"runtime"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/simplex-lua/simplex-lua/internal/chat"
	"github.com/simplex-lua/simplex-lua/internal/testkit"
)

// What is written in Go sees what is in the tables of an event, also where the
// script has not touched them.
func TestUntouchedTables(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, code, want string }{
		{"log", `log.info("meta", ev.chatItems[1].chatItem.meta)`, "itemId=7"},
		{"message", `print(bot.message(ev.chatItems[1]).text)`, "hello"},
		{"encode", `print(json.encode(ev.chatItems[1].chatItem.content))`, `{"msgContent":{"text":"hello","type":"text"},"type":"rcvMsgContent"}`},
		{"encode empty", `print(json.encode({ ev.chatItems[1].chatItem.mentions, ev.chatItems[1].chatItem.reactions }))`, `[{},[]]`},
		{"array", `print(json.encode(json.array(ev.chatItems[1].chatItem.reactions)))`, `[]`},
		{"next", `print(next(ev.user))`, "userId\t1"},
		{"unpack", `print(unpack(ev.chatItems)["chatItem"].meta.itemId)`, "7"},
		{"error", `error(ev.user)`, `the script raised a table without a message: {\"userId\":1}`},
		{"caught error", `local ok, e = pcall(error, ev.user) print(ok, e.userId, e == ev.user)`, "false\t1\ttrue"},
		{"trigger", `bot.trigger("again", ev.chatItems[1].chatItem.content)`, "again: text"},
		{"metatable", `print(setmetatable({}, { __index = ev.user }).userId, getmetatable(ev.user))`, "1\tnil"},
		{"identity", `print(ev.chatItems[1] == ev.chatItems[1], ev.user == ev.chatItems)`, "true\tfalse"},
		{"chat", `print(bot.message({ chatInfo = ev.chatItems[1].chatInfo, chatItem = ev.chatItems[1].chatItem }).chat.id)`, "4"},
	} {
		b := start(t, `bot.on_event("newChatItems", function(ev) `+tt.code+` end)
			bot.on_event("again", function(ev) print("again: " .. ev.msgContent.type) end)`)
		b.Dispatch(textEvent("@4", 7, "hello"), nil)
		if err := b.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := b.logs.String(); !strings.Contains(got, tt.want) {
			t.Errorf("%s: got %s, want %s", tt.name, got, tt.want)
		}
	}
}

// on_raw may change a part of an event and return the event.
func TestRawChangesPart(t *testing.T) {
	t.Parallel()
	b := start(t, `bot.on_raw(function(ev) ev.chatItems[1].chatItem.content.msgContent.text = "bye" return ev end)
		bot.on_raw(function(ev) return ev end)`)
	ev, keep := b.Raw(textEvent("@4", 7, "hello"))
	if !keep || len(ev.Messages()) != 1 || ev.Messages()[0].Text != "bye" {
		t.Errorf("got %s, %v", ev.Raw, keep)
	}
}

// A message that a script keeps does not keep the text of its event, whatever the
// script has read of it.
func TestMessagesKeepNoEvents(t *testing.T) {
	t.Parallel()
	b := start(t, `kept = {} bot.on_message(function(msg) table.insert(kept, { msg, msg.chat_item.meta, msg.content }) end)`)
	var freed atomic.Int64
	const count = 20
	for n := range int64(count) {
		text := []byte(`{"result":` + string(textEvent("@4", n+1, "hello").Raw) + `}`)
		runtime.AddCleanup(&text[0], func(int) { freed.Add(1) }, 0)
		ev, err := chat.ParseEvent(text)
		if err != nil {
			t.Fatal(err)
		}
		b.Dispatch(ev, nil)
	}
	testkit.Until(t, "the texts are freed", func() bool {
		runtime.GC()
		return freed.Load() >= count-2 // the last may be on some stack
	})
}
