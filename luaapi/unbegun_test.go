package luaapi

import (
	"strings"
	"testing"
	"time"
)

// TestDispatchTellsThatNothingBegan: whoever dispatches an event learns that it
// was cut before any handler began, so that others can have it.
func TestDispatchTellsThatNothingBegan(t *testing.T) {
	t.Parallel()
	b := start(t, `
		bot.configure{ cpu_limit = "1m" }
		bot.on_message(function(msg) log.info("begun") while true do end end)`)
	begun := [2]chan bool{make(chan bool, 1), make(chan bool, 1)}
	dispatch := func(ref string, n int) { begun[n] <- b.Dispatch(textEvent(ref, int64(n+1), "x"), nil) }
	until := func(holds func() bool) {
		t.Helper()
		for deadline := time.Now().Add(30 * time.Second); !holds(); time.Sleep(time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatal("it never happened")
			}
		}
	}
	go dispatch("@4", 0)
	until(func() bool { return strings.Contains(b.logs.String(), "begun") })
	go dispatch("@5", 1)
	until(func() bool { return b.Busy() == 2 })
	b.Close()
	if first, second := <-begun[0], <-begun[1]; !first || second {
		t.Errorf("begun: got %t for the one under way and %t for the one that waited; want true and false", first, second)
	}
}
