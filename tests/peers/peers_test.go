package peers

import (
	"strings"
	"testing"

	"github.com/simplex-lua/simplex-lua/internal/sim"
	"github.com/simplex-lua/simplex-lua/tests/simbot"
)

// pair runs answering.lua and then another bot, which knows its address, until
// that one stops. It returns the lines of both.
func pair(t *testing.T, asking string) (asked, answered string) {
	t.Helper()
	net := sim.New(sim.Options{})
	answering := simbot.Start(t, net, "answering", simbot.Read(t, "answering"), simbot.Options{})
	status, ok := answering.Status()
	if !ok || status.Address == "" {
		t.Fatalf("the answering bot has no address: %+v", status)
	}
	b := simbot.Start(t, net, asking, simbot.Read(t, asking), simbot.Options{Env: map[string]string{"LINK": status.Address}})
	<-b.Done()
	return b.Out.String(), answering.Out.String()
}

// check wants each line once, and "end" last.
func check(t *testing.T, out string, want ...string) {
	t.Helper()
	for _, line := range append(want, "end") {
		if strings.Count("\n"+out, "\n"+line+"\n") != 1 {
			t.Errorf("want the line %q once", line)
		}
	}
	if t.Failed() {
		t.Logf("printed:\n%s", out)
	}
}

// Spot: query an endpoint with time-out, send without reply, set and remove handlers.
func TestQueries(t *testing.T) {
	t.Parallel()
	out, answered := pair(t, "queries")
	check(t, out,
		"49", "unknown_method", "timeout", "boom: on purpose", "rpc: the query failed", "argument: no contact", "limit", "limit: the answer cannot be sent",
		"removed: unknown_method", "several: 1 2 3 4 5 6 7 8", "true nil table")
	if !strings.Contains(answered, "told news\n") || strings.Contains(answered, "message") {
		t.Errorf("the answering bot printed:\n%s", answered)
	}
}

// Spot: built-in ping (echo up to 128 bytes), version, finger, time.
func TestBuiltIns(t *testing.T) {
	t.Parallel()
	out, _ := pair(t, "builtins")
	check(t, out, "hello", "128", "limit: ping: at most 128 bytes are echoed", "argument: ping: want a text", "simplex-lua", "Answerer with an address", "a time of today")
}

// 1,000 queries, 50 at a time, none lost or mixed up.
func TestManyQueries(t *testing.T) {
	t.Parallel()
	out, _ := pair(t, "many")
	check(t, out, "1000 answers, 0 wrong, 0 failed")
}

// LIME: commands get, set, delete on URIs; over SimpleX: rpc resources.
func TestResources(t *testing.T) {
	t.Parallel()
	out, _ := pair(t, "resources")
	check(t, out, "pears", "figs", "not_found", "deleted", "not_found after", "own: 5", "own: not_found", "a.b is not axb: not_found")
}

// Spot: packets: listen, read_from with time-out, write_to, local_addr, close.
func TestPackets(t *testing.T) {
	t.Parallel()
	out, _ := pair(t, "packets")
	check(t, out, "HELLO from game", "bytes arrive as they are", "time-out", "local address", "limit", "closed", "closed while waiting", "argument: twice", "open again")
}

// Spot: encrypted blobs: store, fetch, delete.
func TestBlobs(t *testing.T) {
	t.Parallel()
	out, _ := pair(t, "blobs")
	check(t, out, "own: 20000 bytes", "theirs: 20000 bytes", "encrypted on disk", "another key is refused", "argument", "deleted", "gone", "gone there", "no way out of the folder")
}

// What a peer sends that is wrong is dropped or answered, and the bot goes on.
func TestLiars(t *testing.T) {
	t.Parallel()
	out, answered := pair(t, "liars")
	check(t, out, "49")
	if strings.Contains(answered, "message") {
		t.Errorf("data reached the handlers of messages:\n%s", answered)
	}
}
