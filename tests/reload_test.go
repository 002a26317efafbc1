package tests

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestReloadInAFlood edits the script, well and badly, while messages pour in.
// No message is lost, none is answered by two generations. There are three edits
// at least, of which the last come after the flood where a machine is slow.
func TestReloadInAFlood(t *testing.T) {
	t.Parallel()
	b := newBot(t, squarer, "CORE_ITEMS", "8000", "CORE_KIND", "mixed", "CORE_RATE", "4000")
	b.start()
	b.untilStarted()
	edits, broken := 0, 0
	for c := b.counters(); c.Answered < c.Capacity || edits < 3; c = b.counters() {
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
}

// TestReloadKeepsHandlers lets the handlers of an older generation end, and gives
// what comes later to the new one.
func TestReloadKeepsHandlers(t *testing.T) {
	t.Parallel()
	slow := `local fs = require "fs"` + strings.Replace(squarer, "local n",
		`log.info("begins") while not fs.exists("go") do sleep(0.02) end local n`, 1)
	b := newBot(t, slow, "CORE_ITEMS", "60", "CORE_CHATS", "20")
	b.start()
	b.untilLogged("begins", 20)
	b.save(strings.Replace(squarer, "local n", `log.info("new one") local n`, 1))
	b.untilLogged("the script was reloaded", 1)
	if err := os.WriteFile(filepath.Join(b.data, "files", "go"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	b.until("all are answered and marked", stubCounters.done)
	b.stop()
	b.checkOnce()
	old, now := strings.Count(b.logs(), "begins"), strings.Count(b.logs(), "new one")
	if old != 20 || now != 40 {
		t.Errorf("the old generation handled %d and the new one %d of 60, want 20 and 40", old, now)
	}
}
