package sim_test

import (
	"strings"
	"testing"

	"github.com/simplex-lua/simplex-lua/internal/sim"
)

// askedTwice is a network in which alice asks bob twice while he is away, under
// another name the second time if there is one. Bob opens his app at the end.
func askedTwice(t *testing.T, settings, name string, before func(bob *sim.Person)) (net *sim.Network, alice, bob *sim.Person) {
	t.Helper()
	net = virtual(t, sim.Options{Seed: 1})
	alice, bob = person(t, net, "alice"), person(t, net, "bob")
	link, err := bob.Address()
	must(t, err)
	keep(t, net, []rule{{bob, "/_address_settings 1 " + settings, "userContactLinkUpdated", ""}})
	told(t, bob)
	if before == nil {
		bob.Close()
	}
	must(t, alice.Connect(link))
	if before != nil {
		before(bob)
	}
	if name != "" {
		keep(t, net, []rule{{alice, renamed(name), "userProfileUpdated", ""}})
	}
	must(t, alice.Connect(link))
	return net, alice, person(t, net, "bob")
}

// TestRequestOutlivesAddress: a request can be accepted when its address is gone,
// and knows of none then.
func TestRequestOutlivesAddress(t *testing.T) {
	t.Parallel()
	net, _, bob := askedTwice(t, `{"businessAddress":false}`, "", func(*sim.Person) {})
	keep(t, net, []rule{
		{bob, "/_delete_address 1", "userContactLinkDeleted", ""},
		{bob, "/_accept 1", "acceptingContactRequest", `"contactId":4`},
	})
	if _, all := answer(t, bob, "/_info @4"); strings.Contains(all, "viaUserContactLink") {
		t.Errorf("got %s", all)
	}
}

// TestRequestRepeated: who asks twice is told of once.
func TestRequestRepeated(t *testing.T) {
	t.Parallel()
	const accepts = `{"businessAddress":false,"autoAccept":{"acceptIncognito":false}}`
	t.Run("accepted", func(t *testing.T) {
		t.Parallel()
		_, _, bob := askedTwice(t, accepts, "", nil)
		all := told(t, bob)
		if strings.Count(all, `"type":"acceptingContactRequest"`) != 1 || !strings.Contains(all, `"type":"contactRequestAlreadyAccepted","user"`) || strings.Contains(all, "receivedContactRequest") {
			t.Errorf("got %s", all)
		}
	})
	t.Run("business", func(t *testing.T) {
		t.Parallel()
		_, _, bob := askedTwice(t, `{"businessAddress":true,"autoAccept":{"acceptIncognito":false}}`, "", nil)
		all := told(t, bob)
		if strings.Count(all, `"type":"acceptingBusinessRequest"`) != 1 || !strings.Contains(all, `"type":"businessRequestAlreadyAccepted","user"`) {
			t.Errorf("got %s", all)
		}
	})
	t.Run("accepted meanwhile", func(t *testing.T) {
		t.Parallel()
		net, _, bob := askedTwice(t, `{"businessAddress":false}`, "", func(bob *sim.Person) {
			if all := told(t, bob); !strings.Contains(all, "receivedContactRequest") {
				t.Errorf("got %s", all)
			}
			_, err := bob.Do("/_address_settings 1 " + accepts)
			must(t, err)
		})
		if all := told(t, bob); !strings.Contains(all, "acceptingContactRequest") || strings.Contains(all, "receivedContactRequest") {
			t.Errorf("got %s", all)
		}
		keep(t, net, []rule{{bob, text("@4", "hi"), "newChatItems", ""}})
	})
	t.Run("renamed", func(t *testing.T) {
		t.Parallel()
		net, _, bob := askedTwice(t, `{"businessAddress":false}`, "alicia", func(bob *sim.Person) { told(t, bob) })
		all := told(t, bob)
		for _, want := range []string{`"contactRequestId":1,`, `"localDisplayName":"alicia"`, `"profile":{"displayName":"alicia"`} {
			if !strings.Contains(all, want) {
				t.Errorf("got %s, want %s", all, want)
			}
		}
		keep(t, net, []rule{
			{bob, "/_accept 1", "acceptingContactRequest", `"localDisplayName":"alicia"`},
			{bob, text("@4", "hi"), "newChatItems", ""},
		})
	})
}
