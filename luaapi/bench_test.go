package luaapi

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/simplex-lua/simplex-lua/internal/chat"
	"github.com/simplex-lua/simplex-lua/luaapi/luaconv"
)

// echoCore answers every command with the same stored item.
type echoCore struct {
	fakeCore
	reply []byte
}

func (c *echoCore) Send(context.Context, string) ([]byte, error) { return c.reply, nil }

// benchBot is a started script on an echoCore, with events of a recorded size.
func benchBot(b *testing.B, script string) *Runtime {
	b.Helper()
	bot, err := load(b, script)
	if err != nil {
		b.Fatal(err)
	}
	item := itemsJSON("@4", "directSnd", 1000, `{"type":"sndMsgContent","msgContent":{"type":"text","text":"49"}}`, "")
	bot.Attach(Session{Core: &echoCore{reply: []byte(`{"result":` + item + `}`)}, UserID: 1, FilesDir: b.TempDir()})
	bot.Start(b.Context(), "start")
	return bot.Runtime
}

// largeEvent is a text with a profile of some kilobytes around it.
func largeEvent(b *testing.B, text string) chat.Event {
	b.Helper()
	ev := textEvent("@4", 7, text)
	var prefs strings.Builder
	for i := range 60 {
		fmt.Fprintf(&prefs, `,"preference%d":{"enabled":{"forUser":true,"forContact":false},"allow":"yes"}`, i)
	}
	raw := strings.Replace(string(ev.Raw), `"contact":{`, `"contact":{"mergedPreferences":{"first":1`+prefs.String()+`},`, 1)
	ev, err := chat.ParseEvent([]byte(`{"result":` + raw + `}`))
	if err != nil {
		b.Fatal(err)
	}
	return ev
}

const squaring = `bot.on_message({ content_type = "text" }, function(msg)
  local n = tonumber(msg.text)
  if n then msg:reply(("%.14g * %.14g = %.14g"):format(n, n, n * n)) end
end)
`

// BenchmarkDispatch is one message from the lane to the end of its handler.
func BenchmarkDispatch(b *testing.B) {
	var thousand strings.Builder
	for n := range 1000 {
		fmt.Fprintf(&thousand, "bot.on_command('word%d', function() end)\n", n)
		fmt.Fprintf(&thousand, "bot.on_message({ text = 'text %d' }, function() end)\n", n)
	}
	for _, bm := range []struct{ name, script, text string }{
		{"empty", `bot.on_message(function() end)`, "hello"},
		{"reply", squaring, "7"},
		{"reply of 2000 handlers", thousand.String() + squaring, "7"},
		{"command", `bot.on_command("help", function() end)`, "/help me"},
		{"filter in Lua", `bot.on_message({ pattern = "^%d+$", when = function(msg) return #msg.text > 0 end }, function() end)`, "7"},
		{"one field of the event", `bot.on_message(function(msg) return msg.chat_info.contact.localDisplayName end)`, "7"},
		{"timer among 10000", `for _ = 1, 10000 do bot.after("1h", function() end) end
			bot.on_message(function() bot.after("1h", function() end):remove() end)`, "7"},
		{"on_event", `bot.on_event("newChatItems", function(ev) return ev.chatItems[1].chatItem.meta.itemId end)`, "7"},
	} {
		b.Run(bm.name, func(b *testing.B) {
			rt, ev := benchBot(b, bm.script), largeEvent(b, bm.text)
			b.ReportAllocs()
			for b.Loop() {
				if !rt.Offer(ev, nil) {
					rt.Dispatch(ev, nil)
				}
			}
		})
	}
}

// BenchmarkFilter asks which of 1,000 handlers a message is for.
func BenchmarkFilter(b *testing.B) {
	set := &handlerSet{}
	for n := range int64(1000) {
		set.messages = append(set.messages, &handler{filter: &filter{GroupID: oneOf[int64]{n}}})
	}
	it := chat.Item{Kind: "text", Text: "7", Chat: chat.Ref{Type: chat.TypeGroup, ID: 500}}
	c := newCandidates(set)
	for b.Loop() {
		for _, place := range c.messages(&it) {
			if !set.messages[place].filter.matchesItem(&it) {
				b.Fatal("no match")
			}
		}
	}
}

// BenchmarkDecodeEvent makes all tables of an event of some kilobytes.
func BenchmarkDecodeEvent(b *testing.B) {
	ev := largeEvent(b, "7")
	b.SetBytes(int64(len(ev.Raw)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := luaconv.Decode(ev.Raw, false); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkReload loads a script of some 300 lines and 5 modules beside the one
// that runs, and hands the state over. Events wait for none of it, but they share
// the processor with it.
func BenchmarkReload(b *testing.B) {
	folder := b.TempDir()
	script := strings.Repeat(squaring, 40)
	for n := range 5 {
		script += fmt.Sprintf("require 'module%d'\n", n)
		module := strings.Repeat("local function f(x) return x * 2 end\n", 20) + "return { f = f }\n"
		if err := os.WriteFile(filepath.Join(folder, fmt.Sprintf("module%d.lua", n)), []byte(module), 0o600); err != nil {
			b.Fatal(err)
		}
	}
	generation := func() *Runtime {
		rt, err := Load(b.Context(), Options{Name: "test", Path: filepath.Join(folder, "bot.lua"), Source: []byte(script)})
		if err != nil {
			b.Fatal(err)
		}
		return rt
	}
	old := generation()
	defer old.Close()
	for b.Loop() {
		next := generation()
		state, err := old.State()
		if err == nil {
			err = next.Adopt(b.Context(), state, 0)
		}
		if err != nil {
			b.Fatal(err)
		}
		next.Close()
	}
}
