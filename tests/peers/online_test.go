package peers

import (
	"testing"

	"github.com/simplex-lua/simplex-lua/internal/sim"
	"github.com/simplex-lua/simplex-lua/tests/simbot"
)

// A bot waits until it is online, counts its connections, and is connected
// again by itself when its server is back.
func TestOnline(t *testing.T) {
	t.Parallel()
	net := sim.New(sim.Options{})
	answering := simbot.Start(t, net, "answering", simbot.Read(t, "answering"), simbot.Options{})
	b := simbot.Start(t, net, "online", simbot.Read(t, "online"), simbot.Options{Env: map[string]string{"LINK": address(t, answering)}})
	b.Out.WaitLine(t, "true 1 of 1")
	for _, step := range []struct {
		up   bool
		line string
	}{{false, "away: nil"}, {true, "online again"}} {
		if err := net.SetServer("smp", step.up); err != nil {
			t.Fatal(err)
		}
		b.Out.WaitLine(t, step.line)
	}
	<-b.Done()
	check(t, b.Out.String(), "online", "49 is 49")
}

// What a bot knows of others: the profile and address that they show, and the
// members of a group.
func TestProfiles(t *testing.T) {
	t.Parallel()
	out, _ := pair(t, "profiles")
	check(t, out, "Answerer with an address", "Answerer")
}
