package host

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/chat"
	"github.com/simplex-lua/simplex-lua/luaapi"
)

// sentMarks notes the commands of a marker, and fails as often as it is told.
type sentMarks struct {
	mu   sync.Mutex
	list []string
	fail []error
}

func (s *sentMarks) send(_ context.Context, cmd string) (chat.Response, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.list = append(s.list, cmd)
	if len(s.fail) > 0 {
		err := s.fail[0]
		s.fail = s.fail[1:]
		return chat.Response{}, err
	}
	return chat.Response{}, nil
}

func (s *sentMarks) take() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := s.list
	s.list = nil
	return list
}

func direct(id int64) chat.Ref { return chat.Ref{Type: chat.TypeDirect, ID: id} }

func TestMarksAreGathered(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var core sentMarks
		m := newMarker(discard, core.send)
		go m.run(t.Context())
		m.add(direct(4), 1)
		m.add(chat.Ref{Type: chat.TypeGroup, ID: 2, Support: true, MemberID: 5}, 2)
		m.add(direct(4), 3)
		time.Sleep(marksDelay - time.Millisecond)
		synctest.Wait()
		if got := core.take(); got != nil {
			t.Errorf("before the delay: got %q, want nothing", got)
		}
		time.Sleep(2 * time.Millisecond)
		synctest.Wait()
		want := []string{"/_read chat items @4 1,3", "/_read chat items #2(_support:5) 2"}
		if got := core.take(); !reflect.DeepEqual(got, want) {
			t.Errorf("got %q, want %q", got, want)
		}
		for n := range int64(marksBatch) {
			m.add(direct(1), n+1)
		}
		m.add(direct(2), 1000)
		synctest.Wait()
		if got := core.take(); len(got) != 2 {
			t.Errorf("a full batch of one chat: got %d commands at once, want 2", len(got))
		}
		const chats = 50
		for n := range int64(marksTotal) {
			m.add(direct(n%chats+1), n+1)
		}
		synctest.Wait()
		if got := core.take(); len(got) != chats {
			t.Errorf("many in all: got %d commands at once, want %d", len(got), chats)
		}
	})
}

func TestMarksOfOneCommandAreBounded(t *testing.T) {
	t.Parallel()
	var core sentMarks
	m := newMarker(discard, core.send)
	for n := range int64(250) {
		m.add(direct(4), n+1)
	}
	m.flush(t.Context())
	var sizes []int
	for _, cmd := range core.take() {
		sizes = append(sizes, strings.Count(cmd, ",")+1)
	}
	if want := []int{100, 100, 50}; !reflect.DeepEqual(sizes, want) {
		t.Errorf("got %d, want %d items", sizes, want)
	}
	if m.waiting() != 0 {
		t.Errorf("got %d left, want none", m.waiting())
	}
}

func TestRefusedMarksAreTriedAgain(t *testing.T) {
	t.Parallel()
	busy := errors.New("database is busy")
	noChat := &chat.CommandError{Type: "errorStore", Tag: "userNotFoundByContactId"}
	tests := []struct {
		name string
		fail []error
		want int // commands in all
	}{
		{"works", nil, 1},
		{"busy once", []error{busy}, 2},
		{"busy for long", slices.Repeat([]error{busy}, 9), 10},
		{"no such chat", []error{noChat, noChat}, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				core := sentMarks{fail: tt.fail}
				m := newMarker(discard, core.send)
				go m.run(t.Context())
				m.add(direct(4), 1)
				time.Sleep(10 * time.Minute)
				synctest.Wait()
				if got := len(core.take()); got != tt.want || m.waiting() != 0 {
					t.Errorf("got %d commands and %d waiting, want %d and none", got, m.waiting(), tt.want)
				}
			})
		})
	}
}

// TestRefusedMarksHoldUpNobody: the marks of a chat that the core refuses wait
// together, within bounds, and those of others are sent.
func TestRefusedMarksHoldUpNobody(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var core sentMarks
		var healed atomic.Bool
		var marked []int64
		m := newMarker(discard, func(ctx context.Context, cmd string) (chat.Response, error) {
			if !healed.Load() && strings.HasPrefix(cmd, "/_read chat items @4 ") {
				return chat.Response{}, errors.New("database is busy")
			}
			return core.send(ctx, cmd)
		})
		m.marked = func(ids ...int64) { marked = append(marked, ids...) }
		go m.run(t.Context())
		for n := range int64(marksKept + 500) {
			m.add(direct(4), n+1)
		}
		m.add(direct(5), 1_000_001)
		time.Sleep(time.Minute)
		m.add(direct(4), 1_000_002) // one too many
		m.add(direct(5), 1_000_003)
		time.Sleep(time.Second)
		synctest.Wait()
		if got := core.take(); len(got) != 2 || m.waiting() != marksKept {
			t.Errorf("got commands %q and %d waiting, want those of the other chat and %d", got, m.waiting(), marksKept)
		}
		healed.Store(true)
		time.Sleep(2 * marksRetry)
		synctest.Wait()
		if len(marked) != marksKept+2 || m.waiting() != 0 || len(m.refused) != 0 {
			t.Errorf("got %d marked and %d waiting at last, want %d and none", len(marked), m.waiting(), marksKept+2)
		}
	})
}

// other makes an event of a chat that is no message.
func other(ref string) chat.Event {
	return chat.Event{Type: "groupUpdated", Raw: []byte(`{"type":"groupUpdated","user":{"userId":1},"chatInfo":` + chatInfo(ref) + `}`)}
}

// TestHangingMarks: while the core does not answer the marks of one chat, those of
// others are sent, and its own wait for the answer.
func TestHangingMarks(t *testing.T) {
	t.Parallel()
	for name, outcome := range map[string]error{"it works": nil, "it is refused": errors.New("database is busy")} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var core sentMarks
				var mu sync.Mutex
				var marked []int64
				hang := make(chan struct{})
				var hung atomic.Bool
				m := newMarker(discard, func(ctx context.Context, cmd string) (chat.Response, error) {
					if strings.HasPrefix(cmd, "/_read chat items @4 ") && !hung.Swap(true) {
						<-hang
						return chat.Response{}, outcome
					}
					return core.send(ctx, cmd)
				})
				m.marked = func(ids ...int64) {
					mu.Lock()
					defer mu.Unlock()
					marked = append(marked, ids...)
				}
				ctx, cancel := context.WithCancel(t.Context())
				ended := make(chan struct{})
				go func() { m.run(ctx); close(ended) }()
				const own = marksBatch + 3
				for n := range int64(own) {
					m.add(direct(4), n+1)
				}
				m.add(direct(5), 1000)
				time.Sleep(time.Minute)
				m.add(direct(4), 2000)
				m.add(direct(5), 2001)
				time.Sleep(time.Minute)
				if got, want := core.take(), []string{"/_read chat items @5 1000", "/_read chat items @5 2001"}; !reflect.DeepEqual(got, want) || m.waiting() != own+1 {
					t.Errorf("while it hangs: got %q and %d waiting, want %q and %d", got, m.waiting(), want, own+1)
				}
				m.flush(ctx) // as at a stop
				close(hang)
				time.Sleep(marksRetry)
				mu.Lock()
				defer mu.Unlock()
				if len(marked) != own+3 || m.waiting() != 0 || len(m.refused) != 0 {
					t.Errorf("after: got %d marked and %d waiting, want %d and none", len(marked), m.waiting(), own+3)
				}
				cancel()
				<-ended
			})
		})
	}
}

// event wraps a received item in an event of that user.
func itemEvent(t *testing.T, user int64, dir, live string) chat.Event {
	t.Helper()
	return chat.Event{Type: "newChatItems", Raw: fmt.Appendf(nil,
		`{"type":"newChatItems","user":{"userId":%d},"chatItems":[{"chatInfo":%s,"chatItem":{"chatDir":{"type":%q},"meta":{"itemId":7%s},"content":{"type":"rcvMsgContent"}}}]}`,
		user, chatInfo("@4"), dir, live)}
}

func TestWhatIsMarked(t *testing.T) {
	t.Parallel()
	finished := chat.Event{Type: "chatItemUpdated", Raw: fmt.Appendf(nil,
		`{"type":"chatItemUpdated","user":{"userId":1},"chatItem":{"chatInfo":%s,"chatItem":{"chatDir":{"type":"directRcv"},"meta":{"itemId":7},"content":{"type":"rcvMsgContent"}}}}`, chatInfo("@4"))}
	tests := []struct {
		name   string
		events []chat.Event
		want   int
	}{
		{"received", []chat.Event{itemEvent(t, 1, "directRcv", "")}, 1},
		{"sent", []chat.Event{itemEvent(t, 1, "directSnd", "")}, 0},
		{"another user's", []chat.Event{itemEvent(t, 2, "directRcv", "")}, 0},
		{"still being written", []chat.Event{itemEvent(t, 1, "directRcv", `,"itemLive":true`)}, 0},
		{"finished", []chat.Event{itemEvent(t, 1, "directRcv", `,"itemLive":true`), finished}, 1},
		{"an edit", []chat.Event{finished}, 0},
		{"no items", []chat.Event{other("@4")}, 0},
		{"not what it says", []chat.Event{{Type: "newChatItems", Raw: []byte(`{"type":"newChatItems","chatItems":[1,null,{}]}`)}}, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			h := &Host{ctl: &control{userID: 1}, live: newLiveItems(luaapi.MachineClock{}), taken: newTaken()}
			h.attempts = openAttempts(filepath.Join(t.TempDir(), "attempts"), discard)
			h.marks = newMarker(discard, nil)
			for _, ev := range tt.events {
				done := h.markWhenDone(h.claim(&ev))
				done()
				done()
			}
			if got := h.marks.waiting(); got != tt.want {
				t.Errorf("got %d marks, want %d", got, tt.want)
			}
		})
	}
}

func TestGone(t *testing.T) {
	t.Parallel()
	for err, want := range map[error]bool{
		&chat.CommandError{Type: "errorStore", Tag: "contactNotFound"}:         true,
		&chat.CommandError{Type: "errorStore", Tag: "userNotFoundByContactId"}: true,
		&chat.CommandError{Type: "errorStore", Tag: "dBBusyError"}:             false,
		&chat.CommandError{Type: "error", Tag: "differentActiveUser"}:          false,
		fs.ErrClosed: false,
	} {
		if got := gone(err); got != want {
			t.Errorf("gone(%v): got %t, want %t", err, got, want)
		}
	}
}
