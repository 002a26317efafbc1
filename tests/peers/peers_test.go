package peers

import (
	"strings"
	"testing"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/sim"
	"github.com/simplex-lua/simplex-lua/tests/simbot"
)

// pair runs answering.lua and then another bot, which knows its address, until
// that one stops. It returns the lines of both.
func pair(t *testing.T, asking string) (asked, answered string) {
	t.Helper()
	net := sim.New(sim.Options{})
	answering := simbot.Start(t, net, "answering", simbot.Read(t, "answering"), simbot.Options{})
	return ask(t, net, answering, asking, ""), answering.Out.String()
}

// ask runs a bot that knows the address of another one until it stops, and
// returns its lines.
func ask(t *testing.T, net *sim.Network, whom simbot.Bot, asking, greedy string) string {
	t.Helper()
	b := simbot.Start(t, net, asking, simbot.Read(t, asking), simbot.Options{Env: map[string]string{"LINK": address(t, whom), "GREEDY": greedy}})
	<-b.Done()
	return b.Out.String()
}

func address(t *testing.T, b simbot.Bot) string {
	t.Helper()
	status, ok := b.Status()
	if !ok || status.Address == "" {
		t.Fatalf("the bot has no address: %+v", status)
	}
	return status.Address
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

// Queries with a time-out, sending without a reply, handlers that are set and removed.
func TestQueries(t *testing.T) {
	t.Parallel()
	out, answered := pair(t, "queries")
	check(t, out,
		"49", "unknown_method", "timeout", "boom: on purpose", "argument: no contact",
		"text rpc: not today", "failed too_late: closed at noon", "mistake rpc: the query failed", "argument rpc: the query failed",
		"global rpc: the query failed", "file rpc: the query failed", "chat rpc: the query failed", "checked rpc: the query failed",
		"limit", "limit: the answer cannot be sent",
		"removed: unknown_method", "several: 1 2 3 4 5 6 7 8", "true nil table")
	if !strings.Contains(answered, "told news\n") || strings.Contains(answered, "message") || strings.Contains(answered, "edit") {
		t.Errorf("the answering bot printed:\n%s", answered)
	}
}

// What each bot answers by itself: ping (up to 128 bytes), version, finger and time.
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

// One bot that asks for too much takes nothing from the others.
func TestGreedy(t *testing.T) {
	t.Parallel()
	net := sim.New(sim.Options{})
	busy := simbot.Start(t, net, "busy", simbot.Read(t, "busy"), simbot.Options{})
	check(t, ask(t, net, busy, "greedy", "yes"), "the greedy one: timeout")
	check(t, ask(t, net, busy, "greedy", "no"), "another: answered")
}

// A bot whose queries are cut is set aside, as people are.
func TestCutHandlers(t *testing.T) {
	t.Parallel()
	net := sim.New(sim.Options{})
	busy := simbot.Start(t, net, "busy", simbot.Read(t, "busy"), simbot.Options{})
	check(t, ask(t, net, busy, "burning", "yes"), "set aside")
	check(t, ask(t, net, busy, "burning", "no"), "another: answered")
}

// The time-out of a query counts from its call, also where the contact cannot
// be written to yet.
func TestUnready(t *testing.T) {
	t.Parallel()
	net := sim.New(sim.Options{JoinDelay: time.Hour})
	b := simbot.Start(t, net, "unready", simbot.Read(t, "unready"), simbot.Options{})
	carol, err := net.Person("carol")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(carol.Close)
	if err := carol.Connect(address(t, b)); err != nil {
		t.Fatal(err)
	}
	<-b.Done()
	check(t, b.Out.String(), "timeout")
}

// Queries that come while a bot is down are answered when it is up again.
func TestRestart(t *testing.T) {
	t.Parallel()
	net, script, o := sim.New(sim.Options{}), simbot.Read(t, "answering"), simbot.Options{Dir: t.TempDir()}
	answering := simbot.Start(t, net, "answering", script, o)
	asking := simbot.Start(t, net, "late", simbot.Read(t, "late"), simbot.Options{Env: map[string]string{"LINK": address(t, answering)}})
	asking.Out.WaitLine(t, "49")
	answering.Stop("for a while")
	<-answering.Done()
	asking.Out.WaitLine(t, "no answer") // and the next query is on its way
	asking.Out.WaitLine(t, "asked")
	simbot.Start(t, net, "answering", script, o)
	<-asking.Done()
	check(t, asking.Out.String(), "81")
}

// Resources behind paths: get, set, merge, delete and observe.
func TestResources(t *testing.T) {
	t.Parallel()
	out, _ := pair(t, "resources")
	check(t, out, "pears", "figs", "not_found", "deleted", "not_found after",
		"merged: 2 pears, 3 figs", "observed: 7", "no merge: not_found", "own: 5", "own: not_found", "a.b is not axb: not_found", "rest: a/b")
}

// Packets: listen, read_from with a time-out, write_to, local_addr and close.
func TestPackets(t *testing.T) {
	t.Parallel()
	out, _ := pair(t, "packets")
	check(t, out, "HELLO from game", "bytes arrive as they are", "two readers: ONE TWO", "time-out", "local address", "limit", "closed", "closed while waiting", "argument: twice", "open again")
}

// Blobs that are encrypted: store, fetch and delete.
func TestBlobs(t *testing.T) {
	t.Parallel()
	out, _ := pair(t, "blobs")
	check(t, out, "own: 20000 bytes", "theirs: 20000 bytes", "4 at once", "encrypted on disk", "another key is refused", "argument", "deleted", "gone", "gone there", "no way out of the folder")
}

// What a peer sends that is wrong is dropped or answered, and the bot goes on.
func TestLiars(t *testing.T) {
	t.Parallel()
	out, answered := pair(t, "liars")
	check(t, out, "49")
	if answered != "message a text\n" {
		t.Errorf("data reached a handler; the answering bot printed\n%s", answered)
	}
}
