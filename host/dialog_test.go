package host

import (
	"fmt"
	"log/slog"
	"runtime"
	"strings"
	"testing"

	"github.com/simplex-lua/simplex-lua/internal/testkit"
)

// asking answers in the words of its version.
const asking = `
	bot.configure { drain_timeout = "DRAIN" }
	bot.on_command("ask", function(msg)
		local answer = msg:ask("VERSION?")
		msg:reply("VERSION got " .. answer.text)
	end)
	bot.on_message(function(msg) msg:reply("VERSION handles " .. msg.text) end)`

func version(v, drain string) string {
	return strings.NewReplacer("VERSION", v, "DRAIN", drain).Replace(asking)
}

// TestRealDialogsOverReloads: over two reloads, answers go to the versions that
// asked, and what nobody waits for to the newest.
func TestRealDialogsOverReloads(t *testing.T) {
	t.Parallel()
	core := newFakeCore()
	b := launchLua(t, core, version("one", "1m"), nil)
	say := func(ref, text, want string) {
		t.Helper()
		core.receive(ref, text)
		testkit.Until(t, want, func() bool { return b.said.has(want) })
	}
	say("@4", "/ask", "one?")
	b.reload(version("two", "1m"))
	say("@5", "/ask", "two?")
	b.reload(version("three", "1m"))
	say("@6", "hello", "three handles hello")
	say("@5", "b", "two got b")
	say("@4", "a", "one got a")
	say("@4", "more", "three handles more")
	testkit.Until(t, "the older generations drain", b.script.drainedAll)
	if err := b.end(); err != nil || core.unread() != 0 {
		t.Errorf("after: %v and %d unread", err, core.unread())
	}
}

// TestAnswersAtTheDrainLimit: answers race with the end of the version that
// asked. Each is used by it, though it may be cut then, or handled as any message,
// by the newer one unless its turn had come before; none is only marked.
func TestAnswersAtTheDrainLimit(t *testing.T) {
	t.Parallel()
	core := newFakeCore()
	var log testkit.Buffer
	b := launchLua(t, core, version("old", "10ms"), func(o *Options) {
		o.Log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	})
	const people = 100
	for n := range people {
		core.receive(fmt.Sprintf("@%d", 4+n), "/ask")
	}
	testkit.Until(t, "all are asked", func() bool { return b.said.count("old?") == people })
	go func() {
		for n := range people {
			core.receive(fmt.Sprintf("@%d", 4+n), "x")
			if n%10 == 0 {
				runtime.Gosched()
			}
		}
	}()
	b.reload(version("new", "10ms"))
	testkit.Until(t, "the older generations drain", b.script.drainedAll)
	testkit.Until(t, "all have answered", func() bool { return core.made() == 2*people })
	if err := b.Idle(t.Context(), core.made); err != nil {
		t.Fatal(err)
	}
	used, handled := b.said.count("old got x"), b.said.count("new handles x")+b.said.count("old handles x")
	cut := 0 // with their answer: their last word is not that they ask
	for line := range strings.Lines(log.String()) {
		if strings.Contains(line, "type=closed") && !strings.Contains(line, "in function 'ask'") {
			cut++
		}
	}
	t.Logf("%d used, %d cut, %d handled", used, cut, handled)
	if lost := people - used - handled; lost < 0 || lost > cut {
		t.Errorf("got %d answers used, %d handled, and %d cut with theirs; want %d in all", used, handled, cut, people)
	}
	if err := b.end(); err != nil || core.unread() != 0 {
		t.Errorf("after: %v and %d unread", err, core.unread())
	}
}
