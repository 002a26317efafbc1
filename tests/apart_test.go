package tests

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// TestDeadIsolatedBotsAreSeen asks about bots whose processes have all ended:
// the parent answers in their place.
func TestDeadIsolatedBotsAreSeen(t *testing.T) {
	t.Parallel()
	f := newFleet(t, "restart_delay = \"1h\"\nrestart_max_delay = \"1h\"\nisolate = true\nwatch = false\n", [][3]string{
		{"killed", squarer, ""},
		{"broken", "bot.on_mesage(print)", ""},
	}, "CORE_ITEMS", "1")
	killed := f.bots["killed"]
	killed.until("it answers", stubCounters.done)
	pid := regexp.MustCompile(`"bot":"killed","pid":(\d+)`).FindStringSubmatch(f.logs())[1]
	if n, err := strconv.Atoi(pid); err != nil || syscall.Kill(n, syscall.SIGKILL) != nil {
		t.Fatal(pid, err)
	}
	f.untilLogged("is started again", 2)
	place := "--config=" + filepath.Join(f.files, "simplex-lua.toml")
	ask := func(code int, want []string, args ...string) {
		t.Helper()
		out, got := f.command("", args...)
		for _, w := range want {
			if !strings.Contains(out, w) {
				t.Errorf("%s: no %q in\n%s", args, w, out)
			}
		}
		if got != code {
			t.Errorf("%s: code %d, want %d\n%s", args, got, code, out)
		}
	}
	ask(0, []string{"killed: waiting", "signal: killed", "broken: waiting", "exit code 1"}, "status", place)
	ask(1, []string{"it is waiting"}, "status", "--check", place)
	ask(0, []string{"killed: waiting"}, "status", "--data", killed.data)
	ask(0, []string{"killed.backup"}, "backup", place, "-o", filepath.Join(f.files, "killed.backup"), "killed")
	ask(0, []string{"killed: it had failed and is started again now"}, "reload", place, "killed")
	killed.until("it is started again", func(c stubCounters) bool { return c.Starts == 2 })
	ask(0, []string{"broken: stopped"}, "stop", place, "broken")
	ask(0, []string{"broken: ended"}, "status", place, "broken")
	f.end()
	if _, err := os.Stat(f.bots["broken"].data); !os.IsNotExist(err) {
		t.Errorf("the broken bot left a data folder: %v", err)
	}
}
