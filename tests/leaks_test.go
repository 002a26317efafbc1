package tests

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestADyingProcessTellsNothing: what the parent of an isolated bot says when
// the bot's process dies, and what that one said before, has no key and nothing
// that was made of messages.
func TestADyingProcessTellsNothing(t *testing.T) {
	t.Parallel()
	const key, token = "Hunter2-PlantedDatabaseKey", "Plughtoken"
	f := newFleet(t, "restart_delay = \"1h\"\nrestart_max_delay = \"1h\"\n", [][3]string{
		{"here", "bot.on_message(function() end)", ""},
		{"apart", `bot.configure { log_contacts = true, log_network = true }
			local token = "Plugh" .. "token"
			bot.on_message(function(msg) msg:reply("well") error("told " .. token .. msg.text .. msg.sender.name) end)`, "isolate = true"},
	}, "CORE_ITEMS", "10", "CORE_CHATS", "1", "CORE_DIE_SENT", "5", "SIMPLEX_LUA_DATABASE_KEY", key)
	f.untilLogged("the process of bot apart died", 1)
	f.untilLogged("told …", 1)
	cmd := exec.Command(f.program, "status", "--config="+filepath.Join(f.files, "simplex-lua.toml"))
	f.bots["here"].until("the other is there", func(c stubCounters) bool { return c.Marked > 0 })
	status, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(status), "apart") {
		t.Errorf("status: %v: %s", err, status)
	}
	f.end()
	said := f.logs() + string(status)
	for _, secret := range []string{key, token} {
		if strings.Contains(said, secret) {
			t.Errorf("%s in: %s", secret, said)
		}
	}
}
