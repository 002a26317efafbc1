package httpmod_test

import (
	"fmt"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/simplex-lua/simplex-lua/internal/testkit"
)

// A port that somebody else has ends the start, and at a reload the older
// generation goes on.
func TestServePortTaken(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	taken := fmt.Sprintf("\nhttp.serve { listen = %q }", l.Addr())
	b := newBot(t, serveScript("", taken), "listen=127.0.0.1")
	if err := b.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "listen on "+l.Addr().String()) {
		t.Errorf("got %v", err)
	}

	old := serveScript("", `server:get("/", function() return "old" end)`)
	b = serveBot(t, old)
	b.save(strings.Replace(old, "old", "new", 1) + taken)
	if err := b.Reload(t.Context()); err == nil || !strings.Contains(err.Error(), l.Addr().String()) {
		t.Errorf("got %v", err)
	}
	if _, got, _ := b.ask("GET", "/", ""); got != "old" {
		t.Errorf("got %q", got)
	}
	b.save(strings.Replace(old, "old", "new", 1))
	if err := b.Reload(t.Context()); err != nil {
		t.Error(err)
	}
	if _, got, _ := b.ask("GET", "/", ""); got != "new" {
		t.Errorf("got %q", got)
	}
}

// Reloads under fire: each request is answered by one generation, and none is
// refused or lost.
func TestServeReload(t *testing.T) {
	t.Parallel()
	script := func(n int) string {
		return serveScript("rate = 0", fmt.Sprintf(`
		server:post("/", function(req) if req.body == "slow" then sleep(0.05) end return "%d" end)`, n))
	}
	b := serveBot(t, script(1))
	var answered [8]atomic.Int64
	stop := make(chan struct{})
	var askers sync.WaitGroup
	for i := range 4 {
		askers.Go(func() {
			body := []string{"quick", "slow"}[i%2]
			for {
				select {
				case <-stop:
					return
				default:
				}
				status, got, _ := b.ask("POST", "/", body)
				if status != 200 || len(got) != 1 {
					t.Errorf("got %d %q", status, got)
					return
				}
				answered[got[0]-'0'].Add(1)
			}
		})
	}
	for n := 1; n <= 4; n++ {
		testkit.Until(t, fmt.Sprintf("generation %d answered", n), func() bool { return answered[n].Load() >= 5 })
		if n == 4 {
			break
		}
		b.save(script(n + 1))
		if err := b.Reload(t.Context()); err != nil {
			t.Error(err)
		}
	}
	close(stop)
	askers.Wait()
	for n := 1; n <= 4; n++ {
		if answered[n].Load() == 0 {
			t.Errorf("generation %d answered nothing", n)
		}
	}
	// A generation without the server closes the port.
	b.save(`bot.on_message(function() end)`)
	if err := b.Reload(t.Context()); err != nil {
		t.Error(err)
	}
	testkit.Until(t, "the port is closed", func() bool {
		conn, err := net.Dial("tcp", strings.TrimPrefix(b.url, "http://"))
		if err == nil {
			conn.Close()
		}
		return err != nil
	})
}
