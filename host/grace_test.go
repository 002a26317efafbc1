package host

import (
	"testing"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/testkit"
)

// TestStopLetsHandlersBesideTheirLaneFinish: a handler that has given its lane up
// has the time of grace as others have; a task that never ends does not take it.
func TestStopLetsHandlersBesideTheirLaneFinish(t *testing.T) {
	t.Parallel()
	for name, waits := range map[string]string{
		"after wait_online": `bot.wait_online("1ms")`,
		"after an ask":      `msg:ask(nil, { timeout = "1ms" })`,
		"after a promise":   `require("promise").new():wait("1ms")`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			core := newFakeCore()
			b := launchLua(t, core, `
				bot.on_message(function(msg)
					`+waits+`
					bot.spawn(function() while true do sleep(1) end end)
					msg:reply("begins")
					sleep(1.3)
					msg:reply("ends")
				end)`, func(o *Options) { o.Grace = time.Minute })
			core.receive("@4", "x")
			testkit.Until(t, "the handler begins", func() bool { return b.said.has("begins") })
			if err := b.end(); err != nil {
				t.Error(err)
			}
			if !b.said.has("ends") || core.unread() != 0 {
				t.Errorf("got %q said and %d unread, want the handler to end", b.said.take(), core.unread())
			}
		})
	}
}
