package sim_test

import (
	"strings"
	"testing"

	"github.com/simplex-lua/simplex-lua/internal/sim"
)

// TestDescription: who joins a group with a description sees it once, sent with
// the history or, where there is none, shown by their own core.
func TestDescription(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, more     string
		invited, local bool
	}{
		{"history", `,"groupPreferences":{"history":{"enable":"on"}}`, false, false},
		{"no history", "", false, true},
		{"invited", `,"groupPreferences":{"history":{"enable":"on"}}`, true, false},
		{"review", `,"memberAdmission":{"review":"all"}`, false, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			net := virtual(t, sim.Options{Seed: 1})
			host, alice := person(t, net, "host"), person(t, net, "alice")
			keep(t, net, []rule{{host, `/_group 1 {"displayName":"team","fullName":"","description":"be *kind*"` + tt.more + `}`, "groupCreated", ""}})
			team := sim.Chat{Ref: "#1"}
			if tt.invited {
				link, err := host.Address()
				must(t, err)
				must(t, alice.Connect(link))
				must(t, host.Invite(team, sim.Chat{Ref: "@4"}, "member"))
				must(t, alice.Join(team))
			} else {
				link, err := host.GroupLink(team)
				must(t, err)
				must(t, alice.Connect(link))
			}
			if tt.name == "review" {
				if all := told(t, alice); strings.Contains(all, `"itemText":"be *kind*"`) {
					t.Errorf("told before the review: %s", all)
				}
				keep(t, net, []rule{{host, "/_accept member #1 2 member", "memberAccepted", ""}})
			}
			all := told(t, alice)
			_, meta, _ := strings.Cut(all, `"itemText":"be *kind*"`)
			meta, _, _ = strings.Cut(meta, `"content"`)
			if strings.Count(all, `"itemText":"be *kind*"`) != 1 || strings.Contains(meta, "itemSharedMsgId") == tt.local {
				t.Errorf("got %s", all)
			}
		})
	}
}
