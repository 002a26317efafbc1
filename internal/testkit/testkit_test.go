package testkit

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// failing is a test that notes how it failed.
type failing struct {
	testing.TB
	said string
}

// errFailed ends what a failing test runs, as runtime.Goexit ends a test.
var errFailed = errors.New("failed")

func (f *failing) Helper()           {}
func (f *failing) Fatal(args ...any) { f.said = fmt.Sprint(args...); panic(errFailed) }
func (f *failing) Fatalf(format string, args ...any) {
	f.Fatal(fmt.Sprintf(format, args...))
}

// failure runs what has to fail its test, and returns what that test says.
func failure(t *testing.T, run func(t testing.TB)) string {
	t.Helper()
	f := &failing{TB: t}
	func() {
		defer func() {
			if r := recover(); r != errFailed {
				t.Errorf("ended with %v, want a failure of the test", r)
			}
		}()
		run(f)
	}()
	return f.said
}

func TestWaiting(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		later := func() bool { return time.Since(began) >= time.Second }
		Until(t, "a second is over", later)
		began = time.Now()
		Succeed(t, func() error {
			if !later() {
				return errors.New("too early")
			}
			return nil
		})
		var b Buffer
		go func() {
			for range 3 {
				fmt.Fprintln(&b, "tick")
				time.Sleep(time.Second)
			}
		}()
		if got := b.Wait(t, "tick\n", 2); got != "tick\ntick\n" || !b.Has("tick") || b.Has("tock") {
			t.Errorf("got %q", got)
		}
		time.Sleep(time.Minute)
	})
}

func TestPatience(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var b Buffer
		fmt.Fprint(&b, "hello")
		for want, run := range map[string]func(testing.TB){
			"never happened: it":             func(t testing.TB) { Until(t, "it", func() bool { return false }) },
			"not yet":                        func(t testing.TB) { Succeed(t, func() error { return errors.New("not yet") }) },
			"want \"l\" 3 times, got\nhello": func(t testing.TB) { b.Wait(t, "l", 3) },
		} {
			began := time.Now()
			if got := failure(t, run); !strings.Contains(got, want) {
				t.Errorf("got %q, want %q", got, want)
			}
			if waited := time.Since(began); waited < Patience || waited > Patience+time.Second {
				t.Errorf("%s: waited %v", want, waited)
			}
		}
	})
}
