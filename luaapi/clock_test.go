package luaapi

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/testkit"
)

// handClock is a Clock that stands still until advance is called.
type handClock struct {
	mu     sync.Mutex
	now    time.Time
	timers []*handTimer
}

type handTimer struct {
	at time.Time
	f  func()
}

func (c *handClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *handClock) AfterFunc(d time.Duration, f func()) func() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	t := &handTimer{c.now.Add(d), f}
	c.timers = append(c.timers, t)
	return func() bool {
		c.mu.Lock()
		defer c.mu.Unlock()
		i := slices.Index(c.timers, t)
		if i >= 0 {
			c.timers = slices.Delete(c.timers, i, i+1)
		}
		return i >= 0
	}
}

// next takes the first timer that is due before end, and moves there.
func (c *handClock) next(end time.Time) func() {
	c.mu.Lock()
	defer c.mu.Unlock()
	var first *handTimer
	for _, t := range c.timers {
		if !t.at.After(end) && (first == nil || t.at.Before(first.at)) {
			first = t
		}
	}
	if first == nil {
		c.now = end
		return nil
	}
	c.timers = slices.DeleteFunc(c.timers, func(t *handTimer) bool { return t == first })
	c.now = first.at
	return first.f
}

// clockBot is a bot on a handClock.
type clockBot struct {
	*bot
	clock *handClock
}

func startOnClock(t *testing.T, script string) *clockBot {
	t.Helper()
	clock := &handClock{now: time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC)}
	b := &bot{core: &fakeCore{}, logs: &testkit.Buffer{}}
	var err error
	b.Runtime, err = Load(t.Context(), Options{
		Lab:  Lab{Clock: clock},
		Name: "test", Path: "bot.lua", Source: []byte(script), Generation: 1, Print: b.logs,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Close)
	b.Attach(Session{Core: b.core, UserID: 1, FilesDir: t.TempDir()})
	b.Start(t.Context(), "start")
	return &clockBot{b, clock}
}

// rest waits until nothing is left to do but what the clock brings.
func (b *clockBot) rest(t *testing.T) {
	t.Helper()
	testkit.Until(t, "the bot rests", func() bool { return b.Busy() == 0 })
}

// hear offers a text and returns what is sent until the bot is at rest.
func (b *clockBot) hear(t *testing.T, ref, text string) string {
	t.Helper()
	b.id++
	if !b.Offer(textEvent(ref, b.id, text), nil) {
		t.Fatal("the event was not taken")
	}
	b.rest(t)
	return strings.Join(b.core.texts(), " ")
}

// wait moves the clock and returns what is sent meanwhile.
func (b *clockBot) wait(t *testing.T, d time.Duration) string {
	t.Helper()
	end := b.clock.Now().Add(d)
	for f := b.clock.next(end); f != nil; f = b.clock.next(end) {
		f()
		b.rest(t)
	}
	return strings.Join(b.core.texts(), " ")
}

func (b *clockBot) want(t *testing.T, what, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %q, want %q", what, got, want)
	}
}

func TestHandClockSleep(t *testing.T) {
	t.Parallel()
	b := startOnClock(t, `
		bot.on_message(function(msg)
			if msg.text == "slow" then sleep(60) end
			msg:reply(msg.text .. " " .. os.date("!%H:%M:%S"))
		end)
		bot.on_message({ text = "slow" }, function(msg) sleep("5m") msg:reply("second") end)`)
	b.want(t, "sleeping", b.hear(t, "@4", "slow"), "")
	b.want(t, "behind the sleeper", b.hear(t, "@4", "behind"), "")
	b.want(t, "another chat", b.hear(t, "@5", "beside"), "beside 03:04:05")
	b.want(t, "too early", b.wait(t, 59*time.Second), "")
	b.want(t, "first handler", b.wait(t, time.Second), "slow 03:05:05")
	b.want(t, "second handler, then the next message", b.wait(t, 5*time.Minute), "second behind 03:10:05")
	b.want(t, "after", b.hear(t, "@4", "after"), "after 03:10:05")
}

func TestHandClockGlobalOrder(t *testing.T) {
	t.Parallel()
	b := startOnClock(t, `
		bot.configure { ordering = "global" }
		bot.on_message(function(msg) sleep(msg.text) msg:reply(msg.text) end)`)
	b.want(t, "first", b.hear(t, "@4", "2s"), "")
	b.want(t, "second", b.hear(t, "@5", "1s"), "")
	b.want(t, "one after the other", b.wait(t, 3*time.Second), "2s 1s")
}

func TestHandClockAsk(t *testing.T) {
	t.Parallel()
	b := startOnClock(t, `
		bot.configure { handler_timeout = "1m" }
		bot.on_command("ask", function(msg)
			local answer = msg:ask("Well?", { timeout = "10m" })
			sleep(5)
			msg:reply(answer and "Yes: " .. answer.text or "Too late.")
		end)
		bot.on_message(function(msg) msg:reply("other") end)`)
	b.want(t, "question", b.hear(t, "@4", "/ask"), "Well?")
	b.want(t, "answer", b.hear(t, "@4", "sure"), "")
	b.want(t, "behind", b.hear(t, "@4", "more"), "")
	b.want(t, "in order", b.wait(t, 5*time.Second), "Yes: sure other")
	b.want(t, "question again", b.hear(t, "@4", "/ask"), "Well?")
	b.want(t, "time-out of ask, beside the handler's", b.wait(t, 10*time.Minute+5*time.Second), "Too late.")
}

func TestHandClockLimitsHandlers(t *testing.T) {
	t.Parallel()
	b := startOnClock(t, `
		bot.configure { handler_timeout = "1m" }
		bot.on_error(function(e) bot.send("@1", e.type) end)
		bot.on_message(function(msg) sleep("1h") msg:reply("never") end)`)
	b.want(t, "sleeps", b.hear(t, "@4", "x"), "")
	b.want(t, "is cut", b.wait(t, time.Minute), "limit")
	b.want(t, "stays cut", b.wait(t, 2*time.Hour), "")
}

func TestHandClockTimers(t *testing.T) {
	t.Parallel()
	b := startOnClock(t, `
		local n = 0
		local ticks = bot.every("10s", function() n = n + 1 bot.send("@4", "tick " .. n) end)
		bot.after("25s", function() bot.send("@4", "after") sleep(10) ticks:remove() bot.send("@4", "removed") end)
		bot.spawn(function() sleep(1) bot.send("@4", "spawned") end)`)
	b.rest(t)
	b.want(t, "timers", b.wait(t, time.Hour), "spawned tick 1 tick 2 after tick 3 removed")
	b.rt().timers.mu.Lock()
	defer b.rt().timers.mu.Unlock()
	if n := len(b.rt().timers.tasks); n != 0 {
		t.Errorf("%d tasks are left", n)
	}
}

func (b *clockBot) rt() *Runtime { return b.bot.Runtime }

// TestLab wants to hear of every handler and of every run.
func TestLab(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var registered, ran []string
	note := func(to *[]string) func(string) {
		return func(name string) {
			mu.Lock()
			defer mu.Unlock()
			*to = append(*to, name)
		}
	}
	var loaded *Runtime
	lab := Lab{Loaded: func(rt *Runtime) { loaded = rt }, Registered: note(&registered), Ran: note(&ran)}
	core := &fakeCore{}
	rt, err := Load(t.Context(), Options{Name: "test", Path: "bot.lua", Lab: lab, Source: []byte(`bot.use(function(handler, msg, data) handler(msg, data) end)
bot.on_send(function() end)
bot.on_message(function(msg) msg:reply("x") end)
bot.on_command("never", function() end)
bot.after("1h", function() end)`)})
	if err != nil {
		t.Fatal(err)
	}
	defer rt.Close()
	rt.Attach(Session{Core: core, UserID: 1})
	rt.Dispatch(textEvent("@4", 1, "hello"), nil)
	mu.Lock()
	defer mu.Unlock()
	if loaded != rt {
		t.Error("Loaded was not called with the runtime")
	}
	if got, want := strings.Join(registered, ", "), "use at bot.lua:1, on_send at bot.lua:2, on_message at bot.lua:3, on_command at bot.lua:4, after at bot.lua:5"; got != want {
		t.Errorf("registered:\n got %s\nwant %s", got, want)
	}
	for _, name := range []string{"use at bot.lua:1", "on_send at bot.lua:2", "on_message at bot.lua:3"} {
		if !slices.Contains(ran, name) {
			t.Errorf("%s did not run: %v", name, ran)
		}
	}
	if slices.Contains(ran, "on_command at bot.lua:4") {
		t.Error("a handler ran that no message is for")
	}
}
