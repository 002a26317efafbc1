package host_test

import (
	"path/filepath"
	"testing"

	"github.com/simplex-lua/simplex-lua/internal/sim"
)

// TestBotWithAnotherUserActive: somebody makes another user of the database active
// under a running bot, and again before it stops; it answers all the same.
func TestBotWithAnotherUserActive(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	script, data := filepath.Join(dir, "bot.lua"), filepath.Join(dir, "bot.data")
	save(t, script, squaring)
	net := sim.New(sim.Options{Seed: 1})
	defer net.Close()
	b := run(t, net, script, data)
	status, _ := b.Status()
	alice := join(t, net, "alice", status.Address)
	alice.expect("Send a number.")
	behind := func(cmd string) {
		if _, err := b.core.Send(t.Context(), cmd); err != nil {
			t.Fatal(err)
		}
	}
	behind(`/_create user {"profile":{"displayName":"second","fullName":""},"pastTimestamp":false,"userChatRelay":false}`)
	alice.write("7")
	alice.expect("7 * 7 = 49")
	if err := b.Idle(t.Context(), b.core.Enqueued); err != nil {
		t.Fatal(err)
	}
	behind("/_user 2")
	b.end()
	alice.write("8")
	run(t, net, script, data)
	alice.expect("8 * 8 = 64")
}
