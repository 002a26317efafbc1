package main

import (
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

// heapSlack is how far a heap may grow between two collections that is smaller
// than that. Left alone, Go lets a heap double, but a bot keeps 3 MB and makes
// 10 kB of garbage with each message: a third of its work would be to collect it
// every few hundred messages. Idle, the slack costs nothing, for it is filled by
// work only.
const heapSlack = 16 << 20

// followHeap sets the collector's pace now and after each collection. Whoever
// sets GOGC has decided for himself.
func followHeap() {
	if os.Getenv("GOGC") != "" {
		return
	}
	percent := gcPercent(liveHeap())
	debug.SetGCPercent(percent)
	followFrom(percent)
}

// followFrom waits, without a goroutine, for the end of a collection: that is
// when what nobody holds is cleaned up.
func followFrom(percent int) {
	runtime.AddCleanup(new(struct{ _ *byte }), func(int) {
		now := gcPercent(liveHeap())
		if now != percent {
			debug.SetGCPercent(now) // stops all goroutines for some microseconds
		}
		followFrom(now)
	}, 0)
}

// gcPercent is how much a heap of so many live bytes may grow, in percent. It is
// a multiple of 100, so that it seldom changes, and 100 from heapSlack on. Go
// lets every heap grow to 4 MiB at 100 %, and so to heapSlack at the most here.
func gcPercent(live uint64) int {
	return 100 * int(min(max(heapSlack/max(live, 1), 1), heapSlack>>22))
}

// liveHeap is what the last collection found in use, in bytes.
func liveHeap() uint64 {
	s := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(s)
	return s[0].Value.Uint64()
}
