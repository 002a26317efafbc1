package lanes

import (
	"context"
	"fmt"
	"log/slog"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/chat"
)

// message makes the event of a received message.
func message(t testing.TB, ref string, n int64) chat.Event {
	t.Helper()
	dir := "directRcv"
	if strings.HasPrefix(ref, "#") {
		dir = "groupRcv"
	}
	ev, err := chat.ParseEvent(fmt.Appendf(nil, `{"result":{"type":"newChatItems","user":{"userId":1},"chatItems":[{"chatInfo":%s,"chatItem":{`+
		`"chatDir":{"type":%q},"meta":{"itemId":%d},"content":{"type":"rcvMsgContent","msgContent":{"type":"text","text":"text %d"}}}}]}}`,
		chatInfo(ref), dir, n, n))
	if err != nil {
		t.Fatal(err)
	}
	return ev
}

// other makes an event of a chat that is no message.
func other(ref string) chat.Event {
	return chat.Event{Type: "groupUpdated", Raw: []byte(`{"type":"groupUpdated","user":{"userId":1},"chatInfo":` + chatInfo(ref) + `}`)}
}

func chatInfo(ref string) string {
	r, _ := chat.ParseRef(ref)
	switch {
	case r.Type == chat.TypeDirect:
		return fmt.Sprintf(`{"type":"direct","contact":{"contactId":%d}}`, r.ID)
	case r.Support:
		return fmt.Sprintf(`{"type":"group","groupInfo":{"groupId":%d},"groupChatScope":{"type":"memberSupport","groupMember_":{"groupMemberId":%d}}}`, r.ID, r.MemberID)
	}
	return fmt.Sprintf(`{"type":"group","groupInfo":{"groupId":%d}}`, r.ID)
}

// handled notes what the lanes handled, as "@4:1".
type handled struct {
	mu   sync.Mutex
	list []string
}

func (h *handled) note(ev chat.Event) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if ev.Type != "newChatItems" {
		h.list = append(h.list, ev.Type)
	}
	for _, it := range ev.Items() {
		h.list = append(h.list, fmt.Sprintf("%s:%d", it.Chat, it.ID))
	}
}

func (h *handled) String() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return strings.Join(h.list, " ")
}

// testDispatcher makes a dispatcher of what the test gives. Unless it says so,
// nothing can be read back, and a report is an error.
func testDispatcher(t *testing.T, o Options) *Dispatcher {
	t.Helper()
	o.Log = slog.New(slog.DiscardHandler)
	if o.ReadBack == nil {
		o.ReadBack = func(chat.Ref, []int64) (chat.Event, bool) { return chat.Event{}, false }
	}
	if o.Report == nil {
		o.Report = func(err error) { t.Error(err) }
	}
	d := New(o)
	d.SetUser(1)
	t.Cleanup(d.Stop)
	return d
}

func TestLaneKeepsOrder(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	got := map[chat.Ref][]int64{}
	d := testDispatcher(t, Options{
		PerLane: 2000, // nothing is to be read back, however slow this machine is
		Handle: func(ev chat.Event) {
			mu.Lock()
			defer mu.Unlock()
			for _, it := range ev.Items() {
				got[it.Chat] = append(got[it.Chat], it.ID)
			}
		},
	})
	d.Open()
	want := map[chat.Ref][]int64{}
	for n := range int64(2000) {
		ref := chat.Ref{Type: chat.TypeDirect, ID: n%7 + 1}
		want[ref] = append(want[ref], n+1)
		d.Push(message(t, ref.String(), n+1))
	}
	if err := d.Quiet(t.Context()); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("an order is wrong, or a message was lost: got %.300v…", got)
	}
	if len(d.lanes) != 0 || d.bytes != 0 {
		t.Errorf("idle lanes: got %d lanes with %d bytes, want none", len(d.lanes), d.bytes)
	}
}

func TestSlowChatStopsNoOther(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var log handled
		d := testDispatcher(t, Options{Handle: func(ev chat.Event) {
			if ev.Items()[0].Chat.ID == 1 {
				time.Sleep(time.Hour)
			}
			log.note(ev)
		}})
		d.Open()
		d.Push(message(t, "@1", 1))
		d.Push(message(t, "@2", 2))
		synctest.Wait()
		if got, want := log.String(), "@2:2"; got != want {
			t.Errorf("beside a slow chat: got %s, want %s", got, want)
		}
		_ = d.Quiet(t.Context())
	})
}

func TestGlobalOrdering(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var log handled
		d := testDispatcher(t, Options{Global: true, Handle: func(ev chat.Event) {
			if ev.Items()[0].Chat.ID == 1 {
				time.Sleep(time.Hour)
			}
			log.note(ev)
		}})
		d.Open()
		for n, ref := range []string{"@1", "@2", "#3", "@1"} {
			d.Push(message(t, ref, int64(n+1)))
		}
		_ = d.Quiet(t.Context())
		if got, want := log.String(), "@1:1 @2:2 #3:3 @1:4"; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	})
}

func TestFullLaneReadsBack(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var log handled
		var read atomic.Int64
		d := testDispatcher(t, Options{
			PerLane: 2,
			Handle: func(ev chat.Event) {
				time.Sleep(time.Second)
				log.note(ev)
			},
			ReadBack: func(ref chat.Ref, ids []int64) (chat.Event, bool) {
				read.Add(1)
				return message(t, ref.String(), ids[0]), ids[0] != 5 // 5 was deleted
			},
		})
		d.Open()
		d.Push(message(t, "@1", 1))
		synctest.Wait() // 1 is under way
		for n := int64(2); n <= 6; n++ {
			d.Push(message(t, "@1", n))
		}
		d.Push(other("@1")) // cannot be read back, so it is kept
		if s := d.Stats(); s.Queued != 6 || s.Spilled != 3 {
			t.Errorf("got %d queued and %d kept by id, want 6 and 3", s.Queued, s.Spilled)
		}
		_ = d.Quiet(t.Context())
		if got, want := log.String(), "@1:1 @1:2 @1:3 @1:4 @1:6 groupUpdated"; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		if got := read.Load(); got != 3 {
			t.Errorf("got %d read back, want 3", got)
		}
	})
}

func TestMemoryIsBounded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var log handled
		d := testDispatcher(t, Options{Handle: log.note, ReadBack: func(ref chat.Ref, ids []int64) (chat.Event, bool) {
			return message(t, ref.String(), ids[0]), true
		}})
		d.maxBytes = 3 * (int64(len(message(t, "@1", 1).Raw)) + entryCost)
		for n := int64(1); n <= 9; n++ {
			d.Push(message(t, fmt.Sprintf("@%d", n), n))
		}
		d.Push(other("@3"))
		if s := d.Stats(); s.QueuedBytes > d.maxBytes || s.Spilled != 6 || s.Dropped != 1 {
			t.Errorf("got %d bytes of %d, %d kept by id, %d dropped; want at most that, 6, 1", s.QueuedBytes, d.maxBytes, s.Spilled, s.Dropped)
		}
		d.Open()
		_ = d.Quiet(t.Context())
		if got := len(strings.Fields(log.String())); got != 9 {
			t.Errorf("got %d messages handled, want 9", got)
		}
	})
}

// The more waits, the longer is the pause; the receiver never stops.
func TestPauses(t *testing.T) {
	t.Parallel()
	for bytes, want := range map[int64]time.Duration{
		0: 0, crowdedBytes - 1: 0, crowdedBytes: crowdedPause, 2 * crowdedBytes: 4 * crowdedPause, bytesLimit: longestPause, 100 * bytesLimit: longestPause,
	} {
		if got := pauseFor(bytes); got != want {
			t.Errorf("%d bytes: got %v, want %v", bytes, got, want)
		}
	}
}

func TestStopLeavesMessages(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var log handled
		d := testDispatcher(t, Options{Handle: func(ev chat.Event) {
			time.Sleep(time.Second)
			log.note(ev)
		}})
		d.Open()
		d.Push(message(t, "@1", 1))
		synctest.Wait()
		d.Push(message(t, "@1", 2))
		d.Push(other("@1"))
		d.Stop()
		d.Push(message(t, "@2", 3))
		d.Push(other("@2"))
		_ = d.Quiet(t.Context())
		if got, want := log.String(), "groupUpdated @1:1 groupUpdated"; got != want && got != "@1:1 groupUpdated groupUpdated" {
			t.Errorf("got %s, want the message under way and what is not found again", got)
		}
		if d.bytes != 0 || len(d.lanes) != 0 {
			t.Errorf("got %d lanes with %d bytes after, want none", len(d.lanes), d.bytes)
		}
	})
}

func TestPanicEndsNoLane(t *testing.T) {
	t.Parallel()
	var log handled
	var reported atomic.Int64
	d := testDispatcher(t, Options{
		Handle: func(ev chat.Event) {
			if ev.Items()[0].ID == 1 {
				panic("a bug")
			}
			log.note(ev)
		},
		Report: func(error) { reported.Add(1) },
	})
	d.Open()
	d.Push(message(t, "@1", 1))
	d.Push(message(t, "@1", 2))
	if err := d.Quiet(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := log.String(); got != "@1:2" || reported.Load() != 1 {
		t.Errorf("got %s and %d reports, want @1:2 and 1", got, reported.Load())
	}
}

func TestQuietWaits(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := testDispatcher(t, Options{Handle: func(chat.Event) { time.Sleep(time.Hour) }})
		d.Open()
		d.Push(message(t, "@1", 1))
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if err := d.Quiet(ctx); err == nil {
			t.Error("got nil while a handler is under way, want the context's error")
		}
		if err := d.Quiet(t.Context()); err != nil {
			t.Error(err)
		}
	})
}
