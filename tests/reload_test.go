package tests

import (
	"fmt"
	"strings"
	"testing"
)

// TestReloadInAFlood edits the script, well and badly, while messages pour in.
// No message is lost, none is answered by two generations.
func TestReloadInAFlood(t *testing.T) {
	t.Parallel()
	b := newBot(t, squarer, "CORE_ITEMS", "8000", "CORE_KIND", "mixed", "CORE_RATE", "4000")
	b.start()
	b.untilStarted()
	edits, broken := 0, 0
	for c := b.counters(); c.Answered < c.Capacity; c = b.counters() {
		edits++
		if edits%2 == 0 {
			broken++
			b.save(squarer + "local x = = 1")
			b.untilLogged("the script was not reloaded", broken)
			continue
		}
		b.save(fmt.Sprintf("-- edit %d\n", edits) + squarer)
		b.untilLogged("the script was reloaded", edits-broken)
	}
	b.until("all are answered and marked", stubCounters.done)
	b.stop()
	b.checkOnce()
	t.Logf("%d edits, of these %d broken", edits, broken)
	if edits-broken < 2 || broken < 1 {
		t.Errorf("%d edits, of these %d broken: too few to show anything\n%s", edits, broken, b.tail())
	}
}

// TestReloadKeepsHandlers lets the handlers of an older generation end, and gives
// what comes later to the new one.
func TestReloadKeepsHandlers(t *testing.T) {
	t.Parallel()
	slow := strings.Replace(squarer, "local n", `log.info("begins") sleep(0.5) local n`, 1)
	b := newBot(t, slow, "CORE_ITEMS", "60", "CORE_CHATS", "20")
	b.start()
	b.untilLogged("begins", 20)
	b.save(strings.Replace(squarer, "local n", `log.info("new one") local n`, 1))
	b.until("all are answered and marked", stubCounters.done)
	b.stop()
	b.checkOnce()
	old, now := strings.Count(b.logs(), "begins"), strings.Count(b.logs(), "new one")
	if old+now != 60 || old < 20 || now == 0 {
		t.Errorf("the old generation handled %d and the new one %d of 60", old, now)
	}
}
