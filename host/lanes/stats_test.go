package lanes

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/chat"
)

func TestStats(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var lags []time.Duration // of one lane, so of one goroutine
		d := testDispatcher(t, Options{
			Handle:  func(chat.Event) { time.Sleep(time.Second) },
			Wants:   func(tag string) bool { return tag == "newChatItems" },
			Handled: func(lag time.Duration) { lags = append(lags, lag.Round(time.Millisecond)) },
		})
		d.Push(other("@1")) // somebody may register for it until the lanes are open
		d.Push(message(t, "@1", 1))
		if s := d.Stats(); s.Lanes != 1 || s.Queued != 2 || s.QueuedBytes < 2*entryCost || s.Handled != 0 || s.Stopped {
			t.Errorf("before Open: got %+v, want two events in one lane", s)
		}
		if d.Idle() {
			t.Error("idle while events wait for Open")
		}
		d.Open()
		d.Push(other("@2"))
		synctest.Wait()
		if s := d.Stats(); s.Lanes != 1 || s.Queued != 1 || s.Unwanted != 1 {
			t.Errorf("while one is handled: got %+v, want one in the lane and one unwanted", s)
		}
		_ = d.Quiet(t.Context())
		if s := d.Stats(); s != (Stats{Handled: 2, Unwanted: 1}) || !d.Idle() {
			t.Errorf("at rest: got %+v, want two handled", s)
		}
		if len(lags) != 2 || lags[0] != time.Second || lags[1] != 2*time.Second {
			t.Errorf("got lags of %v, want 1s and 2s", lags)
		}
		d.Stop()
		if !d.Stats().Stopped {
			t.Error("it was stopped and does not tell")
		}
	})
}
