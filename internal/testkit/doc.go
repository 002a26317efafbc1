// Package testkit holds what tests of many packages need: a buffer that several
// goroutines write to, and waiting for what is about to happen.
//
//	program ──▶ Buffer ◀── test: Wait(t, "ready", 1)
//	            state  ◀── test: Until(t, "the bot runs", func() bool { … })
//
// Only tests import it. All waiting ends after Patience, which fails the test;
// inside a synctest bubble that is time of the bubble.
package testkit
