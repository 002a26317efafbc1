package remote_test

import (
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/simplex-lua/simplex-lua/internal/remote/remotetest"
	"github.com/simplex-lua/simplex-lua/internal/testkit"
)

func TestEventsReachUs(t *testing.T) {
	t.Parallel()
	_, p := network(t)
	o := quick(p.URL())
	log := &testkit.Buffer{}
	o.ProbeTimeout, o.Log = patience, logTo(log)
	c := open(t, o)
	if log.Has("level=WARN") {
		t.Errorf("got warnings: %s", log)
	}
	if got := next(t, c); !strings.Contains(got, "connectionsDiff") {
		t.Errorf("first event: got %.100s, want the one of the program's start", got)
	}
	if event, err := c.Receive(20 * time.Millisecond); event != nil || err != nil {
		t.Errorf("got %.200s, %v, want nothing of the group that was made", event, err)
	}
	reply, err := c.Send(t.Context(), "/_groups 1")
	if err != nil || strings.Contains(string(reply), "check") {
		t.Errorf("the group is still there: %.300s, %v", reply, err)
	}
}

func TestEventsGoToAnOlderClient(t *testing.T) {
	t.Parallel()
	_, p := network(t)
	older, _, err := websocket.Dial(t.Context(), p.URL(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer older.CloseNow()
	testkit.Until(t, "the older client is known", func() bool { return p.Clients() == 1 })
	go func() {
		for {
			if _, _, err := older.Read(t.Context()); err != nil {
				return
			}
		}
	}()
	o := quick(p.URL())
	log := &testkit.Buffer{}
	o.ProbeTimeout, o.Log = 2*time.Second, logTo(log)
	open(t, o)
	if !log.Has("go to another client") {
		t.Error("nothing was said about the older client")
	}
}

// TestLeftoversOfProbes: a group that stayed since the bot died is deleted by
// the next one, and no other group.
func TestLeftoversOfProbes(t *testing.T) {
	t.Parallel()
	_, p := network(t)
	const left, ours = "simplex-lua check ABCDEFGHIJKLMNOPQRSTUVWXY2", "simplex-lua check in"
	create := func(name string) {
		reply, err := p.Core().Send(t.Context(), `/_group 1 {"displayName":"`+name+`","fullName":""}`)
		if err != nil || !strings.Contains(string(reply), "groupCreated") {
			t.Fatalf("%s: %s, %v", name, reply, err)
		}
	}
	create(left)
	create(ours)
	o := quick(p.URL())
	o.ProbeTimeout = patience
	groups := func() string {
		reply, err := p.Core().Send(t.Context(), "/_groups 1")
		if err != nil {
			t.Fatal(err)
		}
		return string(reply)
	}
	closeCore(t, open(t, o))
	if got := groups(); !strings.Contains(got, left) {
		t.Errorf("the group of a probe that may be under way is gone: %s", got)
	}
	closeCore(t, open(t, o.WithProbeLife(time.Nanosecond)))
	if got := groups(); strings.Contains(got, left) || !strings.Contains(got, ours) {
		t.Errorf("got %s, want %q gone and %q there", got, left, ours)
	}
}

// TestProbeThatFails: a program that makes no groups is used all the same.
func TestProbeThatFails(t *testing.T) {
	t.Parallel()
	s := remotetest.New(t, func(string) []byte {
		return []byte(`{"type":"chatCmdError","chatError":{"type":"error","errorType":{"type":"noActiveUser"}}}`)
	})
	o := quick(s.URL())
	log := &testkit.Buffer{}
	o.ProbeTimeout, o.Log = patience, logTo(log)
	open(t, o)
	if !log.Has("could not be found out") {
		t.Error("nothing was said")
	}
}
