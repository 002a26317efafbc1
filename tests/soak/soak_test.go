package soak

import (
	"context"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/sim"
)

const (
	talkers = 6
	// groupEvery is how long a run takes for each further group: the simulator
	// sorts a group's messages for each page of them.
	groupEvery = 10 * time.Second
	// patience is how long the last life may take for what is left.
	patience = time.Minute
	// moreMemory is what may be allocated after more than before.
	moreMemory = 16 << 20
)

// settings are those of the environment.
func settings(t *testing.T) (length time.Duration, seed uint64) {
	t.Helper()
	length, seed = 3*time.Second, uint64(time.Now().UnixNano())
	var err error
	if text := os.Getenv("SOAK"); text != "" {
		if length, err = time.ParseDuration(text); err != nil {
			t.Fatal("SOAK:", err)
		}
	}
	if text := os.Getenv("SOAK_SEED"); text != "" {
		if seed, err = strconv.ParseUint(text, 10, 64); err != nil {
			t.Fatal("SOAK_SEED:", err)
		}
	}
	return length, seed
}

func TestSoak(t *testing.T) {
	length, seed := settings(t)
	t.Logf("SOAK=%v SOAK_SEED=%d", length, seed)
	soak(t, time.Second/2, 1) // what is allocated once is there before the first look
	runtime.GC()
	before := inUse()
	soak(t, length, seed)
	now := inUse()
	for deadline := time.Now().Add(patience); now.above(before) && time.Now().Before(deadline); now = inUse() {
		time.Sleep(10 * time.Millisecond) // pools and timers let go of things at the second look
		runtime.GC()
	}
	t.Logf("%d goroutines and %d KiB are left, %d and %d before", now.goroutines, now.bytes>>10, before.goroutines, before.bytes>>10)
	if now.above(before) {
		t.Errorf("too much is left\n%s", stacks())
	}
}

// use is what the process holds.
type use struct {
	goroutines int
	bytes      uint64
}

func inUse() use {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return use{runtime.NumGoroutine(), m.HeapAlloc}
}

func (u use) above(before use) bool {
	return u.goroutines > before.goroutines || u.bytes > before.bytes+moreMemory
}

func stacks() string {
	buf := make([]byte, 1<<20)
	return string(buf[:runtime.Stack(buf, true)])
}

func soak(t *testing.T, length time.Duration, seed uint64) {
	net, l := sim.New(sim.Options{Seed: seed}), newLedger()
	defer net.Close()
	b := newBot(t, net, l)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	if err := b.start(ctx); err != nil {
		t.Fatal(err)
	}
	if err := b.untilReady(ctx); err != nil {
		t.Fatal(err)
	}
	status, _ := b.Status()
	w := &town{net: net, ledger: l, address: status.Address, file: filepath.Join(b.dir, "letter.txt")}
	if err := os.WriteFile(w.file, []byte("Dear bot,"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := w.found(ctx, 2+int(length/groupEvery)); err != nil {
		t.Fatal(err)
	}

	deadline := time.Now().Add(length)
	day, over := context.WithDeadline(ctx, deadline)
	defer over()
	var all sync.WaitGroup
	visits := make([]int, talkers)
	for i := range talkers {
		all.Go(func() {
			var err error
			if visits[i], err = w.talk(day, i, rand.New(rand.NewPCG(seed, uint64(i)))); err != nil {
				t.Error(err)
			}
		})
	}
	edits := 0
	all.Go(func() { edits = b.edit(min(length/10, time.Second), deadline) })
	lived := b.live(ctx, rand.New(rand.NewPCG(seed, talkers)), deadline)
	all.Wait()
	if lived != nil {
		t.Fatal(lived)
	}
	finish(ctx, t, b)
	if left, err := unread(net, filepath.Join(b.dir, "data", "chat")); err != nil || left != "" {
		t.Errorf("after the end: %v\n%s", err, left)
	}
	problems, summary := l.check()
	for _, p := range problems {
		t.Error(p)
	}
	sum := 0
	for _, n := range visits {
		sum += n
	}
	t.Logf("%v: %s, %d lives, %d visits, %d edits", length, summary, b.life, sum, edits)
}

// finish lets the last life handle what is left, and ends it.
func finish(ctx context.Context, t *testing.T, b *bot) {
	t.Helper()
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	err := b.Idle(ctx, b.core.Load().Enqueued)
	for err == nil && !b.ledger.allHandled() { // asks hold their messages' chats for a moment
		select {
		case <-ctx.Done():
			err = ctx.Err()
		case <-time.After(10 * time.Millisecond):
		}
	}
	if err != nil {
		t.Errorf("the last life does not come to rest: %v", err)
	}
	if err := b.end(); err != nil {
		t.Error(err)
	}
}
