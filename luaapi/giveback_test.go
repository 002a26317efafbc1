package luaapi

import (
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/simplex-lua/simplex-lua/internal/chat"
	"github.com/simplex-lua/simplex-lua/internal/testkit"
)

// TestQuestionThatFails: what its waiter was given while the question was still
// being sent goes on to others.
func TestQuestionThatFails(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, script, cmd string
		event             func(t *testing.T) chat.Event
	}{
		{"ask beside the lane", `m:ask(nil, { timeout = "1ms" }) m:ask("well?")`, "/_send", func(*testing.T) chat.Event { return textEvent("@4", 50, "hello") }},
		{"send_and_wait", `bot.send_and_wait(5, "well?")`, "/_send", func(*testing.T) chat.Event { return textEvent("@5", 50, "hello") }},
		{"download", `m:download()`, "/freceive", func(t *testing.T) chat.Event { return fileEvent(t, "rcvFileComplete", "x") }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := start(t, `bot.on_message(function(m)
				local ok, e = pcall(function() `+tt.script+` end)
				print(ok, e.type)
			end)`)
			type offer struct{ taken, done bool }
			offered := make(chan offer, 1)
			b.core.answer = func(cmd string) (string, bool) {
				if !strings.HasPrefix(cmd, tt.cmd) {
					return "", false
				}
				go func() {
					var done atomic.Bool
					taken := b.Offer(tt.event(t), func() { done.Store(true) })
					offered <- offer{taken, done.Load()}
				}()
				testkit.Until(t, "the waiter has the event", func() bool { return !b.waiters.any() })
				return `{"error":{"type":"error","errorType":{"type":"commandError","message":"no"}}}`, true
			}
			b.Dispatch(messageWithFile(t), nil)
			if got := <-offered; got.taken || got.done {
				t.Errorf("the event: taken %t and done %t, want neither", got.taken, got.done)
			}
			testkit.Until(t, "the handler ended", func() bool { return b.Busy() == 0 })
			if got := b.logs.String(); got != "false\tchat_error\n" {
				t.Errorf("the handler: got %q", got)
			}
		})
	}
}

// TestOthersGetWhatIsGivenBack: the next one who waits comes before the handlers.
func TestOthersGetWhatIsGivenBack(t *testing.T) {
	t.Parallel()
	b := start(t, `
		bot.on_message({ text = "first" }, function(m) pcall(bot.send_and_wait, 5, "well?") end)
		bot.on_message({ text = "second" }, function(m) print("second", bot.wait_for("newChatItems", "1m").type) end)`)
	taken := make(chan bool, 1)
	b.core.answer = func(cmd string) (string, bool) {
		b.Dispatch(textEvent("@6", 2, "second"), nil)
		testkit.Until(t, "both wait", func() bool { return len(b.waiters.inChatsOf(textEvent("@5", 3, "x").Messages())) == 2 })
		go func() { taken <- b.Offer(textEvent("@5", 3, "x"), nil) }()
		testkit.Until(t, "the first has the event", func() bool { return len(b.waiters.inChatsOf(textEvent("@5", 3, "x").Messages())) == 1 })
		return `{"error":{"type":"error","errorType":{"type":"commandError","message":"no"}}}`, true
	}
	b.Dispatch(textEvent("@4", 1, "first"), nil)
	if !<-taken || b.logs.String() != "second\tnewChatItems\n" {
		t.Errorf("got %q, want the second one to have it", b.logs)
	}
}

// TestCutInTheInstantOfTheAnswer: a handler that is cut after it was given the
// answer, and before it can use it, gives it back.
func TestCutInTheInstantOfTheAnswer(t *testing.T) {
	t.Parallel()
	b := start(t, `
		bot.on_message({ text = "ask" }, function(m) m:ask() print("used") end)
		bot.on_message({ text = "answer" }, function(m) print("dispatched") end)`)
	b.say("@4", "ask")
	b.mu.Lock() // so that the handler cannot go on
	var done atomic.Bool
	taken := make(chan bool, 1)
	w := b.waiters.inChatsOf(textEvent("@4", 2, "answer").Messages())[0]
	go func() { taken <- b.Offer(textEvent("@4", 2, "answer"), func() { done.Store(true) }) }()
	testkit.Until(t, "the handler has the answer", func() bool { return !b.waiters.any() && len(w.given) == 0 && b.Busy() == 1 })
	b.calls.mu.Lock()
	for c := range b.calls.all {
		c.cut(errClosed)
	}
	b.calls.mu.Unlock()
	b.mu.Unlock()
	if <-taken || done.Load() || strings.Contains(b.logs.String(), "used\n") {
		t.Errorf("the answer was taken or is done (%t), though nobody has used it: %s", done.Load(), b.logs)
	}
}

// TestTimeOutInTheInstantOfTheAnswer races answers with the time-outs of those
// who wait for them: each one is used by the one who asked or dispatched, and done.
func TestTimeOutInTheInstantOfTheAnswer(t *testing.T) {
	t.Parallel()
	b := startOnClock(t, `
		bot.on_message({ text = "ask" }, function(m) if m:ask(nil, { timeout = "1s" }) then print("answered") end end)
		bot.on_message({ text = "answer" }, function() print("dispatched") end)`)
	const rounds = 500
	var done atomic.Int64
	for n := range int64(rounds) {
		b.hear(t, "@4", "ask")
		fire := b.clock.next(b.clock.Now().Add(1e9))
		var both sync.WaitGroup
		both.Go(fire)
		both.Go(func() { b.Offer(textEvent("@4", 10_000+n, "answer"), func() { done.Add(1) }) })
		both.Wait()
		b.rest(t)
	}
	answered, dispatched := strings.Count(b.logs.String(), "answered"), strings.Count(b.logs.String(), "dispatched")
	t.Logf("answered %d, dispatched %d", answered, dispatched)
	if answered+dispatched != rounds || done.Load() != rounds {
		t.Errorf("got %d answered, %d dispatched and %d done, want %d in all", answered, dispatched, done.Load(), rounds)
	}
	if b.waiters.any() {
		t.Error("somebody still waits")
	}
}

// TestAskWhereNobodyMayWait leaves no waiter behind, which would hold the lane for ever.
func TestAskWhereNobodyMayWait(t *testing.T) {
	t.Parallel()
	b := start(t, `
		bot.on_message({ when = function(m) return m:ask() end }, function() end)
		bot.on_message(function(m) print(m.text) end)`)
	for n := range 2 {
		b.say("@4", fmt.Sprint(n))
	}
	if got := b.logs.String(); !strings.Contains(got, "0\n") || !strings.HasSuffix(got, "1\n") || b.waiters.any() {
		t.Errorf("got %q, want both messages dispatched", got)
	}
}
