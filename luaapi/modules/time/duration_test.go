package time

import "testing"

// Whatever the text, a duration is none or within its bounds, and what
// humanized makes of it is one again.
func FuzzDuration(f *testing.F) {
	for _, s := range []string{"", "90", "1h30m", "2 days, 4 hours", "1.5h", "9e99", "1w1w", "-1s", "١s", "1 h h"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		d, ok := readDuration(text)
		if !ok {
			return
		}
		if d < 0 || d > maxDuration {
			t.Errorf("%q: %v is out of bounds", text, d)
		}
		if again, ok := readDuration(humanized(d)); !ok || again > d {
			t.Errorf("%q: %v became %q, which is %v", text, d, humanized(d), again)
		}
	})
}
