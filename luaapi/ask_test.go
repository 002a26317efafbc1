package luaapi

import (
	"strings"
	"testing"
)

// TestAskAnItemOfAnEvent: who wrote the item that bot.message was made of can be
// asked like the writer of any message.
func TestAskAnItemOfAnEvent(t *testing.T) {
	t.Parallel()
	b := startOnClock(t, `
		bot.on_event("newChatItems", function(event)
			local msg = bot.message(event.chatItems[1])
			if msg.text ~= "go" then return end
			local answer = msg:ask("Well?")
			bot.send("@9", answer and answer.text or "none")
		end)`)
	b.want(t, "question", b.hear(t, "@4", "go"), "Well?")
	b.want(t, "somebody else", b.hear(t, "@5", "no"), "")
	b.want(t, "answer", b.hear(t, "@4", "yes"), "yes")
}

// TestWaitForLeavesCommands: a registered command goes to its handlers, unless
// the filter of wait_for wants it.
func TestWaitForLeavesCommands(t *testing.T) {
	t.Parallel()
	b := startOnClock(t, `
		bot.on_command("stop", function(msg) msg:reply("stopped") end)
		bot.on_message({ text = { "wait", "wait for commands" } }, function(msg)
			local event = bot.wait_for("newChatItems", { from_contact_id = 4, commands = msg.text ~= "wait" })
			bot.send("@9", "got " .. bot.message(event.chatItems[1]).text)
		end)`)
	b.hear(t, "@5", "wait")
	b.want(t, "a command", b.hear(t, "@4", "/stop"), "stopped")
	b.want(t, "a command of nobody", b.hear(t, "@4", "/other"), "got /other")
	b.hear(t, "@5", "wait for commands")
	b.want(t, "a command that is wanted", b.hear(t, "@4", "/stop"), "got /stop")
}

// TestFiltersOfWaits refuse what would have no effect there.
func TestFiltersOfWaits(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ call, want string }{
		{`bot.wait_for("newChatItems", { fallback = true })`, "wait_for.fallback: only handlers take it"},
		{`bot.wait_for("newChatItems", { args = "x" })`, "wait_for.args: only on_command takes it"},
		{`msg:ask("x", { filter = { args = "x" } })`, "ask.filter.args: only on_command takes it"},
		{`msg:ask("x", { filter = { fallback = true } })`, "ask.filter.fallback: only handlers take it"},
		{`msg:ask("x", { filter = { txet = "x" } })`, `ask.filter: unknown option "txet"`},
		{`msg:ask("x", { filter = "x" })`, "ask.filter: want a table"},
		{`bot.send_and_wait(4, "x", { filter = { args = "x" } })`, "send_and_wait.filter.args: only on_command takes it"},
	} {
		t.Run(tt.call, func(t *testing.T) {
			t.Parallel()
			b := startOnClock(t, `bot.on_error(function(e) bot.send("@9", e.message) end)
				bot.on_message(function(msg) `+tt.call+` end)`)
			if got := b.hear(t, "@4", "go"); !strings.HasPrefix(got, tt.want) {
				t.Errorf("got %q, want %s", got, tt.want)
			}
		})
	}
}
