package host

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/simplex-lua/simplex-lua/host/lanes"
	"github.com/simplex-lua/simplex-lua/internal/chat"
)

// BenchmarkDispatch is one message through the lanes to a runtime that does
// nothing, with its journal and its mark.
func BenchmarkDispatch(b *testing.B) {
	const firstID = 1_000_000_000
	first := []byte("1000000000") // each event has an id of its own
	for _, chats := range []int{1, 50, 5000} {
		b.Run(fmt.Sprintf("chats=%d", chats), func(b *testing.B) {
			core := newFakeCore()
			h := &Host{log: discard, ctl: &control{core: core, log: discard, userID: 1}, taken: newTaken()}
			h.attempts = openAttempts(filepath.Join(b.TempDir(), "attempts"), discard)
			b.Cleanup(h.attempts.close)
			h.marks = newMarker(discard, func(context.Context, string) (chat.Response, error) { return chat.Response{}, nil })
			h.marks.marked = h.attempts.end
			rt := newFakeRuntime("bot")
			var handled atomic.Int64
			rt.onEvent = func(context.Context, chat.Event) { handled.Add(1) }
			g := newGeneration(1, rt)
			close(g.begun)
			h.script.swap(g)
			d := lanes.New(lanes.Options{Log: discard, PerLane: 1 << 30, Handle: h.handle, Report: func(err error) { b.Error(err) }})
			d.SetUser(1)
			b.Cleanup(d.Stop)
			d.Open()
			raw := make([][]byte, chats)
			for i := range raw {
				it := fakeItem{id: firstID, chat: fmt.Sprintf("@%d", i+1), text: strings.Repeat("x", 2000), stored: time.Unix(1e9, 0)}
				raw[i] = []byte(it.event())
			}
			r := &receiver{core: core, log: discard, push: d.Push}
			settle := func() {
				_ = d.Quiet(b.Context())
				h.marks.flush(b.Context())
			}
			b.ReportAllocs()
			b.SetBytes(int64(len(raw[0])))
			b.ResetTimer()
			for i := range b.N {
				id := strconv.AppendInt(nil, firstID+int64(i), 10)
				r.take(bytes.Replace(raw[i%chats], first, id, 1))
				if i%4096 == 4095 {
					settle()
				}
			}
			settle()
			if n := handled.Load(); n != int64(b.N) {
				b.Errorf("%d of %d messages were handled", n, b.N)
			}
		})
	}
}
