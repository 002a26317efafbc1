package sim_test

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/sim"
)

// TestLargestText: a text has at most 15,488 bytes as the network sends it.
func TestLargestText(t *testing.T) {
	t.Parallel()
	net := virtual(t, sim.Options{Seed: 1})
	alice, bob, toBob := connected(t, net)
	team, err := alice.CreateGroup("team")
	must(t, err)
	must(t, alice.Invite(team, toBob, "member"))
	must(t, bob.Join(sim.Chat{Ref: "#1"}))
	for _, tt := range []struct {
		letter string
		most   int // letters
	}{
		{"x", 15488}, {"é", 7744}, {"€", 5162}, {"🌍", 3872}, {`"`, 7744}, {"\n", 7744},
	} {
		for _, chat := range []string{"@4", "#1"} {
			send := func(letters int) string {
				body, err := json.Marshal(strings.Repeat(tt.letter, letters))
				must(t, err)
				return `/_send ` + chat + ` json [{"msgContent":{"type":"text","text":` + string(body) + `},"mentions":{}}]`
			}
			if got, _ := answer(t, alice, send(tt.most)); got != "newChatItems" {
				t.Errorf("%s: %d times %q: got %s", chat, tt.most, tt.letter, got)
			}
			if _, all := answer(t, alice, send(tt.most+1)); !strings.Contains(all, `"largeMsg"`) {
				t.Errorf("%s: %d times %q: got %.200s, want largeMsg", chat, tt.most+1, tt.letter, all)
			}
		}
	}
}

// TestQueueHolds4096: the events of an actor that takes none stop at 4,096, and
// none is lost.
func TestQueueHolds4096(t *testing.T) {
	t.Parallel()
	const holds, texts = 4096, 4200
	net := virtual(t, sim.Options{Seed: 1})
	alice, bob, _ := connected(t, net)
	take := func(p *sim.Person) (n uint64) {
		for {
			event, err := p.Core.Receive(time.Nanosecond)
			must(t, err)
			if event == nil {
				return n
			}
			n++
		}
	}
	take(bob)
	before := bob.Core.Enqueued()
	for i := range texts {
		_, err := alice.Core.Send(context.Background(), text("@4", fmt.Sprint(i)))
		must(t, err)
		take(alice)
	}
	if got := bob.Core.Enqueued() - before; got != holds {
		t.Errorf("%d events wait, want %d", got, holds)
	}
	if got := take(bob); got != texts {
		t.Errorf("%d events came, want %d", got, texts)
	}
}

// TestLocalNames: the second alice is alice_1, whoever comes first.
func TestLocalNames(t *testing.T) {
	t.Parallel()
	net := virtual(t, sim.Options{Seed: 1})
	bot := person(t, net, "bot")
	link, err := bot.Address()
	must(t, err)
	for _, name := range []string{"one", "two", "three"} {
		p := person(t, net, name)
		if got, all := answer(t, p, `/_profile 1 {"displayName":"alice","fullName":""}`); got != "userProfileUpdated" {
			t.Fatal(all)
		}
		must(t, p.Connect(link))
	}
	keep(t, net, []rule{{bot, `/_group 1 {"displayName":"alice","fullName":""}`, "groupCreated", `"localDisplayName":"alice_3"`}})
	for i, want := range []string{"alice", "alice_1", "alice_2"} {
		_, all := answer(t, bot, fmt.Sprintf("/_info @%d", 4+i))
		if !strings.Contains(all, `"localDisplayName":"`+want+`"`) || !strings.Contains(all, `"displayName":"alice"`) {
			t.Errorf("contact %d: want %s in %s", 4+i, want, all)
		}
	}
	keep(t, net, []rule{
		{bot, "/_delete @5 full notify=off", "contactDeleted", ""},
		{bot, `/_group 1 {"displayName":"alice","fullName":""}`, "groupCreated", `"localDisplayName":"alice_4"`}, // numbers go on
	})
}

// TestReceiveTimes: a message received has the whole second of its server.
func TestReceiveTimes(t *testing.T) {
	t.Parallel()
	net := virtual(t, sim.Options{Seed: 1})
	alice, bob, _ := connected(t, net)
	net.Advance(1700 * time.Millisecond)
	keep(t, net, []rule{{alice, text("@4", "hello"), "newChatItems", ""}})
	ts := regexp.MustCompile(`"itemTs":"([^"]+)","itemText":"hello"`)
	var got []string
	for _, p := range []*sim.Person{alice, bob} {
		_, all := answer(t, p, "/_get chat @4 count=1")
		m := ts.FindStringSubmatch(all)
		if m == nil {
			t.Fatalf("no time in %s", all)
		}
		got = append(got, m[1])
	}
	sent, err := time.Parse(time.RFC3339Nano, got[0])
	must(t, err)
	if want := sent.Truncate(time.Second).Format(time.RFC3339Nano); !strings.Contains(got[0], ".") || got[1] != want {
		t.Errorf("sent at %s, received at %s, want %s", got[0], got[1], want)
	}
}

// TestStartWithoutServer: a bot starts while the message server is away; what it
// sends then leaves when the server is back.
func TestStartWithoutServer(t *testing.T) {
	t.Parallel()
	net := virtual(t, sim.Options{Seed: 1})
	alice, bob, _ := connected(t, net)
	must(t, net.SetServer("smp", false))
	told(t, alice)
	keep(t, net, []rule{
		{alice, "/_stop", "chatStopped", ""},
		{alice, "/_start", "chatStarted", ""},
		{alice, text("@4", "hello"), "newChatItems", `"itemStatus":{"type":"sndNew"}`},
	})
	if got := told(t, alice); strings.Contains(got, `"hostConnected"`) || strings.Contains(got, `"chatItemsStatusesUpdated"`) {
		t.Errorf("without a server: got %s", got)
	}
	if got := told(t, bob); strings.Contains(got, "hello") {
		t.Errorf("it arrived without a server: %s", got)
	}
	must(t, net.SetServer("smp", true))
	net.Advance(time.Minute)
	got := told(t, alice)
	if up, sent := strings.Index(got, `"hostConnected"`), strings.Index(got, `"chatItemsStatusesUpdated"`); up < 0 || sent < up {
		t.Errorf("with the server back: got %s", got)
	}
	if got := told(t, bob); !strings.Contains(got, `"itemText":"hello"`) {
		t.Errorf("it did not arrive: %s", got)
	}
}

// TestKillWithPending: a kill loses the events that were not taken, which are in
// the database by then; what was not received yet comes after the start.
func TestKillWithPending(t *testing.T) {
	t.Parallel()
	d := newDriver(t, sim.Options{Seed: 1})
	send := func(actor, cmd string) string {
		var last string
		for _, o := range d.exchange(map[string]any{"actor": actor, "cmd": cmd}) {
			if o.Reply != nil {
				last = string(o.Reply)
			}
		}
		return last
	}
	open := func(actor string) {
		d.exchange(map[string]any{"actor": actor, "init": map[string]any{"path": actor, "key": "", "confirm": "yesUp"}})
	}
	for _, actor := range []string{"bot", "alice"} {
		open(actor)
		send(actor, `/_create user {"profile":{"displayName":"`+actor+`","fullName":""},"pastTimestamp":false,"userChatRelay":false}`)
		send(actor, "/_start")
	}
	send("bot", "/_address 1")
	link := regexp.MustCompile(`"connShortLink":"([^"]+)"`).FindStringSubmatch(send("bot", "/_show_address 1"))
	send("bot", `/_address_settings 1 {"businessAddress":false,"autoAccept":{"acceptIncognito":false}}`)
	send("alice", "/connect "+link[1])
	d.exchange(map[string]any{"advance_ms": 5000})
	d.exchange(map[string]any{"actor": "bot", "kill": true})
	for _, s := range []string{"one", "two"} {
		send("alice", text("@4", s))
	}
	open("bot")
	send("bot", "/_start")
	var got []string
	itemText := regexp.MustCompile(`"itemText":"([^"]*)"`)
	for _, o := range d.exchange(map[string]any{"advance_ms": 5000}) {
		if m := itemText.FindSubmatch(o.Event); o.Actor == "bot" && m != nil {
			got = append(got, string(m[1]))
		}
	}
	if want := []string{"one", "two"}; !slices.Equal(got, want) {
		t.Errorf("after the start: got %q, want %q", got, want)
	}
}
