package host

import "time"

// sameMoment tells whether two times in the core's form are the same. An event
// tells nanoseconds, and what is read later only as much as the database keeps,
// which with Postgres are microseconds.
func sameMoment(a, b string) bool {
	if a == b {
		return true
	}
	t, err := time.Parse(time.RFC3339Nano, a)
	u, err2 := time.Parse(time.RFC3339Nano, b)
	return err == nil && err2 == nil && t.Sub(u).Abs() < time.Millisecond
}
