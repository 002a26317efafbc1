package peers

import (
	"fmt"
	"testing"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/sim"
	"github.com/simplex-lua/simplex-lua/internal/testkit"
	"github.com/simplex-lua/simplex-lua/tests/simbot"
)

// Two of the example vaults: a note that one keeps is opened at the other.
func TestVaults(t *testing.T) {
	t.Parallel()
	net, script := sim.New(sim.Options{}), simbot.Read(t, "../../scripts/examples/vault.lua")
	keeps := simbot.Start(t, net, "keeps", script, simbot.Options{})
	opens := simbot.Start(t, net, "opens", script, simbot.Options{Env: map[string]string{"VAULT_FRIEND": address(t, keeps)}})
	key := visit(t, net, "alice", keeps)("/keep the key is under the mat")
	ask := visit(t, net, "bob", opens)
	testkit.Succeed(t, func() error { // until the two are connected
		if got := ask("/stats"); got != "I keep 0. Vault keeps 1." {
			return fmt.Errorf("/stats: got %q", got)
		}
		return nil
	})
	if got := ask("/open " + key); got != "the key is under the mat" {
		t.Errorf("/open: got %q", got)
	}
}

// visit connects somebody with a vault, and returns what writes to it and
// returns its answer.
func visit(t *testing.T, net *sim.Network, name string, vault simbot.Bot) (ask func(text string) string) {
	t.Helper()
	p, err := net.Person(name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	if err := p.Connect(address(t, vault)); err != nil {
		t.Fatal(err)
	}
	var c sim.Chat
	testkit.Succeed(t, func() (err error) { c, err = p.Chat("Vault"); return err })
	answer := func() string {
		for deadline := time.Now().Add(testkit.Patience); time.Now().Before(deadline); {
			r, err := p.Receive(100 * time.Millisecond)
			if err != nil {
				t.Fatal(err)
			}
			if r != nil && r.What == "message" {
				return r.Text
			}
		}
		t.Fatalf("no answer to %s", name)
		return ""
	}
	answer() // the welcome
	return func(text string) string {
		testkit.Succeed(t, func() error { _, err := p.SendText(c, text); return err })
		return answer()
	}
}
