package luaapi

import (
	"strings"
	"sync/atomic"
	"testing"

	"github.com/simplex-lua/simplex-lua/internal/testkit"
)

// TestClosedBeforeItBegan: an event whose handlers were cut while another one
// held the lock is not done; one whose handler was cut under way is.
func TestClosedBeforeItBegan(t *testing.T) {
	t.Parallel()
	b := start(t, `
		bot.configure{ cpu_limit = "1m" }
		bot.on_message(function(msg) log.info("begun") while true do end end)`)
	var done [2]atomic.Bool
	ended := make(chan struct{}, 2)
	dispatch := func(ref string, n int) {
		b.Dispatch(textEvent(ref, int64(n+1), "x"), func() { done[n].Store(true) })
		ended <- struct{}{}
	}
	go dispatch("@4", 0)
	testkit.Until(t, "the first began", func() bool { return strings.Contains(b.logs.String(), "begun") })
	go dispatch("@5", 1)
	testkit.Until(t, "the second waits", func() bool { return b.Busy() == 2 })
	b.Close()
	<-ended
	<-ended
	if !done[0].Load() || done[1].Load() {
		t.Errorf("done: got %t for the one under way and %t for the one that waited; want true and false", done[0].Load(), done[1].Load())
	}
}

// TestClosedBeforeItsFilter: where the runtime is closed before a filter in Lua
// could tell whether a handler wants a message, the message is not done, and no
// other handler begins.
func TestClosedBeforeItsFilter(t *testing.T) {
	t.Parallel()
	for name, filter := range map[string]string{
		"when":           `when = function() return false end`,
		"pattern":        `pattern = "^y"`,
		"cut under way":  `text = "x", when = function() log.info("deciding") while true do end end`,
		"and a fallback": `text = "x", when = function() return true end }, function() end) bot.on_message({ fallback = true`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := start(t, `
				bot.configure{ cpu_limit = "1m" }
				bot.on_message({ text = "hold" }, function() log.info("begun") while true do end end)
				bot.on_message({ `+filter+` }, function() log.info("handled") end)
			`)
			waits := "deciding"
			if name != "cut under way" {
				waits = "begun"
				go b.Dispatch(textEvent("@4", 1, "hold"), nil)
				testkit.Until(t, "the lock is held", func() bool { return strings.Contains(b.logs.String(), waits) })
			}
			var done atomic.Bool
			ended := make(chan struct{})
			go func() {
				defer close(ended)
				b.Dispatch(textEvent("@5", 2, "x"), func() { done.Store(true) })
			}()
			testkit.Until(t, "the filter waits", func() bool { return b.Busy() == 2 || strings.Contains(b.logs.String(), "deciding") })
			b.Close()
			<-ended
			if done.Load() || strings.Contains(b.logs.String(), "msg=handled") {
				t.Errorf("done: got %t, want a message that is found again; log %s", done.Load(), b.logs)
			}
		})
	}
}
