package host

import (
	"strings"
	"testing"

	"github.com/simplex-lua/simplex-lua/internal/testkit"
)

// TestAskInAFullLane: an answer that had to be kept in the database until its
// turn is read back and gets to who asked.
func TestAskInAFullLane(t *testing.T) {
	t.Parallel()
	core := newFakeCore()
	letGo := make(chan struct{})
	core.override = func(cmd string) string {
		if strings.HasPrefix(cmd, "/_send @9") {
			<-letGo
		}
		return ""
	}
	b := launchLua(t, core, `
		bot.on_command("ask", function(msg)
			local answer = msg:ask("well?", { filter = { text = "yes" } })
			msg:reply("got " .. answer.text)
		end)
		bot.on_message({ text = "hold" }, function() bot.send("@9", "held") end)
		bot.on_message({ text = "other" }, function(msg) msg:reply("other") end)`, nil)
	core.receive("@4", "/ask")
	testkit.Until(t, "the bot asks", func() bool { return b.said.has("well?") })
	core.receive("@4", "hold")
	const others = 300 // a lane keeps 256 in memory
	for range others {
		core.receive("@4", "other")
	}
	core.receive("@4", "yes")
	testkit.Until(t, "all events are settled", func() bool { return b.receiver.settled.Load() == core.made() })
	if s, _ := b.Status(); s.Spilled == 0 {
		t.Error("the lane was not full")
	}
	close(letGo)
	testkit.Until(t, "the asker has the answer", func() bool { return b.said.has("got yes") })
	if err := b.Idle(t.Context(), core.made); err != nil {
		t.Fatal(err)
	}
	if n := b.said.count("other"); n != others {
		t.Errorf("got %d other messages handled, want %d", n, others)
	}
	if err := b.end(); err != nil || core.unread() != 0 {
		t.Errorf("after: %v and %d unread", err, core.unread())
	}
}

// TestQuestionsInAGroup: while one member answers three questions, others talk
// with the bot.
func TestQuestionsInAGroup(t *testing.T) {
	t.Parallel()
	core := newFakeCore()
	b := launchLua(t, core, `
		bot.on_command("form", function(msg)
			local answers = {}
			for n = 1, 3 do answers[n] = msg:ask("question " .. n).text end
			msg:reply("thanks for " .. table.concat(answers, " "))
		end)
		bot.on_command("help", function(msg) msg:reply("helped " .. msg.member_id) end)
		bot.on_message(function(msg) msg:reply(msg.member_id .. " says " .. msg.text) end)`, nil)
	for _, turn := range []struct {
		member     int64
		text, want string
	}{
		{1, "/form", "question 1"},
		{2, "/help", "helped 2"},
		{1, "a", "question 2"},
		{2, "hello", "2 says hello"},
		{1, "/help", "helped 1"}, // is no answer
		{1, "b", "question 3"},
		{3, "/help", "helped 3"},
		{1, "c", "thanks for a b c"},
		{1, "d", "1 says d"},
	} {
		it := core.store("#5", turn.text)
		it.member = turn.member
		core.emit(it.event())
		testkit.Until(t, turn.want, func() bool { return b.said.has(turn.want) })
	}
	if err := b.end(); err != nil || core.unread() != 0 {
		t.Errorf("after: %v and %d unread", err, core.unread())
	}
}
