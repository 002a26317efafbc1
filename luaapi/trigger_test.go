package luaapi

import (
	"strings"
	"testing"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/chat"
)

func TestTrigger(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, script, want string
	}{
		{"a handler", `bot.on_event("order", function(e) bot.send("@4", e.type .. e.n) end)
			bot.on_message(function() bot.trigger("order", { n = 1 }) bot.trigger("order", { n = 2 }) end)`, "order1 order2"},
		{"nothing in it", `bot.on_event("order", function(e) bot.send("@4", e.type) end)
			bot.on_message(function() bot.trigger("order") end)`, "order"},
		{"who waits comes first", `bot.on_event("order", function(e) bot.send("@4", "handler") end)
			bot.on_message(function()
				bot.spawn(function() bot.send("@4", "waiter " .. bot.wait_for("order", function(e) return e.n == 2 end).n) end)
				bot.after(1, function() bot.trigger("order", { n = 1 }) bot.trigger("order", { n = 2 }) end)
			end)`, "handler waiter 2"},
		{"the caller does not wait", `bot.on_event("slow", function(e) sleep(60) bot.send("@4", "late") end)
			bot.on_message(function() bot.trigger("slow") bot.send("@4", "at once") end)`, "at once late"},
		{"all listeners", `bot.on_event("*", function(e) if e.type == "order" then bot.send("@4", "any") end end)
			bot.on_message(function() bot.trigger("order") end)`, "any"},
		{"from a handler of its own", `bot.on_event("count", function(e) bot.send("@4", e.n) if e.n > 0 then bot.trigger("count", { n = e.n - 1 }) end end)
			bot.on_message(function() bot.trigger("count", { n = 2 }) end)`, "2 1 0"},
		{"a filter for messages", `bot.on_message(function(msg)
				if msg.text ~= "go" then return end
				bot.after(1, function() bot.trigger("newChatItems", { chatItems = {} }) end)
				bot.send("@4", tostring(bot.wait_for("newChatItems", { text = "stop" }, "1m")))
			end)`, "nil"},
		{"mistakes", `bot.on_message(function()
			for _, bad in ipairs { { 1 }, { "" }, { "*" }, { "x", 1 }, { "x", { 1 } }, { "x", { f = print } } } do
				local ok, err = pcall(bot.trigger, unpack(bad))
				bot.send("@4", ok and "taken" or err.type)
			end
		end)`, "argument argument argument argument argument argument"},
		{"too many", `bot.on_event("more", function() sleep(3600) end)
			bot.on_message(function()
				local ok, err = pcall(function() for _ = 1, 1100 do bot.trigger("more") end end)
				bot.send("@4", ok and "taken" or err.type)
			end)`, "limit"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := startOnClock(t, tt.script)
			got := b.hear(t, "@4", "go")
			got = strings.TrimSpace(got + " " + b.wait(t, 2*time.Minute))
			if got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func event(t *testing.T, raw string) chat.Event {
	t.Helper()
	ev, err := chat.ParseEvent([]byte(`{"result":` + raw + `}`))
	if err != nil {
		t.Fatal(err)
	}
	return ev
}

func TestWaitOnline(t *testing.T) {
	t.Parallel()
	b := startOnClock(t, `
		bot.on_message({ text = "wait" }, function(msg) msg:reply(tostring(bot.wait_online("10m"))) end)
		bot.on_message({ text = "show" }, function(msg)
			local c = bot.connections()
			msg:reply(("%s %d %d %s %s"):format(tostring(c.online), c.connected, c.disconnected, tostring(c.servers[1] and c.servers[1].host), tostring(c.subscriptions.active)))
		end)`)
	now := Connections{Servers: []Connection{{Protocol: "smp", Host: "a"}}}
	b.Attach(Session{Core: b.core, UserID: 1, Connections: func() Connections { return now }})
	b.want(t, "offline", b.hear(t, "@4", "show"), "false 0 1 a nil")
	b.want(t, "waits", b.hear(t, "@4", "wait"), "")
	b.want(t, "in vain", b.wait(t, 10*time.Minute), "nil")
	b.want(t, "waits again", b.hear(t, "@4", "wait"), "")
	b.want(t, "others go on", b.hear(t, "@4", "show"), "false 0 1 a nil")
	b.Notice(event(t, `{"type":"hostConnected","protocol":"xftp","transportHost":"f"}`))
	b.rest(t)
	b.want(t, "a file server is no help", strings.Join(b.core.texts(), " "), "")
	now = Connections{Online: true, Servers: []Connection{{Protocol: "smp", Host: "a", Connected: true}}, Subscriptions: map[string]int{"active": 1}}
	b.Notice(event(t, `{"type":"hostConnected","protocol":"smp","transportHost":"a"}`))
	b.rest(t)
	b.want(t, "online", strings.Join(b.core.texts(), " "), "true")
	b.want(t, "at once", b.hear(t, "@4", "wait"), "true")
	b.want(t, "shown", b.hear(t, "@4", "show"), "true 1 0 a 1")
}

func TestWaitForAMessage(t *testing.T) {
	t.Parallel()
	b := startOnClock(t, `
		bot.on_message({ text = "go" }, function(msg)
			local e = bot.wait_for("newChatItems", { text = { "yes", "no" }, from_contact_id = 5 })
			bot.send("@4", "got " .. bot.message(e.chatItems[1]).text)
		end)
		bot.on_message(function(msg) bot.send("@4", "other " .. msg.text) end)`)
	b.want(t, "waits", b.hear(t, "@4", "go"), "other go")
	b.want(t, "another text", b.hear(t, "@5", "maybe"), "other maybe")
	b.want(t, "another person", b.hear(t, "@6", "yes"), "other yes")
	b.want(t, "the message", b.hear(t, "@5", "no"), "got no")
	if _, err := load(t, `bot.on_start(function() end) bot.wait_for("x", { txt = "a" })`); err == nil || !strings.Contains(err.Error(), "did you mean text?") {
		t.Errorf("got %v, want the mistake in the filter", err)
	}
}
