package testkit

import (
	"bytes"
	"strings"
	"sync"
	"testing"
	"time"
)

// Patience is how long a test waits for what has to come; a machine can be slow.
const Patience = 3 * time.Minute

// pause is the time between two looks.
const pause = time.Millisecond

// Until waits until the condition holds. It fails the test at once, with what
// should have happened, where that takes longer than Patience. It calls holds
// in the goroutine of the caller, which is the test's.
func Until(t testing.TB, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(Patience); !holds(); time.Sleep(pause) {
		if time.Now().After(deadline) {
			t.Fatalf("never happened: %s", what)
		}
	}
}

// Succeed calls try until it returns no error. It fails the test at once, with
// the last error, where that takes longer than Patience.
func Succeed(t testing.TB, try func() error) {
	t.Helper()
	for deadline := time.Now().Add(Patience); ; time.Sleep(pause) {
		err := try()
		if err == nil {
			return
		}
		if time.Now().After(deadline) {
			t.Fatal(err)
		}
	}
}

// Buffer collects what is written. The zero value is empty and ready; several
// goroutines may use it. It must not be copied.
type Buffer struct {
	mu   sync.Mutex // guards text
	text bytes.Buffer
}

// Write appends p. It never fails.
func (b *Buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

// String returns all that has been written.
func (b *Buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

// Has tells whether part has been written.
func (b *Buffer) Has(part string) bool { return strings.Contains(b.String(), part) }

// Wait waits until part has been written n times and returns all that has been
// written. It fails the test at once where that takes longer than Patience.
func (b *Buffer) Wait(t testing.TB, part string, n int) string {
	t.Helper()
	for deadline := time.Now().Add(Patience); ; time.Sleep(pause) {
		text := b.String()
		if strings.Count(text, part) >= n {
			return text
		}
		if time.Now().After(deadline) {
			t.Fatalf("want %q %d times, got\n%s", part, n, text)
		}
	}
}
