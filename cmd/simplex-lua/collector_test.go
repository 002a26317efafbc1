package main

import "testing"

func TestGCPercent(t *testing.T) {
	t.Parallel()
	for live, want := range map[uint64]int{
		0: 400, 1 << 20: 400, 3 << 20: 400, 5 << 20: 300, 9 << 20: 100, 16 << 20: 100, 300 << 20: 100,
	} {
		if got := gcPercent(live); got != want {
			t.Errorf("%d MiB live: got %d %%, want %d %%", live>>20, got, want)
		}
		if grown := live + live*uint64(gcPercent(live))/100; live < heapSlack && grown > live+heapSlack {
			t.Errorf("%d MiB live: it may grow to %d MiB", live>>20, grown>>20)
		}
	}
}
