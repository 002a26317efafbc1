package lanes

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/chat"
)

func TestClosedLane(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var log handled
		d := testDispatcher(t, Options{Handle: log.note})
		key := chat.Lane{UserID: 1, Ref: chat.Ref{Type: chat.TypeDirect, ID: 4}}
		d.Close(key)
		d.Open()
		d.Push(message(t, "@4", 4)) // came while the backlog was read
		d.Push(message(t, "@5", 5))
		synctest.Wait()
		if got, want := log.String(), "@5:5"; got != want {
			t.Errorf("while closed: got %s, want %s", got, want)
		}
		// The event of 6 is still on its way, so it comes after 4.
		backlog := []chat.Event{message(t, "@4", 1), message(t, "@4", 2), message(t, "@4", 6)}
		d.Reopen(key, backlog)
		d.Push(message(t, "@4", 7))
		_ = d.Quiet(t.Context())
		if got, want := log.String(), "@5:5 @4:1 @4:2 @4:4 @4:6 @4:7"; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		if len(d.lanes) != 0 || d.bytes != 0 {
			t.Errorf("got %d lanes with %d bytes after, want none", len(d.lanes), d.bytes)
		}
	})
}

// TestFoundMessagesTakeTheirPlace: messages that were found unread stand among
// those that wait as if their events had come in time.
func TestFoundMessagesTakeTheirPlace(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name         string
		waits, found string // ids; 0 is an event that is no message
		want         string
	}{
		{"none found", "10 40", "", "10 40"},
		{"before all", "10 40", "7 9", "7 9 10 40"},
		{"between", "10 40", "20", "10 20 40"},
		{"after all", "10 40", "41 42", "10 40 41 42"},
		{"everywhere", "10 20 30", "35 5 15 25", "5 10 15 20 25 30 35"},
		{"events belong to what is before them", "0 10 0 30 0", "5 20 40", "5 0 10 20 0 30 40 0"},
		{"only events wait", "0 0", "5", "5 0 0"},
	} {
		for _, full := range []bool{false, true} {
			t.Run(fmt.Sprint(tt.name, " full=", full), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					var log handled
					o := Options{Handle: log.note, ReadBack: func(ref chat.Ref, ids []int64) (chat.Event, bool) {
						return message(t, ref.String(), ids[0]), true
					}}
					if full {
						o.PerLane = 1
					}
					d := testDispatcher(t, o)
					event := func(id string) chat.Event {
						if n, _ := strconv.ParseInt(id, 10, 64); n > 0 {
							return message(t, "@4", n)
						}
						return other("@4")
					}
					key := chat.Lane{UserID: 1, Ref: chat.Ref{Type: chat.TypeDirect, ID: 4}}
					d.Open()
					d.Close(key)
					for _, id := range strings.Fields(tt.waits) {
						d.Push(event(id))
					}
					var found []chat.Event
					for _, id := range strings.Fields(tt.found) {
						found = append(found, event(id))
					}
					d.Reopen(key, found)
					_ = d.Quiet(t.Context())
					got := strings.NewReplacer("@4:", "", "groupUpdated", "0").Replace(log.String())
					if got != tt.want || d.bytes != 0 || len(d.lanes) != 0 {
						t.Errorf("got %s with %d bytes and %d lanes left, want %s", got, d.bytes, len(d.lanes), tt.want)
					}
				})
			})
		}
	}
}

// TestStopWhileLanesAreClosed: what closes lanes after Stop keeps nobody waiting.
func TestStopWhileLanesAreClosed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := testDispatcher(t, Options{Handle: func(chat.Event) {}})
		key := chat.Lane{UserID: 1, Ref: chat.Ref{Type: chat.TypeDirect, ID: 4}}
		d.Open()
		d.HoldSupport()
		d.Close(key)
		d.Push(other("@4"))
		d.Push(other("#5(_support:6)"))
		d.Stop()
		d.Reopen(key, nil)
		d.Close(key)
		d.HoldSupport()
		d.Push(other("#5(_support:6)"))
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if err := d.Quiet(ctx); err != nil {
			t.Errorf("got %v, want quiet", err)
		}
		d.Reopen(key, nil)
		if n := d.Stats().Lanes; n != 0 {
			t.Errorf("got %d lanes after, want none", n)
		}
	})
}

// TestSupportLanesAreHeld: nothing of a support chat is handled before its backlog.
func TestSupportLanesAreHeld(t *testing.T) {
	t.Parallel()
	for _, global := range []bool{false, true} {
		t.Run(fmt.Sprint("global=", global), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var log handled
				d := testDispatcher(t, Options{Global: global, Handle: log.note})
				d.HoldSupport()
				d.Open()
				d.Push(message(t, "#5(_support:6)", 3))
				d.Push(message(t, "#5", 4))
				synctest.Wait()
				if got, want := log.String(), "#5:4"; got != want && !global {
					t.Errorf("while held: got %s, want %s", got, want)
				}
				key := chat.Lane{UserID: 1, Ref: chat.Ref{Type: chat.TypeGroup, ID: 5, Support: true, MemberID: 6}}
				d.Close(key)
				d.Reopen(key, []chat.Event{message(t, "#5(_support:6)", 2)})
				d.ReleaseSupport()
				_ = d.Quiet(t.Context())
				want := "#5:4 #5(_support:6):2 #5(_support:6):3"
				if global {
					want = "#5(_support:6):2 #5(_support:6):3 #5:4"
				}
				if got := log.String(); got != want {
					t.Errorf("got %s, want %s", got, want)
				}
			})
		})
	}
}
