package sim

import (
	"sync"
	"time"
)

// Clock tells the time to a network. Real and NewVirtual make the two kinds.
type Clock interface {
	// Now returns the current time.
	Now() time.Time
}

// Real is the clock of the machine.
type Real struct{}

// Now returns the current time.
func (Real) Now() time.Time { return time.Now() }

// Virtual is a clock that stands still until the network is told to advance.
// It is safe for use by several goroutines.
type Virtual struct {
	mu  sync.Mutex
	now time.Time
}

// NewVirtual returns a clock that stands at start.
func NewVirtual(start time.Time) *Virtual { return &Virtual{now: start} }

// Now returns the time the clock stands at.
func (v *Virtual) Now() time.Time {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.now
}

func (v *Virtual) set(t time.Time) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if t.After(v.now) {
		v.now = t
	}
}

// stamp is a time as the core has it: UTC, in microseconds, counted since the year
// 1, where the zero time is. It takes a third of a time.Time.
type stamp struct{ us int64 }

const usUntil1970 = 62_135_596_800_000_000

func stampOf(t time.Time) stamp { return stamp{t.UnixMicro() + usUntil1970} }

func (s stamp) time() time.Time { return time.UnixMicro(s.us - usUntil1970).UTC() }

func (s stamp) isZero() bool { return s.us == 0 }

func (s stamp) before(t stamp) bool { return s.us < t.us }

func (s stamp) add(d time.Duration) stamp { return stamp{s.us + d.Microseconds()} }

// second cuts off the fraction, as servers do.
func (s stamp) second() stamp { return stamp{s.us - s.us%1_000_000} }

// stampLayout leaves out the zeros at the end of the fraction.
const stampLayout = time.RFC3339Nano

// MarshalJSON writes the time in the core's form.
func (s stamp) MarshalJSON() ([]byte, error) {
	return s.append(make([]byte, 0, 32)), nil
}

// timer is something that happens at a time of the network.
type timer struct {
	at   time.Time
	seq  uint64
	run  func()
	dead bool
}

// timers is a heap by time, then by order of setting.
type timers []*timer

func (t timers) Len() int      { return len(t) }
func (t timers) Swap(i, j int) { t[i], t[j] = t[j], t[i] }
func (t timers) Less(i, j int) bool {
	if t[i].at.Equal(t[j].at) {
		return t[i].seq < t[j].seq
	}
	return t[i].at.Before(t[j].at)
}

// Push is for package heap.
func (t *timers) Push(x any) { *t = append(*t, x.(*timer)) }

// Pop is for package heap.
func (t *timers) Pop() any {
	old := *t
	last := old[len(old)-1]
	*t = old[:len(old)-1]
	return last
}
