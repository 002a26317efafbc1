package tests

import (
	"os"
	"strings"
	"testing"
)

// TestEventFaults hands the program something wrong instead of its fifth event,
// or before it. The message behind an event that cannot be read is looked for at
// once, one that nothing told of is found at the next start.
func TestEventFaults(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		fault  string
		hidden bool // the event's message is not seen
		log    string
	}{
		{"garbage", false, "an event is lost"},
		{"null", false, "an event is lost"},
		{"NULL", true, "no event could be received"},
		{"error", false, "the core reports an error"},
		{"storm", false, "the core reports an error"},
		{"unknown", false, ""},
	} {
		t.Run(tt.fault, func(t *testing.T) {
			t.Parallel()
			b := newBot(t, squarer, "CORE_ITEMS", "400", "CORE_FAULTS", tt.fault+"@5")
			hidden := int64(0)
			if tt.hidden {
				hidden = 1
			}
			b.start()
			b.until("all but the fault are answered and marked", func(c stubCounters) bool {
				return c.Stored > 0 && c.Answered == c.Capacity-hidden && c.Marked == c.Capacity-hidden
			})
			b.stop()
			if it := b.items()[4]; tt.hidden && (it.Answers != 0 || it.Read != 0) {
				t.Errorf("the fault's message: %+v, want it unread", it)
			}
			if n := strings.Count(b.logs(), tt.log); n == 0 || tt.log != "" && n > 20 {
				t.Errorf("the log says %q %d times:\n%s", tt.log, n, b.tail())
			}
			b.set("CORE_FAULTS", "")
			b.start()
			b.until("all are answered and marked", stubCounters.done)
			b.stop()
			b.checkOnce()
		})
	}
}

// TestSendFaults gives a bad reply to the fifth message, or a late one.
func TestSendFaults(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		fault   string
		refused int64 // messages that the core did not take
		errors  int   // handlers that end with an error
		log     string
	}{
		{"sendgarbage", 0, 1, "is not readable"},
		{"sendNULL", 0, 1, "no result"},
		{"senderror", 1, 1, "largeMsg"},
		{"sendslow", 0, 0, ""},
	} {
		t.Run(tt.fault, func(t *testing.T) {
			t.Parallel()
			b := newBot(t, squarer+`bot.on_error(function(e) log.warn("on_error was called") end)`,
				"CORE_ITEMS", "400", "CORE_FAULTS", tt.fault+"@5")
			b.start()
			b.until("all are marked", func(c stubCounters) bool { return c.Stored > 0 && c.Marked == c.Capacity })
			b.stop()
			c := b.counters()
			if c.Answered != c.Capacity-tt.refused || c.Strays != 0 || c.Again != 0 || c.Sends != c.Answered {
				t.Errorf("want each message but %d answered once: %v", tt.refused, c)
			}
			if got := strings.Count(b.logs(), "on_error was called"); got != tt.errors {
				t.Errorf("on_error was called %d times, want %d\n%s", got, tt.errors, b.tail())
			}
			if !strings.Contains(b.logs(), tt.log) {
				t.Errorf("the log does not say %q:\n%s", tt.log, b.tail())
			}
		})
	}
}

// TestSendThatNeverReturns holds up its own chat and no other. The program ends
// in bounded time, without a closed store, and says so; the next one answers
// what was left.
func TestSendThatNeverReturns(t *testing.T) {
	t.Parallel()
	b := newBot(t, squarer, "CORE_ITEMS", "400", "CORE_CHATS", "10", "CORE_FAULTS", "sendhang@5")
	b.start("--grace", "50ms")
	b.until("all of nine chats are answered and marked", func(c stubCounters) bool { return c.Answered >= 360 && c.Marked >= 360 })
	b.signal(os.Interrupt)
	if code := b.wait(); code != 5 {
		t.Errorf("exit code: got %d, want 5\n%s", code, b.tail())
	}
	if !strings.Contains(b.logs(), "calls are still inside the core") {
		t.Errorf("the program does not say why:\n%s", b.tail())
	}
	b.set("CORE_FAULTS", "")
	b.start()
	b.until("all are answered and marked", stubCounters.done)
	b.stop()
	b.checkOnce()
}
