package tuning

import (
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"sync/atomic"
)

// A heap may grow between two collections by what is live in it, but by
// leastGrowth at least and mostGrowth at most.
//
// Left alone, Go lets a heap double. But a bot keeps 3 MB and makes 10 kB of
// garbage with each message: a third of its work would be to collect it every
// few hundred messages. And one with thousands of handlers that wait would take
// hundreds of megabytes for garbage. Idle, growth costs nothing, for it is filled
// by work only.
const (
	leastGrowth = 16 << 20
	mostGrowth  = 48 << 20
)

// FollowHeap sets the collector's pace now and after each collection. Whoever
// sets GOGC has decided for himself.
func FollowHeap() {
	if os.Getenv("GOGC") != "" {
		return
	}
	percent := pace()
	debug.SetGCPercent(percent)
	followFrom(percent)
}

// followFrom waits, without a goroutine, for the end of a collection: that is
// when what nobody holds is cleaned up.
func followFrom(percent int) {
	runtime.AddCleanup(new(struct{ _ *byte }), func(int) {
		now := pace()
		if now != percent {
			debug.SetGCPercent(now) // stops all goroutines for some microseconds
		}
		followFrom(now)
	}, 0)
}

// keepsMuch is set by KeepMuch.
var keepsMuch atomic.Bool

// KeepMuch is for commands that keep thousands of people in memory: room for
// garbage matters more to them than the time that a collection takes. It counts
// from the next collection on.
func KeepMuch() { keepsMuch.Store(true) }

// pace is the collector's now, in percent.
func pace() int {
	percent := gcPercent(liveHeap())
	if keepsMuch.Load() {
		percent = max(percent/2, 20)
	}
	return percent
}

// gcPercent is how much a heap of so many live bytes may grow, in percent. It is
// a multiple of 20, so that it seldom changes, and at least 20: the larger the
// heap, the more work is a collection. Go lets every heap grow to 4 MiB at 100 %,
// and so to leastGrowth at the most here.
func gcPercent(live uint64) int {
	growth := min(max(live, leastGrowth), mostGrowth)
	return 20 * int(min(max(5*growth/max(live, 1), 1), 5*leastGrowth>>22))
}

// liveHeap is what the last collection found in use, in bytes.
func liveHeap() uint64 {
	s := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(s)
	return s[0].Value.Uint64()
}
