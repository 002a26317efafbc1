package luaapi

import (
	"slices"
	"testing"

	"github.com/simplex-lua/simplex-lua/internal/chat"
)

// Of ten thousand who wait, those of the message's chat are asked, and those
// who wait for any event, the oldest first.
func TestWaitersByChat(t *testing.T) {
	t.Parallel()
	direct := func(id int64) chat.Ref { return chat.Ref{Type: chat.TypeDirect, ID: id} }
	var ws waiters
	if ws.any() {
		t.Error("nobody waits yet")
	}
	var all []*waiter
	for id := range int64(10_000) {
		w := &waiter{chat: direct(id + 1)}
		all = append(all, w)
		ws.add(w)
	}
	anywhere, second := &waiter{}, &waiter{chat: direct(7)}
	ws.add(anywhere)
	ws.add(second)
	items := []chat.Item{{Chat: direct(8)}, {Chat: direct(7)}, {Chat: direct(8)}}
	if got, want := ws.inChatsOf(items), []*waiter{all[6], all[7], anywhere, second}; !slices.Equal(got, want) {
		t.Errorf("got %d waiters, want those of 7 and 8 and of anywhere, by age", len(got))
	}
	if got := ws.inChatsOf(nil); !slices.Equal(got, []*waiter{anywhere}) {
		t.Errorf("an event without messages: got %d waiters, want one", len(got))
	}
	for _, w := range append(all, anywhere, second) {
		if !ws.take(w) || ws.take(w) {
			t.Fatal("a waiter can be taken once")
		}
	}
	if ws.any() || len(ws.byChat) != 0 {
		t.Error("got some left, want none")
	}
}
