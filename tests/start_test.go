package tests

import "testing"

// TestFloodAtTheStart floods the bot while it looks for what the last process
// left behind. What comes then is no part of it and is never too many.
func TestFloodAtTheStart(t *testing.T) {
	t.Parallel()
	b := newBot(t, squarer, "CORE_ITEMS", "6000", "CORE_AHEAD", "300", "CORE_DIE_TAKEN", "400")
	b.start()
	if code := b.wait(); code != killed {
		t.Fatalf("exit code: got %d, want SIGKILL\n%s", code, b.tail())
	}
	b.set("CORE_AHEAD", "", "CORE_DIE_TAKEN", "")
	b.start()
	b.until("all are answered and marked", stubCounters.done)
	b.stop()
	b.checkSound()
}
