package tests

import (
	"os"
	"strings"
	"syscall"
	"testing"
)

// TestSecondInterrupt ends the program at once, whatever its handlers do.
func TestSecondInterrupt(t *testing.T) {
	t.Parallel()
	b := newBot(t, squarer+`bot.on_message(function() log.info("waits for ever") sleep(36000) end)`, "CORE_ITEMS", "1")
	b.start("--grace", "1h")
	b.untilLogged("waits for ever", 1)
	b.signal(os.Interrupt)
	b.untilLogged(`"stopping"`, 1)
	b.signal(os.Interrupt)
	if code := b.wait(); code != 130 {
		t.Errorf("exit code: got %d, want 130\n%s", code, b.tail())
	}
	if c := b.counters(); c.Marked != 0 {
		t.Errorf("%d items are marked whose handlers had not ended", c.Marked)
	}
}

// TestTermInHandlers lets the handlers under way end and leaves the rest, unread,
// to the next start.
func TestTermInHandlers(t *testing.T) {
	t.Parallel()
	b := newBot(t, strings.Replace(squarer, "local n", `log.info("begins") sleep(0.3) local n`, 1), "CORE_ITEMS", "40", "CORE_CHATS", "4")
	b.start()
	b.untilLogged("begins", 4)
	b.signal(syscall.SIGTERM)
	if code := b.wait(); code != 0 {
		t.Errorf("exit code: got %d, want 0\n%s", code, b.tail())
	}
	c := b.counters()
	if begun := int64(strings.Count(b.logs(), "begins")); c.Answered != begun || c.Marked != begun || c.Stops != 1 || c.Closes != 1 {
		t.Errorf("%d handlers had begun, /_stop %d, closed %d; want their items answered and marked: %v", begun, c.Stops, c.Closes, c)
	}
	b.save(squarer)
	b.start()
	b.until("all are answered and marked", stubCounters.done)
	b.stop()
	b.checkOnce()
}

// TestGrace cuts handlers that do not end when the bot stops.
func TestGrace(t *testing.T) {
	t.Parallel()
	for name, handler := range map[string]string{
		"waits":   "sleep(36000)",
		"counts":  "while true do end",
		"catches": "while true do pcall(function() while true do end end) end",
		"asks":    `msg:ask("and?", { timeout = 36000 })`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBot(t, squarer+`bot.on_message({ text = "5" }, function(msg) log.info("never ends") `+handler+` end)`, "CORE_ITEMS", "30", "CORE_CHATS", "30")
			b.start("--grace", "50ms")
			b.untilLogged("never ends", 1)
			b.stop() // 0, /_stop and closed
			b.save(squarer)
			b.start()
			b.until("all are marked", func(c stubCounters) bool { return c.Marked == c.Capacity })
			b.stop()
			// What was cut counts as handled, as everything that ends.
			for n, it := range b.items() {
				if it.Answers != 1 {
					t.Errorf("item %d: %d answers, want 1", n, it.Answers)
				}
			}
		})
	}
}

// TestBotStop ends the program from inside a handler.
func TestBotStop(t *testing.T) {
	t.Parallel()
	b := newBot(t, squarer+`
		bot.on_message({ text = "7" }, function() bot.stop("seven") end)
		bot.on_stop(function(reason) log.info("on_stop " .. reason) end)`, "CORE_ITEMS", "100", "CORE_CHATS", "10", "CORE_RATE", "500")
	b.start()
	if code := b.wait(); code != 0 {
		t.Errorf("exit code: got %d, want 0\n%s", code, b.tail())
	}
	if c := b.counters(); c.Stops != 1 || c.Closes != 1 || !strings.Contains(b.logs(), "on_stop stop") {
		t.Errorf("/_stop %d, closed %d; want once each, and on_stop\n%s", c.Stops, c.Closes, b.tail())
	}
	if it := b.items()[7]; it.Answers != 1 || it.Read != 1 {
		t.Errorf("the item that stopped the bot: %+v, want it answered and marked", it)
	}
	b.save(squarer)
	b.start()
	b.until("all are answered and marked", stubCounters.done)
	b.stop()
	b.checkOnce()
}

// TestTwoProcesses keeps a second process away from a database in use.
func TestTwoProcesses(t *testing.T) {
	t.Parallel()
	b := newBot(t, squarer, "CORE_ITEMS", "500", "CORE_RATE", "1000")
	b.start()
	b.until("the first has begun", func(c stubCounters) bool { return c.Answered > 0 })
	first := *b
	b.start()
	if code := b.wait(); code != 12 {
		t.Errorf("exit code of the second: got %d, want 12\n%s", code, b.tail())
	}
	for _, want := range []string{"is in use", "Stop the bot that has it open"} {
		if !strings.Contains(b.logs(), want) {
			t.Errorf("the second says nothing of %q:\n%s", want, b.tail())
		}
	}
	*b = first
	b.until("all are answered and marked", stubCounters.done)
	b.stop()
	b.checkOnce()
	if c := b.counters(); c.Runs != 1 {
		t.Errorf("the database was opened %d times, want once", c.Runs)
	}
}
