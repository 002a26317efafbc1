package luaapi

import (
	"strings"
	"sync/atomic"
	"testing"
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
	eventually(t, "the first began", func() bool { return strings.Contains(b.logs.String(), "begun") })
	go dispatch("@5", 1)
	eventually(t, "the second waits", func() bool { return b.Busy() == 2 })
	b.Close()
	<-ended
	<-ended
	if !done[0].Load() || done[1].Load() {
		t.Errorf("done: got %t for the one under way and %t for the one that waited; want true and false", done[0].Load(), done[1].Load())
	}
}
