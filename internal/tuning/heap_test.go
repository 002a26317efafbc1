package tuning

import "testing"

func TestGCPercent(t *testing.T) {
	t.Parallel()
	for live, want := range map[uint64]int{
		0: 400, 1 << 20: 400, 3 << 20: 400, 5 << 20: 320, 9 << 20: 160, 16 << 20: 100, 48 << 20: 100, 120 << 20: 40, 300 << 20: 20,
	} {
		if got := gcPercent(live); got != want {
			t.Errorf("%d MiB live: got %d %%, want %d %%", live>>20, got, want)
		}
	}
	for live := uint64(1 << 20); live < 1<<30; live += 1 << 20 {
		growth := live * uint64(gcPercent(live)) / 100
		if growth > mostGrowth && growth > live/5 || live > leastGrowth && growth < leastGrowth/2 {
			t.Errorf("%d MiB live may grow by %d MiB", live>>20, growth>>20)
		}
	}
}
