package sim

import (
	"strings"
	"testing"
	"time"
)

func TestTimers(t *testing.T) {
	t.Parallel()
	begin := time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)
	c := NewTimers(begin)
	var ran []string
	set := func(d time.Duration, name string) func() bool {
		return c.AfterFunc(d, func() { ran = append(ran, name) })
	}
	set(2*time.Second, "late")
	set(time.Second, "first")
	stop := set(time.Second, "stopped")
	set(time.Second, "second")
	if !stop() || stop() {
		t.Error("a timer is stopped once")
	}
	if c.Fire() {
		t.Error("a timer runs before its time")
	}
	if at, ok := c.Next(begin.Add(time.Minute)); !ok || !at.Equal(begin.Add(time.Second)) {
		t.Errorf("got %v, %v", at, ok)
	}
	if _, ok := c.Next(begin); ok {
		t.Error("a timer is due at once")
	}
	c.set(begin.Add(time.Second))
	for c.Fire() {
	}
	if got := strings.Join(ran, " "); got != "first second" {
		t.Errorf("got %s", got)
	}
}
