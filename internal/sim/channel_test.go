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
func relay(t *testing.T, net *sim.Network, name string) (link string) {
	t.Helper()
	core, _, err := net.Open(name, "", "yesUp")
	must(t, err)
	for _, cmd := range []string{
		`/_create user {"profile":{"displayName":"` + name + `","fullName":""},"pastTimestamp":false,"userChatRelay":true}`, "/_start", "/_address 1",
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
			address := relay(t, net, "relay")
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

// TestAddRelays: who subscribes after a relay was added connects to both relays,
// and hears of posts once.
func TestAddRelays(t *testing.T) {
	t.Parallel()
	net := newNetwork(t, sim.Options{Seed: 1, Version: "7.0"})
	first, second := relay(t, net, "first"), relay(t, net, "second")
	owner, alice, bob := person(t, net, "owner"), person(t, net, "alice"), person(t, net, "bob")
	_, err := owner.Do("/relays name=first " + first + " name=second " + second + " name=away https://localhost/r#nobody")
	must(t, err)
	r, err := owner.Do(`/_public group 1 4 {"displayName":"news","fullName":""}`)
	must(t, err)
	var made struct {
		GroupLink struct {
			ConnLinkContact struct{ ConnShortLink string }
		}
	}
	must(t, json.Unmarshal(r, &made))
	link := made.GroupLink.ConnLinkContact.ConnShortLink
	subscribe(t, alice, link)
	for _, refused := range []struct{ cmd, want string }{
		{"/_add relays #1 99", "userChatRelayNotFound"},
		{"/_add relays #1 4", "not simulated"},
		{"/_add relays #9 5", "groupNotFound"},
	} {
		if _, err := owner.Do(refused.cmd); err == nil || !strings.Contains(err.Error(), refused.want) {
			t.Errorf("%s: got %v, want %s", refused.cmd, err, refused.want)
		}
	}
	if _, err := alice.Do("/_add relays #1 1"); err == nil || !strings.Contains(err.Error(), "groupUserRole") {
		t.Errorf("a subscriber adds a relay: got %v", err)
	}
	r, err = owner.Do("/_add relays #1 5")
	must(t, err)
	must(t, sevenFacts().checkBody([]byte(`{"result":`+string(r)+`}`)))
	var added struct {
		Type        string
		GroupRelays []struct{ RelayStatus string }
	}
	must(t, json.Unmarshal(r, &added))
	if added.Type != "groupRelaysAdded" || len(added.GroupRelays) != 2 || added.GroupRelays[1].RelayStatus != "invited" {
		t.Errorf("got %+v", added)
	}
	r, err = owner.Do("/_get relays #1")
	must(t, err)
	must(t, json.Unmarshal(r, &added))
	if added.GroupRelays[1].RelayStatus != "active" {
		t.Errorf("the relay was added, but is %s", added.GroupRelays[1].RelayStatus)
	}
	r, err = owner.Do("/_add relays #1 6")
	must(t, err)
	must(t, sevenFacts().checkBody([]byte(`{"result":`+string(r)+`}`)))
	if !strings.Contains(string(r), `"groupRelaysAddFailed"`) || !strings.Contains(string(r), `"relayError"`) {
		t.Errorf("a relay that is not there: got %s", r)
	}
	subscribe(t, bob, link)
	expect(t, bob, "joined", "", "") // the second relay
	if r, err = owner.Do("/_members #1"); err != nil || strings.Count(string(r), `"displayName":"bob"`) != 1 {
		t.Errorf("bob is a member more than once or not at all: %s, %v", r, err)
	}
	for _, text := range []string{"one", "two"} {
		_, err = owner.Do("/_send #1(as_group=on) text " + text)
		must(t, err)
		expect(t, alice, "message", "news", text)
		expect(t, bob, "message", "news", text)
	}
}
