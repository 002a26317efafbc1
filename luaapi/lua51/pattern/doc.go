// Package pattern matches Lua 5.1 patterns, with a bound on the steps it takes.
//
// Results, captures and messages are those of the reference implementation,
// %f included. A pattern that backtracks without end fails with ErrSteps after
// the steps its Matcher was given; stock gopher-lua runs on for seconds or
// hours.
//
//	m := pattern.New(subject, "(%w+)=(%w+)", steps)
//	start, end, err := m.Find(0) ── m.Count, m.Capture(i)
package pattern
