package notify

import (
	"log/slog"
	"net"
	"path/filepath"
	"regexp"
	"testing"
	"time"
)

// Not parallel: the protocol's place is the environment.
func TestNotifier(t *testing.T) {
	path := filepath.Join(t.TempDir(), "n")
	conn, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: path, Net: "unixgram"})
	if err != nil {
		t.Skip("no datagram sockets here: ", err)
	}
	defer conn.Close()
	t.Setenv("NOTIFY_SOCKET", path)
	t.Setenv("WATCHDOG_USEC", "3000000")
	n := FromEnv(slog.New(slog.DiscardHandler))
	if got := n.Interval(); got != 1500*time.Millisecond {
		t.Errorf("Interval: got %v, want half of 3 s", got)
	}
	n.Status("one\ntwo")
	n.Status("one\ntwo")
	n.Ready()
	n.Reloading()
	n.Alive()
	n.Stopping(0)
	n.Stopping(90 * time.Second)
	for _, want := range []string{`STATUS=one two`, `READY=1`, `RELOADING=1\nMONOTONIC_USEC=[1-9][0-9]*`, `WATCHDOG=1`, `STOPPING=1`, `STOPPING=1\nEXTEND_TIMEOUT_USEC=90000000`} {
		buf := make([]byte, 1000)
		if err := conn.SetReadDeadline(time.Now().Add(time.Minute)); err != nil {
			t.Fatal(err)
		}
		size, err := conn.Read(buf)
		if err != nil {
			t.Fatal(err)
		}
		if got := string(buf[:size]); !regexp.MustCompile("^" + want + "$").MatchString(got) {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestNobodyAsks(t *testing.T) {
	t.Setenv("NOTIFY_SOCKET", "")
	n := FromEnv(slog.New(slog.DiscardHandler))
	if n != nil {
		t.Fatal("a notifier for nobody")
	}
	n.Ready()
	n.Status("x")
	if n.Interval() != 0 {
		t.Error("an interval")
	}
}
