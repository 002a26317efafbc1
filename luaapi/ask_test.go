package luaapi

import (
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
