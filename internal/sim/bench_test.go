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
	echo, stop := newEcho(b)
	defer stop()
	b.ReportAllocs()
	for b.Loop() {
		echo()
	}
	b.ReportMetric(2*float64(b.N)/b.Elapsed().Seconds(), "messages/s")
}

// BenchmarkPeople is a network of one bot and 10,000 contacts; what it keeps is
// measured as bytes for each of them.
func BenchmarkPeople(b *testing.B) {
	for b.Loop() {
		b.ReportMetric(bytesEach(b, 10_000), "bytes/person")
	}
}

// TestMemoryOfPeople: 10,000 people fit into 200 MB. Fewer are connected here, so
// that what maps have in reserve counts a little more.
func TestMemoryOfPeople(t *testing.T) {
	if raced {
		t.Skip("the race detector's own memory would be counted")
	}
	const people, most = 1500, 14_500
	if got := bytesEach(t, people); got > most {
		t.Errorf("each of %d people takes %.0f bytes, want at most %d", people, got, most)
	}
}

// TestAllocationsOfMessages: a message makes few objects, on which its time hangs.
func TestAllocationsOfMessages(t *testing.T) {
	if raced {
		t.Skip("the race detector allocates, too")
	}
	const most = 160 // for a message and its answer
	echo, stop := newEcho(t)
	defer stop()
	if got := testing.AllocsPerRun(500, echo); got > most {
		t.Errorf("a message and its answer make %.0f objects, want at most %d", got, most)
	}
}

// bytesEach connects people to one bot and returns what each adds to the heap.
func bytesEach(tb testing.TB, people int) float64 {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	net := sim.New(sim.Options{Seed: 1})
	defer net.Close()
	bot, link := newBot(tb, net)
	for i := range people {
		p, err := net.Person("person" + strconv.Itoa(i))
		if err != nil {
			tb.Fatal(err)
		}
		if err := p.Connect(link); err != nil {
			tb.Fatal(err)
		}
		for _, c := range []*sim.Core{p.Core, bot.Core} {
			for event := []byte{0}; event != nil; { // take what is there
				if event, err = c.Receive(time.Nanosecond); err != nil {
					tb.Fatal(err)
				}
			}
		}
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	return (float64(after.HeapAlloc) - float64(before.HeapAlloc)) / float64(people)
}

func newBot(tb testing.TB, net *sim.Network) (bot *sim.Person, link string) {
	bot, err := net.Person("bot")
	if err != nil {
		tb.Fatal(err)
	}
	if link, err = bot.Address(); err != nil {
		tb.Fatal(err)
	}
	return bot, link
}

// newEcho returns a function that sends a message and an answer, with all events
// taken by both.
func newEcho(tb testing.TB) (echo, stop func()) {
	net := sim.New(sim.Options{Seed: 1})
	alice, err := net.Person("alice")
	if err != nil {
		tb.Fatal(err)
	}
	bot, link := newBot(tb, net)
	if err := alice.Connect(link); err != nil {
		tb.Fatal(err)
	}
	drain := func(c *sim.Core, taken *uint64) {
		for ; *taken < c.Enqueued(); *taken++ {
			if _, err := c.Receive(time.Second); err != nil {
				tb.Fatal(err)
			}
		}
	}
	var ofAlice, ofBot uint64
	return func() {
		for _, c := range []*sim.Core{alice.Core, bot.Core} {
			if _, err := c.Send(context.Background(), `/_send @4 json [{"msgContent":{"type":"text","text":"hello"},"mentions":{}}]`); err != nil {
				tb.Fatal(err)
			}
			drain(alice.Core, &ofAlice)
			drain(bot.Core, &ofBot)
		}
	}, net.Close
}
