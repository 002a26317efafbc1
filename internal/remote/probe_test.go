package remote_test

import (
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/simplex-lua/simplex-lua/internal/remote/remotetest"
)

func TestEventsReachUs(t *testing.T) {
	t.Parallel()
	_, p := network(t)
	o := quick(p.URL())
	log := &logBook{}
	o.ProbeTimeout, o.Log = patience, log.logger()
	c := open(t, o)
	if log.has("level=WARN") {
		t.Errorf("got warnings: %s", log.text.String())
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
	until(t, "the older client is known", func() bool { return p.Clients() == 1 })
	go func() {
		for {
			if _, _, err := older.Read(t.Context()); err != nil {
				return
			}
		}
	}()
	o := quick(p.URL())
	log := &logBook{}
	o.ProbeTimeout, o.Log = 2*time.Second, log.logger()
	open(t, o)
	if !log.has("go to another client") {
		t.Error("nothing was said about the older client")
	}
}

// TestProbeThatFails: a program that makes no groups is used all the same.
func TestProbeThatFails(t *testing.T) {
	t.Parallel()
	s := remotetest.New(t, func(string) []byte {
		return []byte(`{"type":"chatCmdError","chatError":{"type":"error","errorType":{"type":"noActiveUser"}}}`)
	})
	o := quick(s.URL())
	log := &logBook{}
	o.ProbeTimeout, o.Log = patience, log.logger()
	open(t, o)
	if !log.has("could not be found out") {
		t.Error("nothing was said")
	}
}
