package sim_test

import (
	"context"
	"runtime"
	"strconv"
	"testing"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/sim"
)

// BenchmarkEcho is one message of a person and the bot's answer, with all
// events taken by both.
func BenchmarkEcho(b *testing.B) {
	net := sim.New(sim.Options{Seed: 1})
	defer net.Close()
	alice, err := net.Person("alice")
	if err != nil {
		b.Fatal(err)
	}
	bot, err := net.Person("bot")
	if err != nil {
		b.Fatal(err)
	}
	link, err := bot.Address()
	if err != nil {
		b.Fatal(err)
	}
	if err := alice.Connect(link); err != nil {
		b.Fatal(err)
	}
	drain := func(c *sim.Core, taken *uint64) {
		for ; *taken < c.Enqueued(); *taken++ {
			if _, err := c.Receive(time.Second); err != nil {
				b.Fatal(err)
			}
		}
	}
	var ofAlice, ofBot uint64
	b.ReportAllocs()
	for b.Loop() {
		for _, c := range []*sim.Core{alice.Core, bot.Core} {
			if _, err := c.Send(context.Background(), `/_send @4 json [{"msgContent":{"type":"text","text":"hello"},"mentions":{}}]`); err != nil {
				b.Fatal(err)
			}
			drain(alice.Core, &ofAlice)
			drain(bot.Core, &ofBot)
		}
	}
	b.ReportMetric(2*float64(b.N)/b.Elapsed().Seconds(), "messages/s")
}

// BenchmarkPeople is a network of one bot and 10,000 contacts; what it keeps is
// measured as bytes for each of them.
func BenchmarkPeople(b *testing.B) {
	const people = 10_000
	for b.Loop() {
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		net := sim.New(sim.Options{Seed: 1})
		bot, err := net.Person("bot")
		if err != nil {
			b.Fatal(err)
		}
		link, err := bot.Address()
		if err != nil {
			b.Fatal(err)
		}
		for i := range people {
			p, err := net.Person("person" + strconv.Itoa(i))
			if err != nil {
				b.Fatal(err)
			}
			if err := p.Connect(link); err != nil {
				b.Fatal(err)
			}
			for _, c := range []*sim.Core{p.Core, bot.Core} {
				for event := []byte{0}; event != nil; { // take what is there
					if event, err = c.Receive(time.Nanosecond); err != nil {
						b.Fatal(err)
					}
				}
			}
		}
		runtime.GC()
		runtime.ReadMemStats(&after)
		b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/people, "bytes/person")
		net.Close()
	}
}
