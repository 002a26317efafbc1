package tuning

import (
	"slices"
	"testing"
	"time"
)

func TestProcessors(t *testing.T) {
	t.Parallel()
	const fast, slow = 10 * time.Microsecond, 5 * time.Millisecond
	type step struct {
		bots int           // that open before it, or close
		took time.Duration // of each of n commands, apart after one another
		n    int
		gap  time.Duration
	}
	for _, tt := range []struct {
		name  string
		steps []step
		want  []bool // one processor?
	}{
		{"starting", []step{{1, fast, 15, fast}}, nil},
		{"a quick core", []step{{1, fast, 5000, fast}}, []bool{true}},
		{"a slow core", []step{{1, slow, 200, slow}}, nil},
		{"slow later", []step{{1, fast, 5000, fast}, {0, slow, 2, slow}}, []bool{true, false}},
		{"rare later", []step{{1, fast, 5000, fast}, {0, fast, 2, time.Millisecond}}, []bool{true, false}},
		{"one slow command of ten", []step{{1, fast, 5000, fast}, {0, slow, 1, slow}, {0, fast, 9, fast}, {0, slow, 1, slow}, {0, fast, 9, fast}}, []bool{true}},
		{"quick again", []step{{1, slow, 20, slow}, {0, fast, 5000, fast}}, []bool{true}},
		{"quick in between", []step{{1, slow, 20, slow}, {0, fast, 500, fast}, {0, slow, 20, slow}}, nil},
		{"two bots", []step{{2, fast, 5000, fast}}, nil},
		{"restarted", []step{{1, fast, 5000, fast}, {-1, fast, 0, fast}, {1, fast, 5000, fast}}, []bool{true, false, true}},
		{"restarted twice while another runs", []step{{2, fast, 0, fast}, {-1, fast, 0, fast}, {1, fast, 0, fast}, {-1, fast, 0, fast}, {1, fast, 5000, fast}}, nil},
		{"one of two has ended", []step{{2, fast, 5000, fast}, {-1, fast, 5000, fast}}, []bool{true}},
		{"a second bot", []step{{1, fast, 5000, fast}, {1, fast, 5000, fast}}, []bool{true, false}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var got []bool
			p := &Processors{set: func(one bool) { got = append(got, one) }}
			now := time.Unix(0, 0)
			var open []*TimedController
			for _, s := range tt.steps {
				for range s.bots {
					open = append(open, p.Core(nil))
				}
				if s.bots < 0 {
					open[0].leave()
					open[0].leave() // as a second Close
					open = open[1:]
				}
				for range s.n {
					now = now.Add(s.gap)
					p.note(s.took, now)
				}
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}
