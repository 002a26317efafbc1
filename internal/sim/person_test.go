package sim_test

import (
	"errors"
	"testing"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/sim"
)

const soon = 5 * time.Second

func person(t *testing.T, net *sim.Network, name string) *sim.Person {
	t.Helper()
	p, err := net.Person(name)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// expect receives and compares what, sender and text.
func expect(t *testing.T, p *sim.Person, what, sender, text string) *sim.Received {
	t.Helper()
	r, err := p.Receive(soon)
	if err != nil || r == nil {
		t.Fatalf("%s: got %v, %v, want %s from %s: %s", p.Name(), r, err, what, sender, text)
	}
	if r.What != what || r.Sender != sender || r.Text != text {
		t.Fatalf("%s: got %s from %q: %q, want %s from %q: %q", p.Name(), r.What, r.Sender, r.Text, what, sender, text)
	}
	return r
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestPeople(t *testing.T) {
	t.Parallel()
	net := sim.New(sim.Options{Seed: 1})
	t.Cleanup(net.Close)
	alice, bob := person(t, net, "alice"), person(t, net, "bob")
	link, err := bob.Address()
	must(t, err)
	must(t, alice.Connect(link))
	expect(t, alice, "connected", "bob", "")
	expect(t, bob, "connected", "alice", "")
	if err := alice.Connect(link); !errors.Is(err, sim.ErrRefused) {
		t.Errorf("connecting again: got %v, want ErrRefused", err)
	}

	toBob, err := alice.Chat("bob")
	must(t, err)
	id, err := alice.SendText(toBob, "hello <bob> & co")
	must(t, err)
	got := expect(t, bob, "message", "alice", "hello <bob> & co")
	must(t, bob.React(got.Chat, got.ItemID, "👍", true))
	expect(t, alice, "reaction", "bob", "👍")
	must(t, alice.Edit(toBob, id, "bye"))
	expect(t, bob, "edited", "alice", "bye")
	_, err = bob.Reply(got.Chat, got.ItemID, "really?")
	must(t, err)
	expect(t, alice, "message", "bob", "really?")
	must(t, alice.Delete(toBob, id))
	expect(t, bob, "deleted", "alice", "bye")
	if _, err := alice.Chat("carol"); err == nil {
		t.Error("an unknown chat was found")
	}
	if _, err := alice.SendText(sim.Chat{Ref: "@99"}, "x"); !errors.Is(err, sim.ErrRefused) {
		t.Errorf("sending to nobody: got %v, want ErrRefused", err)
	}
	if r, err := bob.Receive(0); r != nil || err != nil {
		t.Errorf("nothing is left: got %v, %v", r, err)
	}
}
