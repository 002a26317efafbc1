package sim_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/simplex-lua/simplex-lua/internal/sim"
)

// relay opens a user who runs a relay and returns its address.
func relay(t *testing.T, net *sim.Network) (link string) {
	t.Helper()
	core, _, err := net.Open("relay", "", "yesUp")
	must(t, err)
	for _, cmd := range []string{
		`/_create user {"profile":{"displayName":"relay","fullName":""},"pastTimestamp":false,"userChatRelay":true}`, "/_start", "/_address 1",
		`/_address_settings 1 {"businessAddress":false,"autoAccept":{"acceptIncognito":false}}`, "/_show_address 1",
	} {
		reply, err := core.Send(context.Background(), cmd)
		must(t, err)
		var r struct {
			Result struct {
				ContactLink struct {
					ConnLinkContact struct{ ConnShortLink string }
				}
			}
		}
		must(t, json.Unmarshal(reply, &r))
		if r.Result.ContactLink.ConnLinkContact.ConnShortLink != "" {
			link = r.Result.ContactLink.ConnLinkContact.ConnShortLink
		}
	}
	if !strings.Contains(link, "/r#") {
		t.Fatalf("got address %q, want that of a relay", link)
	}
	return link
}

// subscribe joins a channel as the apps do.
func subscribe(t *testing.T, p *sim.Person, link string) {
	t.Helper()
	var plan struct {
		ConnLink       struct{ ConnFullLink string }
		ConnectionPlan struct {
			GroupLinkPlan struct {
				Data json.RawMessage `json:"groupSLinkData_"`
			}
		}
	}
	r, err := p.Do("/_connect plan 1 " + link)
	must(t, err)
	must(t, json.Unmarshal(r, &plan))
	_, err = p.Do(fmt.Sprintf("/_prepare group 1 %s %s %s", plan.ConnLink.ConnFullLink, link, plan.ConnectionPlan.GroupLinkPlan.Data))
	must(t, err)
	_, err = p.Do("/_connect group #1")
	must(t, err)
	expect(t, p, "joined", "", "")
}

func TestChannel(t *testing.T) {
	t.Parallel()
	for _, version := range []string{"", "7.0"} {
		t.Run("version "+version, func(t *testing.T) {
			t.Parallel()
			net := newNetwork(t, sim.Options{Seed: 1, Version: version})
			address := relay(t, net)
			owner, alice, bob := person(t, net, "owner"), person(t, net, "alice"), person(t, net, "bob")
			_, err := owner.Do("/relays name=relay " + address)
			must(t, err)
			r, err := owner.Do(`/_public group 1 4 {"displayName":"news","fullName":""}`)
			must(t, err)
			var made struct {
				GroupLink struct {
					ConnLinkContact struct{ ConnShortLink string }
				}
			}
			must(t, json.Unmarshal(r, &made))
			for _, p := range []*sim.Person{alice, bob} {
				subscribe(t, p, made.GroupLink.ConnLinkContact.ConnShortLink)
			}
			_, err = owner.Do(`/_send #1(as_group=on) text for all`)
			must(t, err)
			expect(t, alice, "message", "news", "for all")
			expect(t, bob, "message", "news", "for all")
			if _, err := alice.Do("/_send #1 text may I?"); err == nil {
				t.Error("a subscriber could write")
			}
			_, err = owner.Do("/_member role #1 3 member")
			must(t, err)
			_, err = alice.Do("/_send #1 text I may")
			must(t, err)
			expect(t, owner, "message", "alice", "I may")
			if _, err := owner.Do("/_public group 1 99 {\"displayName\":\"x\",\"fullName\":\"\"}"); err == nil {
				t.Error("a channel was made with an unknown relay")
			}
		})
	}
}
