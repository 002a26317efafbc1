package lime

import (
	"slices"
	"testing"

	"github.com/simplex-lua/simplex-lua/internal/sim"
)

// The client of an older version of the script finishes its session by itself;
// the next one has its own, also where the server takes one session at a time.
func TestReload(t *testing.T) {
	t.Parallel()
	h := newHub()
	began, finished := make(chan struct{}, 8), make(chan struct{}, 8)
	uri := listenWS(t, func(p *peer) {
		began <- struct{}{}
		h.serve(p)
		finished <- struct{}{}
	})
	const script = `
local c = client(os.getenv "WS")
c:on("connect", function() print("connected " .. bot.info.generation) end)
c:run()`
	b := start(t, sim.New(sim.Options{}), map[string]string{"WS": uri}, script)
	<-began
	save(t, b, script+"\n-- changed")
	if err := b.Reload(t.Context()); err != nil {
		t.Fatal(err)
	}
	<-began
	<-finished
	if _, ok := b.Status(); !ok {
		t.Fatal("the bot has ended")
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if want := `{"id":"d35ad2be","state":"finishing"}`; !slices.Contains(h.heard, want) {
		t.Errorf("the older client did not finish its session: %q", h.heard)
	}
}
