package lanes

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/chat"
)

// unreadMessages is a database of messages that nobody has handled or keeps.
type unreadMessages struct {
	mu  sync.Mutex
	ids map[chat.Ref][]int64
}

// TestMessagesAreLeft: however many messages come, the lanes keep no more than they
// may; each is handled once, and those of a chat in order.
func TestMessagesAreLeft(t *testing.T) {
	t.Parallel()
	for _, global := range []bool{false, true} {
		t.Run(fmt.Sprint("global=", global), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				const perLane, most, page, n = 2, 3, 4, 60
				db := unreadMessages{ids: map[chat.Ref][]int64{}}
				var log handled
				d := testDispatcher(t, Options{
					PerLane: perLane, Kept: most, Global: global,
					Handle: func(ev chat.Event) {
						time.Sleep(time.Second)
						log.note(ev)
					},
					ReadBack: func(ref chat.Ref, ids []int64) (chat.Event, bool) { return message(t, ref.String(), ids[0]), true },
					Leave: func(ids []int64) {
						db.mu.Lock()
						defer db.mu.Unlock()
						ref := chat.Ref{Type: chat.TypeDirect, ID: ids[0]%2 + 1}
						db.ids[ref] = append(db.ids[ref], ids...)
					},
					Unread: func(ref chat.Ref) (found []chat.Event, more bool) {
						db.mu.Lock()
						ids := db.ids[ref]
						some := min(len(ids), page)
						db.ids[ref] = ids[some:]
						db.mu.Unlock()
						time.Sleep(500 * time.Millisecond) // others come meanwhile
						for _, id := range ids[:some] {
							found = append(found, message(t, ref.String(), id))
						}
						return found, len(ids) > some
					},
				})
				d.Open()
				kept := 0
				push := func(from, to int64) {
					for id := from; id <= to; id++ {
						d.Push(message(t, fmt.Sprintf("@%d", id%2+1), id))
						d.mu.Lock()
						kept = max(kept, d.kept)
						d.mu.Unlock()
						time.Sleep(50 * time.Millisecond)
					}
				}
				push(1, n/2)
				time.Sleep(5 * time.Second) // what was left is read now
				push(n/2+1, n)
				_ = d.Quiet(t.Context())
				for _, chats := range []string{"@1", "@2"} {
					var got, want []string
					for _, one := range strings.Fields(log.String()) {
						if strings.HasPrefix(one, chats+":") {
							got = append(got, one)
						}
					}
					for id := 1; id <= n; id++ {
						if one := fmt.Sprintf("@%d:%d", id%2+1, id); strings.HasPrefix(one, chats+":") {
							want = append(want, one)
						}
					}
					if !slices.Equal(got, want) {
						t.Errorf("got  %q\nwant %q", got, want)
					}
				}
				if kept > most+2*page || d.kept != 0 || len(d.lanes) != 0 || d.bytes != 0 {
					t.Errorf("got up to %d kept by id, and %d, %d lanes and %d bytes at last; want at most %d and none", kept, d.kept, len(d.lanes), d.bytes, most+2*page)
				}
			})
		})
	}
}

// TestStopLeavesWhatIsLeft: nothing is read any more, and nobody waits for it.
func TestStopLeavesWhatIsLeft(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var log handled
		left := 0
		d := testDispatcher(t, Options{
			PerLane: 1, Kept: 1,
			Handle: func(ev chat.Event) {
				time.Sleep(time.Second)
				log.note(ev)
			},
			Leave:  func(ids []int64) { left += len(ids) },
			Unread: func(chat.Ref) ([]chat.Event, bool) { panic("a bug") },
		})
		d.Open()
		d.Push(message(t, "@1", 1))
		synctest.Wait()
		for id := int64(2); id <= 9; id++ {
			d.Push(message(t, "@1", id))
		}
		d.Push(other("@1")) // is not found again
		d.Stop()
		_ = d.Quiet(t.Context())
		if got, want := log.String(), "@1:1 groupUpdated"; got != want || left != 6 || d.kept != 0 {
			t.Errorf("got %s, %d left and %d kept, want %s, 6 and none", got, left, d.kept, want)
		}
	})
}
