package sim_test

import (
	"context"
	"strings"
	"testing"

	"github.com/simplex-lua/simplex-lua/internal/sim"
)

// TestLookups: what bots are tried out with finds the bot's name, and the links
// and members of groups.
func TestLookups(t *testing.T) {
	t.Parallel()
	net := virtual(t, sim.Options{Seed: 1})
	core, err := net.OpenBot("", "yesUp")
	must(t, err)
	if name, err := core.UserName(context.Background()); err == nil {
		t.Errorf("a fresh database has the user %q", name)
	}
	if _, err := net.OpenBot("another key", "yesUp"); err == nil || !strings.Contains(err.Error(), "errorNotADatabase") {
		t.Errorf("another key: got %v", err)
	}
	alice, bob := person(t, net, "alice"), person(t, net, "bob")
	if name, err := alice.Core.UserName(context.Background()); err != nil || name != "alice" {
		t.Errorf("got %q, %v", name, err)
	}
	team, err := alice.CreateGroup("team")
	must(t, err)
	link, err := alice.GroupLink(team)
	must(t, err)
	must(t, bob.Connect(link))
	if m, err := alice.Member(team, "bob"); err != nil || m.Role != "member" || m.ID == 0 {
		t.Errorf("got %+v, %v", m, err)
	}
	if _, err := alice.Member(team, "carol"); err == nil || !strings.Contains(err.Error(), "carol is not in #team as alice sees it; there are: bob") {
		t.Errorf("got %v", err)
	}
	if _, err := alice.GroupLink(team); err == nil {
		t.Error("a second link was made")
	}
}
