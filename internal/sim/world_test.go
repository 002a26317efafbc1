package sim_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/sim"
	"github.com/simplex-lua/simplex-lua/internal/testkit"
)

// connected returns alice and bob, who know each other, and alice's chat with bob.
func connected(t *testing.T, net *sim.Network) (alice, bob *sim.Person, toBob sim.Chat) {
	t.Helper()
	alice, bob = person(t, net, "alice"), person(t, net, "bob")
	link, err := bob.Address()
	must(t, err)
	must(t, alice.Connect(link))
	expect(t, alice, "connected", "bob", "")
	expect(t, bob, "connected", "alice", "")
	toBob, err = alice.Chat("bob")
	must(t, err)
	return alice, bob, toBob
}

func newNetwork(t *testing.T, opts sim.Options) *sim.Network {
	t.Helper()
	net := sim.New(opts)
	t.Cleanup(net.Close)
	return net
}

// TestCrowd lets many people talk to one at the same time.
func TestCrowd(t *testing.T) {
	t.Parallel()
	const people, texts = 12, 12
	net := newNetwork(t, sim.Options{Seed: 1})
	bot := person(t, net, "bot")
	link, err := bot.Address()
	must(t, err)
	var crowd sync.WaitGroup
	for i := range people {
		crowd.Add(1)
		go func() {
			defer crowd.Done()
			p, err := net.Person(fmt.Sprint("person", i))
			if err != nil {
				t.Error(err)
				return
			}
			if err := p.Connect(link); err != nil {
				t.Error(err)
				return
			}
			to := sim.Chat{}
			for n := 0; n < texts; {
				r, err := p.Receive(soon)
				if err != nil || r == nil {
					t.Errorf("%s: got %v, %v after %d answers", p.Name(), r, err, n)
					return
				}
				switch {
				case r.What == "connected":
					to = r.Chat
				case r.What != "message" || r.Text != fmt.Sprint("you said ", n):
					t.Errorf("%s: got %s %q, want answer %d", p.Name(), r.What, r.Text, n)
					return
				default:
					n++
				}
				if _, err := p.SendText(to, fmt.Sprint(n)); err != nil {
					t.Error(err)
					return
				}
			}
		}()
	}
	for range people * (texts + 1) {
		r, err := bot.Receive(soon)
		for ; r != nil && r.What == "connected"; r, err = bot.Receive(soon) {
		}
		if err != nil || r == nil {
			t.Fatalf("bot: got %v, %v", r, err)
		}
		if r.Text == fmt.Sprint(texts) {
			continue
		}
		_, err = bot.SendText(r.Chat, "you said "+r.Text)
		must(t, err)
	}
	crowd.Wait()
}

func TestFullQueueHoldsBackSending(t *testing.T) {
	t.Parallel()
	net := newNetwork(t, sim.Options{Seed: 1, QueueSize: 40})
	alice, bob, toBob := connected(t, net)
	const texts = 100
	sent := make(chan error, 1)
	go func() {
		for i := range texts {
			if _, err := alice.SendText(toBob, fmt.Sprint(i)); err != nil {
				sent <- err
				return
			}
		}
		sent <- nil
	}()
	// Nobody takes alice's events, so her core stops sending after some.
	testkit.Until(t, "40 events wait", func() bool { return alice.Core.Enqueued() >= 40 })
	select {
	case err := <-sent:
		t.Fatalf("all was sent: %v", err)
	case <-time.After(20 * time.Millisecond):
	}
	reader := make(chan error, 1)
	go func() {
		for {
			if _, err := alice.Core.Receive(time.Second); err != nil {
				reader <- err
				return
			}
		}
	}()
	for i := range texts {
		expect(t, bob, "message", "alice", fmt.Sprint(i))
	}
	must(t, <-sent)
	must(t, alice.Core.Close(context.Background()))
	if err := <-reader; !errors.Is(err, fs.ErrClosed) {
		t.Errorf("got %v, want fs.ErrClosed", err)
	}
}

func TestFullQueueAndTimeOut(t *testing.T) {
	t.Parallel()
	net := newNetwork(t, sim.Options{Seed: 1, QueueSize: 40})
	alice, _, toBob := connected(t, net)
	for range 100 {
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
		_, err := alice.Core.Send(ctx, text(toBob.Ref, "hi"))
		cancel()
		if errors.Is(err, context.DeadlineExceeded) {
			return
		}
		must(t, err)
	}
	t.Error("nothing waited for room in the queue")
}

func TestDatabasesStay(t *testing.T) {
	t.Parallel()
	net := newNetwork(t, sim.Options{Seed: 1})
	alice, bob, toBob := connected(t, net)
	_, err := alice.SendText(toBob, "before")
	must(t, err)
	bob.Core.Kill()
	_, err = alice.SendText(toBob, "while away")
	must(t, err)
	if _, err := bob.Do("/u"); !errors.Is(err, fs.ErrClosed) {
		t.Errorf("a killed core: got %v, want fs.ErrClosed", err)
	}
	bob.Close()
	bob = person(t, net, "bob")
	expect(t, bob, "message", "alice", "while away")
	chats, err := bob.Do("/_get chat @" + refOf(t, bob, "alice") + " count=5")
	must(t, err)
	for _, text := range []string{"before", "while away"} {
		if !strings.Contains(string(chats), text) {
			t.Errorf("%q is lost", text)
		}
	}
	if _, _, err := net.Open("people/bob", "wrong key", "yesUp"); !errors.Is(err, sim.ErrInit) {
		t.Errorf("wrong key: got %v, want ErrInit", err)
	}
}

func refOf(t *testing.T, p *sim.Person, name string) string {
	t.Helper()
	c, err := p.Chat(name)
	must(t, err)
	return c.Ref[1:]
}

func TestServerAway(t *testing.T) {
	t.Parallel()
	net := newNetwork(t, sim.Options{Seed: 1})
	alice, bob, toBob := connected(t, net)
	must(t, net.SetServer("smp", false))
	_, err := alice.SendText(toBob, "later")
	must(t, err)
	if r, err := bob.Receive(0); r != nil || err != nil {
		t.Errorf("got %v, %v while the server is away", r, err)
	}
	must(t, net.SetServer("smp", true))
	expect(t, bob, "message", "alice", "later")
	if net.SetServer("ftp", true) == nil {
		t.Error("an unknown server was accepted")
	}
}

func TestVirtualTime(t *testing.T) {
	t.Parallel()
	clock := sim.NewVirtual(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
	net := newNetwork(t, sim.Options{Seed: 1, Clock: clock})
	alice, bob, toBob := connected(t, net)
	_, err := alice.Do(`/_send ` + toBob.Ref + ` ttl=60 json [{"msgContent":{"type":"text","text":"gone soon"},"mentions":{}}]`)
	must(t, err)
	_ = expect(t, bob, "message", "alice", "gone soon")
	begin := net.Now()
	net.Advance(time.Hour)
	if got := net.Now().Sub(begin); got != time.Hour {
		t.Errorf("an hour later it is %v later", got)
	}
}

func TestSeed(t *testing.T) {
	t.Parallel()
	links := map[string]bool{}
	for _, seed := range []uint64{1, 1, 2} {
		net := newNetwork(t, sim.Options{Seed: seed})
		link, err := person(t, net, "bob").Address()
		must(t, err)
		links[link] = true
	}
	if len(links) != 2 {
		t.Errorf("got %d links, want the same one for the same seed", len(links))
	}
}
