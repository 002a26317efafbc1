package tests

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
)

// TestOnlyChangedBotsAreStartedAgain: at SIGHUP bots whose settings are as they
// were go on without a gap, and one that was stopped stays so.
func TestOnlyChangedBotsAreStartedAgain(t *testing.T) {
	t.Parallel()
	for _, service := range []bool{false, true} {
		t.Run(fmt.Sprint("service=", service), func(t *testing.T) {
			t.Parallel()
			testChange(t, service)
		})
	}
}

func testChange(t *testing.T, service bool) {
	env := []string{"CORE_ITEMS", "60", "CORE_RATE", "50"}
	manager := newManager(t, newBot(t, ""))
	if service {
		env = append(env, "NOTIFY_SOCKET", manager.conn.LocalAddr().String())
	}
	f := newFleet(t, "metrics = \"0\"\n", [][3]string{
		{"stays", squarer, ""}, {"apart", squarer, "isolate = true"}, {"changes", squarer, ""}, {"rests", squarer, ""}, {"goes", squarer, ""},
	}, env...)
	stays, changes, rests := f.bots["stays"], f.bots["changes"], f.bots["rests"]
	added := *f.bot
	added.data, added.script = filepath.Join(f.files, "added.data"), filepath.Join(f.files, "added.lua")
	added.save(squarer)
	path := filepath.Join(f.files, "simplex-lua.toml")
	say := func(bots ...string) {
		t.Helper()
		text := "log_format = \"json\"\nmetrics = \"0\"\n"
		for _, bot := range bots {
			name, more, _ := strings.Cut(bot, " ")
			text += fmt.Sprintf("[[bot]]\nscript = %q\n%s\n", name+".lua", more)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		f.signal(syscall.SIGHUP)
		if service {
			manager.until("RELOADING=1")
			manager.until("READY=1")
		}
	}
	ask := func(want string, args ...string) {
		t.Helper()
		if out, _ := f.command("", append(args, "--config", path)...); !strings.Contains(out, want) {
			t.Errorf("%s: no %q in %s", args, want, out)
		}
	}
	for _, b := range f.bots {
		b.until("each has answered", func(c stubCounters) bool { return c.Answered > 0 })
	}
	if service {
		manager.until("READY=1")
	}
	if out, code := f.command("", "stop", "--config", path, "rests"); code != 0 {
		t.Fatal(out)
	}

	say("added", "stays", "apart isolate = true", "changes grace = \"5s\"", "rests")
	added.until("the new one answers", func(c stubCounters) bool { return c.Answered > 0 })
	changes.until("the changed one is started again", func(c stubCounters) bool { return c.Starts == 2 })
	f.untilLogged(`"stopped":"changes, goes","started":"added, changes"`, 1)
	for _, name := range []string{"stays", "apart"} {
		f.untilLogged(`"the script was reloaded","bot":"`+name+`"`, 1)
	}
	if err := os.WriteFile(path, []byte("log_fromat = \"json\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	f.signal(syscall.SIGHUP)
	f.untilLogged("the bots go on as they are, and no script was loaded again", 1)
	if n := strings.Count(f.logs(), `"the script was reloaded"`); n != 2 {
		t.Errorf("%d scripts were loaded again, want the 2 of before the mistake", n)
	}
	if out, code := f.command("", "status", "--config", path, stays.data); code != 0 || !strings.Contains(out, "stays: running") || !strings.Contains(out, "log_fromat") {
		t.Errorf("status with a mistake in the configuration: code %d, %s", code, out)
	}
	if service {
		manager.until("RELOADING=1")
		manager.until("READY=1")
	}
	say("added", "stays", "apart isolate = true", "changes grace = \"5s\"", "rests")
	ask("rests: ended", "status")
	ask("stays: running", "status")
	ask("no bot goes runs here", "status", "goes")
	address := regexp.MustCompile(`"metrics are served","address":"([^"]+)"`).FindStringSubmatch(f.logs())
	r, err := http.Get("http://" + address[1] + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(r.Body)
	_ = r.Body.Close()
	if metrics := string(body); err != nil || strings.Contains(metrics, `bot="goes"`) || !strings.Contains(metrics, `up{bot="stays"} 1`) || !strings.Contains(metrics, `up{bot="added"}`) {
		t.Errorf("%v: no bots as they are now in\n%s", err, metrics)
	}

	say("added", "stays", "apart isolate = true", "changes grace = \"5s\"", "rests grace = \"5s\"")
	rests.until("the one that was stopped runs by its new settings", func(c stubCounters) bool { return c.Starts == 2 })
	for _, b := range []*bot{stays, f.bots["apart"], changes, rests, &added} {
		b.until("all is answered", stubCounters.done)
	}
	f.end()
	for name, want := range map[string]int64{"stays": 1, "apart": 1, "changes": 2, "rests": 2, "goes": 1} {
		if c := f.bots[name].counters(); c.Starts != want || c.Stops != want || c.Closes != want {
			t.Errorf("%s: %d starts, %d stops and %d closes; want %d of each", name, c.Starts, c.Stops, c.Closes, want)
		}
		if name != "goes" {
			f.bots[name].checkOnce()
		}
	}
	added.checkOnce()
}
