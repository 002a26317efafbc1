package host

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/simplex-lua/simplex-lua/internal/testkit"
)

// TestOnErrorStopsNoEvents: on_error is told of the receiver's errors while
// events go on being taken, however long it takes.
func TestOnErrorStopsNoEvents(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, handler string
		hangs         string // commands that the core does not answer
		sends         bool
	}{
		{"that sleeps", `sleep(3600)`, "", false},
		{"that sends", `bot.send("@9", "trouble")`, "", true},
		{"that sends where the core hangs", `bot.send("@9", "trouble")`, "/_send @9", true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			core := newFakeCore()
			letGo := make(chan struct{})
			core.override = func(cmd string) string {
				if tt.hangs != "" && strings.HasPrefix(cmd, tt.hangs) {
					<-letGo
				}
				return ""
			}
			b := launchLua(t, core, `
				bot.on_error(function(e) `+tt.handler+` end)
				bot.on_message(function(msg) msg:reply(msg.text) end)`, nil)
			core.put(result{err: errors.New("library trouble")})
			for range 2 * maxUntold {
				core.emit("nonsense")
			}
			core.receive("@4", "hello")
			testkit.Until(t, "all events are settled", func() bool { return b.receiver.settled.Load() == core.made()-1 }) // the error is no event
			testkit.Until(t, "the message is answered", func() bool { return b.said.has("hello") })
			close(letGo)
			testkit.Until(t, "on_error sends", func() bool { return !tt.sends || b.said.has("trouble") })
			if err := b.end(); err != nil {
				t.Error(err)
			}
			if core.unread() != 0 {
				t.Error("the message is not marked")
			}
		})
	}
}

// TestOnErrorOfTheCore: a script hears of a critical error of the core, and where
// the core asks for a restart the status says so.
func TestOnErrorOfTheCore(t *testing.T) {
	t.Parallel()
	for _, restart := range []bool{false, true} {
		t.Run(fmt.Sprintf("restart %v", restart), func(t *testing.T) {
			t.Parallel()
			core := newFakeCore()
			b := launchLua(t, core, `bot.on_error(function(e) bot.send("@9", e.type .. "|" .. e.message) end)`, nil)
			core.emit(fmt.Sprintf(`{"error":{"type":"errorAgent","agentError":{"type":"CRITICAL","offerRestart":%v,"criticalErr":"no database"}}}`, restart))
			want := "critical|the core reports a critical error: no database"
			if restart {
				want += "\nthe core asks for a restart of the bot"
			}
			testkit.Until(t, "on_error sends", func() bool { return b.said.has(want) })
			if s, ok := b.Status(); !ok || s.WantsRestart != restart {
				t.Errorf("got %+v", s)
			}
			if err := b.end(); err != nil {
				t.Error(err)
			}
		})
	}
}
