package sim_test

import (
	"encoding/json"
	"testing"

	"github.com/simplex-lua/simplex-lua/internal/sim"
)

// TestNothingIsLeft: what comes due because another actor's events were taken is
// told after the same line, too.
func TestNothingIsLeft(t *testing.T) {
	t.Parallel()
	d := newDriver(t, sim.Options{Seed: 1, QueueSize: 1})
	send := func(actor, cmd string) []output {
		t.Helper()
		return d.exchange(map[string]any{"actor": actor, "cmd": cmd})
	}
	for _, actor := range []string{"alice", "bot"} {
		d.exchange(map[string]any{"actor": actor, "init": map[string]any{"path": actor, "confirm": "yesUp"}})
		send(actor, `/_create user {"profile":{"displayName":"`+actor+`","fullName":""},"pastTimestamp":false,"userChatRelay":false}`)
		send(actor, "/_start")
	}
	var made struct {
		Result struct {
			ConnLinkContact struct{ ConnShortLink string }
		}
	}
	must(t, json.Unmarshal(send("bot", "/_address 1")[0].Reply, &made))
	send("bot", `/_address_settings 1 {"businessAddress":false,"autoAccept":{"acceptIncognito":false}}`)
	advance := func(ms int) []output { return d.exchange(map[string]any{"advance_ms": ms}) }
	advance(5000)
	told := map[string]int{}
	for _, part := range [][]output{
		send("alice", "/connect "+made.Result.ConnLinkContact.ConnShortLink), advance(5000),
		send("alice", `/_send @4 json [{"msgContent":{"type":"text","text":"one"},"mentions":{}},{"msgContent":{"type":"text","text":"two"},"mentions":{}}]`),
	} {
		for _, o := range part {
			told[o.Actor]++
		}
		if left := advance(0); len(left) > 0 {
			t.Errorf("%d events were told a line late, the first: %.200s", len(left), left[0].Event)
		}
	}
	if told["alice"] < 5 || told["bot"] < 5 {
		t.Errorf("got %v events, want some of each", told)
	}
}
