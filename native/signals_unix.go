//go:build linux || darwin

package native

import (
	"fmt"
	"syscall"

	"github.com/ebitengine/purego"
)

// guarded are the signals whose handling must stay Go's. A handler of the core
// would run on a goroutine's small stack (it lacks SA_ONSTACK) and corrupt it.
// The runtime is told to install none; this is the belt to those braces.
var guarded = []syscall.Signal{syscall.SIGINT, syscall.SIGPIPE, syscall.SIGQUIT, syscall.SIGTSTP, syscall.SIGTERM}

// disposition is a struct sigaction. We only save and restore it, so its
// layout does not matter; it is larger than any system's.
type disposition [256]byte

// savedSignals is what the guarded signals did before the runtime's start.
type savedSignals struct {
	sigaction func(signal int32, set, get *disposition) int32
	saved     []disposition // as guarded
}

// saveSignals reads the dispositions with sigaction of the C library that the
// library at handle uses.
func saveSignals(handle uintptr) (*savedSignals, error) {
	address, err := lookupC(handle, "sigaction")
	if err != nil {
		return nil, err
	}
	s := &savedSignals{saved: make([]disposition, len(guarded))}
	purego.RegisterFunc(&s.sigaction, address)
	for i, signal := range guarded {
		if s.sigaction(int32(signal), nil, &s.saved[i]) != 0 {
			return nil, fmt.Errorf("sigaction(%v) cannot be read", signal)
		}
	}
	return s, nil
}

// restore sets the dispositions that were changed back to what they were.
func (s *savedSignals) restore() error {
	for i, signal := range guarded {
		now := new(disposition)
		if s.sigaction(int32(signal), nil, now) == 0 && *now == s.saved[i] {
			continue
		}
		if s.sigaction(int32(signal), &s.saved[i], nil) != 0 {
			return fmt.Errorf("sigaction(%v) cannot be set back", signal)
		}
	}
	return nil
}
