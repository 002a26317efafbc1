package luaapi

import (
	"slices"
	"strings"
	"testing"

	"github.com/simplex-lua/simplex-lua/internal/chat"
)

// TestDispatch sends texts to scripts and compares what they answer.
func TestDispatch(t *testing.T) {
	t.Parallel()
	type turn struct {
		from, say string
		want      []string
	}
	tests := []struct {
		name, script string
		turns        []turn
	}{
		{"both call forms", `
			bot.on_message(function(m) m:reply("a:" .. m.text) end)
			bot.on_message{content_type="text"}(function(m) m:reply("b") end)`,
			[]turn{{"@4", "hi", []string{"a:hi", "b"}}}},
		{"and across keys, or within one", `
			bot.on_message({text={"x","y"}, chat_type="direct"}, function(m) m:reply("yes") end)`,
			[]turn{{"@4", "x", []string{"yes"}}, {"@4", "y", []string{"yes"}}, {"@4", "z", nil}, {"#2/7/member", "x", nil}}},
		{"regular expression and pattern", `
			bot.on_message({text=bot.re"^\\d+$"}, function(m) m:reply("number") end)
			bot.on_message({pattern="^h.l"}, function(m) m:reply("pattern") end)`,
			[]turn{{"@4", "12", []string{"number"}}, {"@4", "hello", []string{"pattern"}}, {"@4", "x12", nil}}},
		{"when", `bot.on_message({when=function(m) return #m.text > 2 end}, function(m) m:reply("long") end)`,
			[]turn{{"@4", "abc", []string{"long"}}, {"@4", "ab", nil}}},
		{"roles", `
			bot.on_message({min_role="moderator"}, function(m) m:reply("min") end)
			bot.on_message({from_role={"member","admin"}}, function(m) m:reply("role") end)`,
			[]turn{{"#2/7/member", "x", []string{"role"}}, {"#2/7/admin", "x", []string{"min", "role"}}, {"#2/7/owner", "x", []string{"min"}}, {"@4", "x", nil}}},
		{"ids", `
			bot.on_message({from_contact_id=4}, function(m) m:reply("contact") end)
			bot.on_message({group_id={2,3}, from_member_id=7}, function(m) m:reply("member") end)`,
			[]turn{{"@4", "x", []string{"contact"}}, {"@5", "x", nil}, {"#2/7/member", "x", []string{"member"}}, {"#2/8/member", "x", nil}}},
		{"commands come before messages", `
			bot.on_message(function(m) m:reply("message") end)
			bot.on_message({commands=true}, function(m) m:reply("also") end)
			bot.on_command({"echo","say"}, function(m, c) m:reply(c.keyword .. "|" .. c.args .. "|" .. #c.argv) end)`,
			[]turn{{"@4", "/Say a b", []string{"say|a b|2", "also"}}, {"@4", "/other", []string{"message", "also"}}, {"@4", "1/2", []string{"message", "also"}}}},
		{"args filter", `
			bot.on_command("set", {args="on"}, function(m) m:reply("on") end)
			bot.on_command("set", {args=bot.re"^\\d+$"}, function(m) m:reply("number") end)`,
			[]turn{{"@4", "/set on", []string{"on"}}, {"@4", "/set 5", []string{"number"}}, {"@4", "/set x", nil}}},
		{"fallback", `
			bot.on_message({text="a"}, function(m) m:reply("a") end)
			bot.on_message({fallback=true}, function(m) m:reply("what?") end)`,
			[]turn{{"@4", "a", []string{"a"}}, {"@4", "b", []string{"what?"}}}},
		{"stop ends the chain", `
			bot.on_message(function(m) m:reply("1") return bot.STOP end)
			bot.on_message(function(m) m:reply("2") end)`,
			[]turn{{"@4", "x", []string{"1"}}}},
		{"dispatch first", `
			bot.configure{dispatch="first"}
			bot.on_message(function(m) m:reply("1") end)
			bot.on_message(function(m) m:reply("2") end)`,
			[]turn{{"@4", "x", []string{"1"}}}},
		{"dispatch all", `
			bot.configure{dispatch="all"}
			bot.on_command("x", function(m) m:reply("c") end)
			bot.on_message(function(m) m:reply("m") end)`,
			[]turn{{"@4", "/x", []string{"c", "m"}}}},
		{"handle can be removed", `
			local h; h = bot.on_message(function(m) m:reply("once") h:remove() end)`,
			[]turn{{"@4", "x", []string{"once"}}, {"@4", "x", nil}}},
		{"an error does not end the chain", `
			bot.on_message(function() error("no") end)
			bot.on_message(function(m) m:reply("2") end)`,
			[]turn{{"@4", "x", []string{"2"}}}},
		{"middleware, outermost first, with data", `
			bot.use(function(h, m, d) d.s = "a"; h(m, d); m:reply("after " .. d.s) end)
			bot.use(function(h, m, d) d.s = d.s .. "b"; h(m) end)
			bot.on_message(function(m, d) m:reply(d.s); d.s = "c" end)
			bot.on_command("x", function(m, c, d) m:reply(c.args .. d.s) end)`,
			[]turn{{"@4", "t", []string{"ab", "after c"}}, {"@4", "/x 1", []string{"1ab", "after ab"}}}},
		{"errors travel through middleware, which may swallow them", `
			bot.use(function(h, m, d) local ok, e = pcall(h, m, d); if not ok then m:reply("caught " .. tostring(e):match("boom")) end end)
			bot.on_message(function() error("boom") end)`,
			[]turn{{"@4", "x", []string{"caught boom"}}}},
		{"middleware may hold a message back", `
			bot.use(function() end)
			bot.on_message(function(m) m:reply("never") end)`,
			[]turn{{"@4", "x", nil}}},
		{"stop through middleware", `
			bot.use(function(h, m, d) h(m, d) end)
			bot.on_message(function(m) m:reply("1") return bot.STOP end)
			bot.on_message(function(m) m:reply("2") end)`,
			[]turn{{"@4", "x", []string{"1"}}}},
		{"ask in the same chat and by the same person", `
			bot.on_command("form", function(m)
				local a = m:ask("name?")
				local b = m:ask("age?")
				m:reply(a.text .. " is " .. b.text)
			end)
			bot.on_message(function(m) m:reply("other " .. m.text) end)`,
			[]turn{
				{"@4", "/form", []string{"name?"}}, {"@5", "hi", []string{"other hi"}}, {"@4", "Ann", []string{"age?"}},
				{"@4", "7", []string{"Ann is 7"}}, {"@4", "bye", []string{"other bye"}},
				{"#2/7/member", "/form", []string{"name?"}}, {"#2/8/member", "me", []string{"other me"}}, {"#2/7/member", "Bob", []string{"age?"}},
			}},
		{"a registered command is no answer", `
			bot.on_command("help", function(m) m:reply("help!") end)
			bot.on_command("form", function(m) m:reply("got " .. m:ask("?").text) end)`,
			[]turn{{"@4", "/form", []string{"?"}}, {"@4", "/help", []string{"help!"}}, {"@4", "x", []string{"got x"}}}},
		{"ask inside pcall, a coroutine, sort and gsub", `
			bot.on_command("form", function(m)
				local ok, a = pcall(function() return m:ask("1").text end)
				local b = coroutine.wrap(function() return m:ask("2").text end)()
				local c = ("x"):gsub("x", function() return m:ask("3").text end)
				local t = {2, 1}
				table.sort(t, function(x, y) m:ask("4"); return x < y end)
				m:reply(a .. b .. c .. t[1])
			end)`,
			[]turn{{"@4", "/form", []string{"1"}}, {"@4", "a", []string{"2"}}, {"@4", "b", []string{"3"}}, {"@4", "c", []string{"4"}}, {"@4", "d", []string{"abc1"}}}},
		{"events by tag", `
			bot.on_event("newChatItems", function(e) bot.send("@9", e.chatItems[1].chatItem.content.msgContent.text) end)
			bot.on_event({"newChatItems","x"}, function(e) bot.send("@9", "again") end)`,
			[]turn{{"@4", "x", []string{"x", "again"}}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := start(t, tt.script)
			for _, turn := range tt.turns {
				if got := b.say(turn.from, turn.say); !slices.Equal(got, turn.want) {
					t.Fatalf("%s says %q: got %q, want %q\n%s", turn.from, turn.say, got, turn.want, b.logs)
				}
			}
		})
	}
}

// done is called once, when the last handler of an event has ended, also one
// that asked meanwhile.
func TestDispatchDone(t *testing.T) {
	t.Parallel()
	b := start(t, `
		bot.on_message({text="ask"}, function(m) m:ask("?") end)
		bot.on_message({text="fail"}, function(m) error("no") end)`)
	count := 0
	b.Dispatch(textEvent("@4", 1, "fail"), func() { count++ })
	b.Dispatch(textEvent("@4", 2, "unmatched"), func() { count++ })
	if count != 2 {
		t.Fatalf("done was called %d times, want 2", count)
	}
	asked, answered := make(chan int, 2), make(chan int, 2)
	b.Dispatch(textEvent("@4", 3, "ask"), func() { asked <- 1 })
	if len(asked) != 0 {
		t.Fatal("done was called while the handler still asks")
	}
	if !b.Offer(textEvent("@4", 4, "answer"), func() { answered <- 1 }) {
		t.Fatal("the answer was not taken")
	}
	<-asked
	<-answered
	if b.Offer(textEvent("@4", 5, "more"), nil) {
		t.Error("an event was taken that nobody waits for")
	}
}

func TestMessageMethods(t *testing.T) {
	t.Parallel()
	b := start(t, `
		bot.on_message(function(m)
			local mine = m:reply("r", {quote=false, ttl=60})
			m:reply_content({type="text", text="c"})
			m:react("👍")
			m:unreact("👍")
			m:delete()
			mine:edit("e")
			mine:delete()
			m:forward("@9")
		end)
		bot.on_message({chat_type="group"}, function(m) m:moderate() end)`)
	b.Dispatch(textEvent("#2/7/member", 5, "x"), nil)
	want := []string{
		`/_send #2 ttl=60 json [{"msgContent":{"type":"text","text":"r"},"mentions":{}}]`,
		`/_send #2 json [{"quotedItemId":5,"msgContent":{"text":"c","type":"text"},"mentions":{}}]`,
		`/_reaction #2 5 on {"type":"emoji","emoji":"👍"}`,
		`/_reaction #2 5 off {"type":"emoji","emoji":"👍"}`,
		`/_delete item #2 5 internal`,
		`/_update item #2 1001 json {"msgContent":{"type":"text","text":"e"},"mentions":{}}`,
		`/_delete item #2 1001 broadcast`,
		`/_forward @9 #2 5`,
		`/_delete member item #2 5`,
	}
	if got := b.core.sent(); !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"), b.logs)
	}
}

func TestMessageFields(t *testing.T) {
	t.Parallel()
	b := start(t, `
		bot.on_message(function(m)
			assert(m.text == "hi" and m.content.text == "hi" and m.content_type == "text")
			assert(m.chat_type == "group" and m.chat.ref == "#2" and m.chat.id == 2 and m.chat.name == "team")
			assert(m.scope == nil and m.contact_id == nil and m.group_id == 2 and m.member_id == 7)
			assert(m.sender.name == "bob" and m.sender.local_name == "bob_1" and m.sender.role == "admin" and m.sender.member_id == 7)
			assert(m.as_group == false and m.item_id == 5 and m.sent_at == "2026-01-01T00:00:00Z")
			assert(m.quoted == nil and next(m.mentions) == nil and m.file == nil)
			assert(m.redelivered == false and m.attempt == 1)
			assert(m.chat_item.meta.itemId == 5 and m.chat_info.type == "group")
			assert(tostring(m) == "message 5 of #2")
			local ok, e = pcall(function() return m.txet end)
			assert(not ok and e.message:find("did you mean text?", 1, true), tostring(e))
			ok, e = pcall(function() m.text = "x" end)
			assert(not ok and e.type == "argument")
			ok, e = pcall(m.reply, "x")
			assert(not ok and e.message:find("write msg:reply(…) with a colon", 1, true))
			m:reply("ok")
		end)`)
	b.id = 4
	if got := b.say("#2/7/admin", "hi"); !slices.Equal(got, []string{"ok"}) {
		t.Errorf("got %q\n%s", got, b.logs)
	}
}

// TestHostileContents: whatever stands in a message of a stranger, scripts see it,
// and a filter in on_raw is asked about it and can replace it.
func TestHostileContents(t *testing.T) {
	t.Parallel()
	deep := func(n int) string { return strings.Repeat("[", n) + strings.Repeat("]", n) }
	for name, value := range map[string]string{
		"a number out of range": "1e400", "one below": "[-1e400]", "deep": deep(180), "deeper": deep(250), "very deep": deep(3000), "deep and full": strings.Repeat(`{"a":[`, 150) + "1e999" + strings.Repeat("]}", 150),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ev, err := chat.ParseEvent([]byte(`{"result":` + itemsJSON("@4", "directRcv", 7,
				`{"type":"rcvMsgContent","msgContent":{"type":"x.y","text":"hi","n":`+value+`}}`, "") + `}`))
			if err != nil {
				t.Fatal(err)
			}
			b := start(t, `
				bot.on_raw(function(event) event.seen = event.chatItems[1].chatItem.content.msgContent.text return event end)
				bot.on_event("newChatItems", function(event) bot.send("@9", "event " .. event.seen) end)
				bot.on_message(function(msg) bot.send("@9", msg.content.type .. " " .. msg.chat_item.meta.itemId) end)`)
			ev, keep := b.Raw(ev)
			if !keep {
				t.Fatal("it was dropped")
			}
			b.Dispatch(ev, nil)
			if got := strings.Join(b.core.texts(), ", "); got != "event hi, x.y 7" {
				t.Errorf("got %q\n%s", got, b.logs)
			}
		})
	}
}

// TestEventThatCannotBeRead is seen by its type, and told.
func TestEventThatCannotBeRead(t *testing.T) {
	t.Parallel()
	b := start(t, `bot.on_raw(function(event) if event.type == "bad" then return false end end)`)
	if _, keep := b.Raw(chat.Event{Type: "bad", Raw: []byte(`{"type":"bad",`)}); keep {
		t.Error("it was not dropped")
	}
	if log := b.logs.String(); !strings.Contains(log, "an event cannot be shown to the script") || !strings.Contains(log, "at byte 14") {
		t.Errorf("the log has %s", log)
	}
}

// The raw chain may change or drop an event, and one that fails changes nothing.
func TestRaw(t *testing.T) {
	t.Parallel()
	b := start(t, `
		bot.on_raw(function(e) if e.drop then return false end end)
		bot.on_raw(function(e) if e.change then return {type="changed", n=e.n + 1} end end)
		bot.on_raw(function(e) if e.fail then error("no") end end)
		bot.on_raw(function(e) if e.wait then sleep(1) end end)`)
	tests := []struct {
		in, want string
		keep     bool
	}{
		{`{"type":"a"}`, `{"type":"a"}`, true},
		{`{"type":"a","drop":true}`, ``, false},
		{`{"type":"a","change":true,"n":1}`, `{"n":2,"type":"changed"}`, true},
		{`{"type":"a","fail":true}`, `{"type":"a","fail":true}`, true},
		{`{"type":"a","wait":true}`, `{"type":"a","wait":true}`, true},
	}
	for _, tt := range tests {
		ev, keep := b.Raw(chat.Event{Type: "a", Raw: []byte(tt.in)})
		if keep != tt.keep || string(ev.Raw) != tt.want {
			t.Errorf("%s: got %s, %v", tt.in, ev.Raw, keep)
		}
	}
	if !strings.Contains(b.logs.String(), "on_raw may not wait") {
		t.Errorf("the log lacks the wait:\n%s", b.logs)
	}
}
