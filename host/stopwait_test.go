package host

import (
	"context"
	"fmt"
	"testing"
	"time"
)

// TestStopWaitsForWhatStillComes: handlers that wait for something other than a
// message have the time of grace, and get it.
func TestStopWaitsForWhatStillComes(t *testing.T) {
	t.Parallel()
	const sent = `{"result":{"type":"chatItemsStatusesUpdated","user":{"userId":1},"chatItems":[{"chatInfo":%s,"chatItem":{` +
		`"chatDir":{"type":"directSnd"},"meta":{"itemId":100001,"itemStatus":{"type":"sndSent","sndProgress":"complete"}},"content":{"type":"sndMsgContent"}}}]}}`
	for name, tt := range map[string]struct{ waits, event string }{
		"an event":          {`bot.wait_for("somethingNew")`, `{"result":{"type":"somethingNew","user":{"userId":1}}}`},
		"a delivery":        {`msg:reply("a"):wait("sent")`, fmt.Sprintf(sent, chatInfo("@4"))},
		"another's promise": {`p:wait()`, `{"result":{"type":"somethingNew","user":{"userId":1}}}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			core := newFakeCore()
			b := launchLua(t, core, `
				local p = require("promise").new()
				bot.on_event("somethingNew", function() p:resolve(1) end)
				bot.on_message(function(msg) `+tt.waits+` msg:reply("ends") end)`, func(o *Options) { o.Grace = time.Minute })
			core.receive("@4", "x")
			b.untilAtRest()
			b.Stop("test")
			b.until("no more messages are taken", func() bool { return !b.dispatcher.takes() })
			if core.emit(tt.event); <-b.done != nil || !b.said.has("ends") || core.unread() != 0 {
				t.Errorf("got %q said and %d unread, want the handler to end", b.said.take(), core.unread())
			}
		})
	}
}

// TestStopLeavesQuestionsUnread: a message whose handler waits for somebody is not
// done when the bot stops. After the next start the handler begins anew.
func TestStopLeavesQuestionsUnread(t *testing.T) {
	t.Parallel()
	core := newFakeCore()
	o := testOptions(t, core)
	ranBefore(t, core, o)
	folder := func(to *Options) { to.Data, to.Grace = o.Data, time.Hour }
	const script = `bot.on_command("form", function(msg)
		local answer = msg:ask("name? " .. tostring(msg.redelivered))
		msg:reply(answer.text .. " " .. msg.attempt)
	end)`
	b := launchLua(t, core, script, folder)
	core.receive("@4", "/form")
	b.untilAtRest()
	if err := b.end(); err != nil || core.unread() != 1 || !b.said.has("name? false") {
		t.Fatalf("after the stop: %v, %d unread, said %q; want the question's message unread", err, core.unread(), b.said.take())
	}
	core = reopened(core)
	core.store("@4", "Ann") // while the bot is off
	b = launchLua(t, core, script, folder)
	b.until("the dialog goes on", func() bool { return b.said.has("Ann 1") })
	if err := b.end(); err != nil || core.unread() != 0 || !b.said.has("name? true") {
		t.Errorf("after the second stop: %v, %d unread, said %q", err, core.unread(), b.said.take())
	}
}

// TestStopWhileOldGenerationAsks: so it is with questions of an older version.
func TestStopWhileOldGenerationAsks(t *testing.T) {
	t.Parallel()
	core := newFakeCore()
	b := launchLua(t, core, version("one", "1h"), func(o *Options) { o.Grace = time.Hour })
	core.receive("@4", "/ask")
	b.untilAtRest()
	b.reload(version("two", "1h"))
	if err := b.end(); err != nil || core.unread() != 1 {
		t.Errorf("got %v and %d unread, want the question's message unread", err, core.unread())
	}
}

// untilAtRest waits until the messages so far are taken and their handlers wait.
func (b *luaBot) untilAtRest() {
	b.t.Helper()
	b.until("a handler waits", func() bool {
		return b.Pending().Waiting > 0 && b.Idle(over, b.core.made) == nil
	})
}

func (b *luaBot) until(what string, holds func() bool) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.t.Context(), 30*time.Second)
	defer cancel()
	if poll(ctx, holds) != nil {
		b.t.Fatal("never happened: ", what)
	}
}

// takes tells that messages are taken.
func (d *Dispatcher) takes() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return !d.stopping
}
