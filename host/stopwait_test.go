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
			b.until("no more messages are taken", func() bool { return b.dispatcher.Stats().Stopped })
			if core.emit(tt.event); <-b.done != nil || !b.said.has("ends") || core.unread() != 0 {
				t.Errorf("got %q said and %d unread, want the handler to end", b.said.take(), core.unread())
			}
		})
	}
}

// TestStopCutsQuestions: who waits for a message is cut, for none is taken any
// more, also in an older version. Handled is handled.
func TestStopCutsQuestions(t *testing.T) {
	t.Parallel()
	for _, reload := range []bool{false, true} {
		core := newFakeCore()
		b := launchLua(t, core, version("one", "1h"), func(o *Options) { o.Grace = time.Hour })
		core.receive("@4", "/ask")
		b.untilAtRest()
		if reload {
			b.reload(version("two", "1h"))
		}
		if err := b.end(); err != nil || core.unread() != 0 {
			t.Errorf("reload %t: got %v and %d unread, want none", reload, err, core.unread())
		}
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
