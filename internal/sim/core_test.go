package sim_test

import (
	"testing"

	"github.com/simplex-lua/simplex-lua/internal/chat"
	"github.com/simplex-lua/simplex-lua/internal/chat/coretest"
	"github.com/simplex-lua/simplex-lua/internal/sim"
)

func TestCore(t *testing.T) {
	t.Parallel()
	coretest.Run(t, func(t *testing.T) chat.Core {
		net := sim.New(sim.Options{Seed: 1})
		t.Cleanup(net.Close)
		c, _, err := net.Open("db/tester", "", "yesUp")
		if err != nil {
			t.Fatal(err)
		}
		return c
	})
}
