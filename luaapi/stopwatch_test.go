package luaapi

import (
	"testing"
	"time"
)

// TestStopwatchPausedTwice runs on after the second resume, with one timer.
func TestStopwatchPausedTwice(t *testing.T) {
	t.Parallel()
	clock := &handClock{now: time.Unix(1e9, 0)}
	advance := func(d time.Duration) {
		end := clock.Now().Add(d)
		for f := clock.next(end); f != nil; f = clock.next(end) {
			f()
		}
	}
	fired := 0
	var s stopwatch
	s.start(clock, time.Minute, func() { fired++ })
	advance(20 * time.Second)
	s.pause()
	s.pause()
	advance(time.Hour)
	s.resume()
	advance(time.Hour)
	if fired != 0 {
		t.Error("it runs after one of two resumes")
	}
	s.resume()
	if left := s.remaining(); left != 40*time.Second || len(clock.timers) != 1 {
		t.Errorf("got %v left and %d timers, want 40s and one", left, len(clock.timers))
	}
	advance(39 * time.Second)
	if fired != 0 {
		t.Error("it fires too early")
	}
	if advance(time.Hour); fired != 1 {
		t.Errorf("it fired %d times, want once", fired)
	}
}

// TestAskInABroadcast: the time of a handler stands still in the whole broadcast,
// also after an ask in its on_progress.
func TestAskInABroadcast(t *testing.T) {
	t.Parallel()
	b := startOnClock(t, `
		bot.configure { handler_timeout = "1m" }
		bot.on_error(function(err) bot.send("@9", err.type) end)
		bot.on_message({ text = "go" }, function(msg)
			bot.broadcast({ "@7" }, "news", { on_progress = function()
				msg:ask("seen?")
				sleep("1h")
			end })
			sleep("50s")
			msg:reply("done")
			sleep("11s")
			msg:reply("too late")
		end)`)
	b.want(t, "begins", b.hear(t, "@4", "go"), "news seen?")
	b.want(t, "answered", b.hear(t, "@4", "yes"), "")
	b.want(t, "on_progress sleeps, then the handler", b.wait(t, time.Hour+50*time.Second), "done")
	b.want(t, "its own time ends", b.wait(t, time.Hour), "limit")
}
