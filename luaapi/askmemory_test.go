package luaapi

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/chat"
	"github.com/simplex-lua/simplex-lua/internal/testkit"
)

// Handlers that wait in ask take little: so that 10,000 take at most 350 MiB with
// the garbage, each may take 24 kB, its stacks included: also
// where the core takes much of them for itself, as the real one does. What they took comes
// back, and the text of the event does not wait with them. The test is not
// parallel, for it measures the heap of the process.
func TestMemoryOfAsk(t *testing.T) {
	people, each := int64(2000), int64(24<<10)
	if raced { // it is slow, and takes memory of its own
		people, each = 400, 80<<10
	}
	for name, script := range map[string]string{
		"plain": `bot.on_message(function(msg) local answer = msg:ask("what?") msg:reply(answer.text) end)`,
		"pcall": `bot.on_message(function(msg) pcall(function() local answer = msg:ask("what?") msg:reply(answer.text) end) end)`,
	} {
		t.Run(name, func(t *testing.T) {
			b := start(t, script)
			item := itemsJSON("@4", "directSnd", 1000, `{"type":"sndMsgContent","msgContent":{"type":"text","text":"49"}}`, "")
			b.Attach(Session{Core: &deepCore{reply: []byte(`{"result":` + item + `}`)}, UserID: 1, FilesDir: t.TempDir()})
			var freed, done atomic.Int64
			say := func() {
				for n := range people {
					text := []byte(`{"result":` + strings.Replace(string(textEvent(fmt.Sprintf("@%d", n+1), n+1, "hello").Raw),
						`"userId":1`, `"userId":1,"padding":"`+strings.Repeat("x", 3000)+`"`, 1) + `}`)
					runtime.AddCleanup(&text[0], func(int) { freed.Add(1) }, 0)
					ev, err := chat.ParseEvent(text)
					if err != nil {
						t.Fatal(err)
					}
					if !b.Offer(ev, func() { done.Add(1) }) {
						b.Dispatch(ev, func() { done.Add(1) })
					}
				}
			}
			say()
			say() // the threads and goroutines that are kept for the next ones are there now
			if err := b.Drain(t.Context()); err != nil {
				t.Fatal(err)
			}
			before := inUse()
			freed.Store(0)
			done.Store(0)
			say()
			testkit.Until(t, "the texts are freed", func() bool {
				runtime.GC()
				return freed.Load() >= people-10 // the last ones may be on some stack
			})
			during := inUse()
			if got := done.Load(); got != 0 {
				t.Fatalf("got %d handlers that ended, want all to wait", got)
			}
			if got := (during - before) / people; got > each {
				t.Errorf("got %d bytes for each handler that waits, want at most %d", got, each)
			}
			say()
			if err := b.Drain(t.Context()); err != nil || done.Load() != 2*people {
				t.Fatalf("got %d messages done, %v, want %d", done.Load(), err, 2*people)
			}
			if after := inUse(); after-before > (during-before)/10 && !raced {
				t.Errorf("got %d bytes kept of %d, want less than a tenth", after-before, during-before)
			}
		})
	}
}

// deepCore is an echoCore that takes as much stack as calling C takes below Send.
type deepCore struct {
	fakeCore
	reply []byte
}

func (c *deepCore) Send(context.Context, string) ([]byte, error) {
	takeStack()
	return c.reply, nil
}

//go:noinline
func takeStack() {
	var frames [1800]byte
	runtime.KeepAlive(&frames)
}

// inUse is the memory of heap and stacks after a collection, in bytes. What
// cleanups hold is free only after they have run.
func inUse() int64 {
	for range 3 {
		runtime.GC()
		time.Sleep(time.Millisecond)
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc + m.StackInuse)
}
