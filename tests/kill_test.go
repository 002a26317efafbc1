package tests

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"
)

// seed is E2E_SEED, or a new one; a test that uses it prints it.
func seed(t testing.TB) uint64 {
	t.Helper()
	n := uint64(time.Now().UnixNano())
	if text := os.Getenv("E2E_SEED"); text != "" {
		var err error
		if n, err = strconv.ParseUint(text, 10, 64); err != nil {
			t.Fatal("E2E_SEED:", err)
		}
	}
	t.Logf("E2E_SEED=%d runs it again", n)
	return n
}

// kills is E2E_KILLS, how often a test kills a bot, or few.
func kills(t testing.TB) int {
	t.Helper()
	text := os.Getenv("E2E_KILLS")
	if text == "" {
		return 12
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatal("E2E_KILLS:", err)
	}
	return n
}

// TestKills kills the program by SIGKILL at random moments, again and again:
// in its start, between taking an event and handling it, between sending an
// answer and hearing of it, before marks are sent. Whatever was received is
// answered and marked in the end; twice only what was in hand at a kill.
func TestKills(t *testing.T) {
	t.Parallel()
	inOrder := strings.Replace(squarer, "bot.configure {", `bot.configure { ordering = "global",`, 1)
	withReports := strings.Replace(squarer, `"text"`, `{ "text", "report" }`, 1)
	for _, tt := range []struct{ name, kind, script string }{
		{"direct", "direct", squarer},
		{"mixed", "mixed", squarer},
		{"live messages", "live", squarer},
		{"support chats and reports", "support", withReports},
		{"one order for all", "mixed", inOrder},
		{"one order for support chats and reports", "support", strings.Replace(inOrder, `"text"`, `{ "text", "report" }`, 1)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			n := kills(t)
			k := &killer{
				// Above 1,000 unread messages the host skips some at its start.
				bot:  newBot(t, tt.script, "CORE_ITEMS", strconv.Itoa(250*n), "CORE_KIND", tt.kind, "CORE_AHEAD", "40", "CORE_UNREAD", "500"),
				rand: rand.New(rand.NewPCG(seed(t), uint64(len(tt.name)))),
			}
			for i := range n {
				k.round(i)
			}
			k.harmless()
			k.start()
			k.until("all are answered and marked", stubCounters.done)
			k.stop()
			k.check(n)
		})
	}
}

type killer struct {
	*bot
	rand *rand.Rand
	how  []string // what was done, for failures
}

// round starts the program and has it killed.
func (k *killer) round(i int) {
	k.t.Helper()
	n := strconv.Itoa(1 + k.rand.IntN(80))
	// Messages come at a rate, or as fast as they are taken.
	k.harmless()
	if k.rand.IntN(2) == 0 {
		k.set("CORE_RATE", strconv.Itoa(200+k.rand.IntN(2000)))
	}
	how := [...]string{"CORE_DIE_TAKEN", "CORE_DIE_SENT", "CORE_DIE_COMMAND", "SIGKILL"}[k.rand.IntN(4)]
	if i%3 == 2 {
		how = "caught up" // so that no message is in hand at three kills in a row
	}
	switch how {
	case "SIGKILL":
		k.start()
		k.killAt(k.rand.Int64N(100), time.Duration(k.rand.IntN(3000))*time.Microsecond)
	case "caught up":
		before := k.counters().Stored
		k.start()
		k.until("what was left is answered and marked", func(c stubCounters) bool {
			return c.Starts > k.starts && c.Marked >= before && c.Answered >= before
		})
		k.killAt(k.rand.Int64N(100), 0)
	default:
		k.set(how, n)
		k.start()
		k.untilEnd("it dies, or all is done", stubCounters.done)
		_ = k.cmd.Process.Kill() // nothing is left to die of
	}
	k.how = append(k.how, fmt.Sprintf("%s %s: %v", how, n, k.counters()))
	if code := k.wait(); code != killed {
		k.t.Fatalf("round %d, %s: exit code %d\n%s", i, how, code, k.tail())
	}
}

// harmless takes the settings of a round back.
func (k *killer) harmless() {
	k.set("CORE_RATE", "", "CORE_DIE_TAKEN", "", "CORE_DIE_SENT", "", "CORE_DIE_COMMAND", "")
}

// killAt kills the process some events after now, and then a moment later.
func (k *killer) killAt(events int64, later time.Duration) {
	k.t.Helper()
	c := k.counters()
	k.untilEnd("some more events are taken", func(now stubCounters) bool {
		return now.Taken >= c.Taken+events || now.Stored == now.Capacity && now.Capacity > 0
	})
	time.Sleep(later) // the moment of the kill, which is random
	_ = k.cmd.Process.Kill()
}

func (k *killer) check(kills int) {
	k.t.Helper()
	twice := 0
	for n, it := range k.items() {
		if it.Answers < 1 || it.Read != 1 {
			k.t.Errorf("item %d: %d answers, read %d", n, it.Answers, it.Read)
		}
		twice += max(0, int(it.Answers)-1)
	}
	k.checkSound()
	c := k.counters()
	k.t.Logf("%d kills: %d items never came as events, %d answers more than once: %v", kills, c.Capacity-c.Taken, twice, c)
	if k.t.Failed() {
		for _, line := range k.how {
			k.t.Log(line)
		}
	}
}
