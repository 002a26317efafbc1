package peers

import (
	"testing"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/sim"
	"github.com/simplex-lua/simplex-lua/tests/simbot"
)

// The example of a sealed chat between two bots: the one says hello, the other
// answers, and there it ends.
func TestSealed(t *testing.T) {
	t.Parallel()
	net, script := sim.New(sim.Options{}), simbot.Read(t, "../../scripts/examples/sealed.lua")
	env := map[string]string{"SEALED_PASSWORD": "long and random"}
	one := simbot.Start(t, net, "one", script, simbot.Options{Env: env})
	env = map[string]string{"SEALED_PASSWORD": "long and random", "SEALED_PEER": address(t, one)}
	two := simbot.Start(t, net, "two", script, simbot.Options{Env: env})
	two.Out.WaitLine(t, "Sealed: Got: Hello")
	if one.Out.Count("Sealed: Hello") != 1 {
		t.Errorf("the first bot printed\n%s", one.Out)
	}
	before := one.Out.String() + two.Out.String()
	time.Sleep(300 * time.Millisecond) // nothing else comes: an answer to the answer would be there at once
	if after := one.Out.String() + two.Out.String(); after != before {
		t.Errorf("they do not end:\n%s", after)
	}
}
