package sim_test

import (
	"testing"

	"github.com/simplex-lua/simplex-lua/internal/sim"
)

// TestUnknownNames: the error of a name that no chat has says which kind was sought.
func TestUnknownNames(t *testing.T) {
	t.Parallel()
	net := virtual(t, sim.Options{Seed: 1})
	alice := person(t, net, "alice")
	keep(t, net, []rule{
		{alice, "#nogroup hello", "groupNotFoundByName", `"groupName":"nogroup"`},
		{alice, "@nobody hello", "contactNotFoundByName", `"contactName":"nobody"`},
	})
}
