package loglimit

import (
	"testing"
	"testing/synctest"
	"time"
)

func TestLimiter(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := Limiter{Every: time.Minute}
		for i, tt := range []struct {
			after time.Duration
			held  int
			ok    bool
		}{
			{0, 0, true}, {0, 0, false}, {time.Minute - 1, 0, false}, {1, 2, true}, {time.Hour, 0, true}, {time.Second, 0, false},
		} {
			time.Sleep(tt.after)
			if held, ok := l.Allow(); held != tt.held || ok != tt.ok {
				t.Errorf("line %d: got %d held back, %t; want %d, %t", i, held, ok, tt.held, tt.ok)
			}
		}
	})
}
