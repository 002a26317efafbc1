package sim_test

import (
	"strings"
	"testing"

	"github.com/simplex-lua/simplex-lua/internal/sim"
)

// TestSameGroupProfile: a profile that is no other is not told of.
func TestSameGroupProfile(t *testing.T) {
	t.Parallel()
	net := virtual(t, sim.Options{Seed: 1})
	host, alice := person(t, net, "host"), person(t, net, "alice")
	joinedByLink(t, host, alice)
	const profile = `/_group_profile #1 {"displayName":"team","fullName":"all of us"}`
	keep(t, net, []rule{{host, profile, "groupUpdated", ""}})
	if all := told(t, alice); !strings.Contains(all, `"type":"groupUpdated"`) {
		t.Errorf("got %s", all)
	}
	_, before := answer(t, host, "/_info #1")
	keep(t, net, []rule{
		{host, profile, "groupUpdated", ""},
		{host, "/_info #1", "groupInfo", before[strings.Index(before, `"chatTs":`):]},
	})
	if all := told(t, alice); all != "" {
		t.Errorf("got %s", all)
	}
}
