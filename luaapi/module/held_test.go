package module

import (
	"errors"
	"slices"
	"testing"
)

// closingVM is a generation of which only the end is seen.
type closingVM struct {
	VM
	close func()
}

func (vm *closingVM) OnClose(fn func()) { vm.close = fn }

func TestHeld(t *testing.T) {
	t.Parallel()
	vm := &closingVM{}
	var ended []int
	h := NewHeld(vm, "net.connect", "connections", 2, func(n int) { ended = append(ended, n) })
	for _, n := range []int{1, 2} {
		if err := h.Add(n); err != nil {
			t.Fatal(err)
		}
	}
	limit := (*Error)(nil)
	if err := h.Add(3); !errors.As(err, &limit) || limit.Type != ErrLimit ||
		limit.Message != "net.connect: there are 2 open connections already; close what is no longer needed" {
		t.Errorf("one too many: %v", err)
	}
	h.Drop(3) // as whoever could not add it does
	h.Drop(1)
	if err := h.Add(4); err != nil {
		t.Errorf("room after one has ended: %v", err)
	}
	vm.close()
	vm.close()
	if slices.Sort(ended[2:]); !slices.Equal(ended, []int{3, 1, 2, 4}) {
		t.Errorf("ended %v", ended)
	}
}
