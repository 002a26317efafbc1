package sim_test

import (
	"context"
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
