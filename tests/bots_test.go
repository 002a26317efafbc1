package tests

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/gofrs/flock"
)

// endless never ends a handler by itself.
const endless = `
bot.configure { cpu_limit = "50ms" }
bot.on_message(function() while true do end end)
`

// fleet is one process with the bots of a configuration file.
type fleet struct {
	*bot  // its data folder is that of the last bot in the file
	bots  map[string]*bot
	files string // folder of the configuration and the scripts
}

// newFleet writes a configuration with these bots, as triples of name, script
// and further settings, and starts it.
func newFleet(t *testing.T, top string, triples [][3]string, env ...string) *fleet {
	t.Helper()
	f := &fleet{bot: newBot(t, ""), bots: map[string]*bot{}}
	f.set(env...)
	f.files = filepath.Dir(f.script)
	var config strings.Builder
	config.WriteString("log_format = \"json\"\n" + top)
	for _, triple := range triples {
		name, script, more := triple[0], triple[1], triple[2]
		f.data, f.script = filepath.Join(f.files, name+".data"), filepath.Join(f.files, name+".lua")
		f.save(script)
		fmt.Fprintf(&config, "[[bot]]\nscript = %q\n%s\n", name+".lua", more)
	}
	path := filepath.Join(f.files, "simplex-lua.toml")
	if err := os.WriteFile(path, []byte(config.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	f.launch("run", "--config", path)
	for _, triple := range triples {
		one := *f.bot
		one.data, one.script = filepath.Join(f.files, triple[0]+".data"), filepath.Join(f.files, triple[0]+".lua")
		f.bots[triple[0]] = &one
	}
	return f
}

// end stops the process gracefully.
func (f *fleet) end() {
	f.t.Helper()
	f.signal(os.Interrupt)
	if code := f.wait(); code != 0 {
		f.t.Errorf("exit code after SIGINT: got %d, want 0\n%s", code, f.tail())
	}
}

func TestOneOfThreeBotsWorks(t *testing.T) {
	t.Parallel()
	f := newFleet(t, "grace = \"1s\"\n", [][3]string{
		{"broken", "error('broken at load')", ""},
		{"endless", endless, ""},
		{"third", squarer, ""},
	}, "CORE_ITEMS", "40", "CORE_CHATS", "4")
	third := f.bots["third"]
	third.until("the third answers", stubCounters.done)
	f.untilLogged("broken at load", 1)
	f.bots["endless"].until("the endless one was cut", func(c stubCounters) bool { return c.Marked > 0 })
	f.end()
	third.checkOnce()
	if c := f.bots["endless"].counters(); c.Answered != 0 || c.Closes != 1 {
		t.Errorf("the endless bot: got %v, %d closes; want no answer and one close", c, c.Closes)
	}
	if _, err := os.Stat(f.bots["broken"].data); !os.IsNotExist(err) {
		t.Errorf("the broken bot left a data folder: %v", err)
	}
}

func TestABrokenBotIsMended(t *testing.T) {
	t.Parallel()
	f := newFleet(t, "restart_delay = \"1h\"\nrestart_max_delay = \"1h\"\n", [][3]string{
		{"other", squarer, ""},
		{"mended", "error('broken at load')", ""},
	}, "CORE_ITEMS", "50")
	f.untilLogged("is started again", 1)
	f.save(squarer)
	for _, b := range f.bots {
		b.until("both answer", stubCounters.done)
	}
	f.end()
	for _, b := range f.bots {
		b.checkOnce()
	}
}

// TestABotThatFailsAtLoadIsSeen asks about a bot that never had a data folder,
// stops it and the one that runs, and ends the process so.
func TestABotThatFailsAtLoadIsSeen(t *testing.T) {
	t.Parallel()
	const typo = "bot.on_mesage(print)"
	f := newFleet(t, "restart_delay = \"1h\"\nrestart_max_delay = \"1h\"\n", [][3]string{
		{"bad", typo, ""},
		{"bad_apart", typo, "isolate = true"},
		{"good", squarer, ""},
	}, "CORE_ITEMS", "1")
	f.bots["good"].until("the good one answers", stubCounters.done)
	f.untilLogged("is started again", 2)
	place := "--config=" + filepath.Join(f.files, "simplex-lua.toml")
	for _, step := range []struct {
		args []string
		code int
		want []string
	}{
		{[]string{"status", place}, 0, []string{"good: running", "bad: waiting", "bad_apart: waiting", "next start"}},
		{[]string{"status", place, "bad"}, 0, []string{"bad: waiting", "last error", "on_mesage"}},
		{[]string{"status", "--data", f.files}, 0, []string{"good: running", "bad: waiting"}},
		{[]string{"status", "--check", place}, 1, []string{"bad_apart: it is waiting: "}},
		{[]string{"status", "--check", place, "good"}, 0, nil},
		{[]string{"reload", place, "good"}, 0, []string{"good: reloaded"}},
		{[]string{"stop", place, "bad"}, 0, []string{"bad: stopped"}},
		{[]string{"status", place, "bad"}, 0, []string{"bad: ended"}},
		{[]string{"status", "--check", place}, 1, []string{"bad_apart: it is waiting"}},
		{[]string{"stop", place, "good"}, 0, []string{"good: stopped"}},
		{[]string{"backup", place, "-o", filepath.Join(f.files, "good.backup"), "good"}, 0, []string{"good.backup"}},
		{[]string{"stop", "--all", place}, 0, []string{"bad_apart: stopped"}},
	} {
		out, code := f.command("", step.args...)
		for _, want := range step.want {
			if !strings.Contains(out, want) {
				t.Errorf("%s: no %q in\n%s", step.args, want, out)
			}
		}
		if code != step.code {
			t.Errorf("%s: code %d, want %d\n%s", step.args, code, step.code, out)
		}
	}
	if code := f.wait(); code != 0 {
		t.Errorf("exit code after the last bot was stopped: %d\n%s", code, f.tail())
	}
}

var pidLogged = regexp.MustCompile(`process of its own","bot":"apart","pid":(\d+)`)

// children are the process ids that the isolated bot had.
func (f *fleet) children() (pids []int) {
	for _, m := range pidLogged.FindAllStringSubmatch(f.logs(), -1) {
		pid, _ := strconv.Atoi(m[1])
		pids = append(pids, pid)
	}
	return pids
}

func TestIsolatedBot(t *testing.T) {
	t.Parallel()
	f := newFleet(t, "restart_delay = \"1ms\"\nwatch = false\n", [][3]string{
		{"here", squarer, ""},
		{"apart", squarer, "isolate = true\ngrace = \"5s\"\n"},
	}, "CORE_ITEMS", "200", "CORE_RATE", "200")
	apart := f.bots["apart"]
	apart.until("some are answered", func(c stubCounters) bool { return c.Answered > 10 })
	if err := syscall.Kill(f.children()[0], syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	f.untilLogged("died: signal: killed", 1)
	apart.until("it is started again", func(c stubCounters) bool { return c.Starts == 2 })
	f.save(squarer + "-- changed")
	f.signal(syscall.SIGHUP)
	f.untilLogged(`"the script was reloaded","bot":"apart"`, 1)
	for _, b := range f.bots {
		b.until("both have answered all", stubCounters.done)
	}
	f.end()
	f.bots["here"].checkOnce()
	apart.checkSound()
	if c := apart.counters(); c.Runs != 2 || c.Closes != 1 || len(f.children()) != 2 {
		t.Errorf("got %d runs, %d closes and the processes %v; want 2, 1 (the other was killed) and 2", c.Runs, c.Closes, f.children())
	}
}

// TestIsolatedBotStopsWithItsParent kills the parent: the bot stops gracefully.
func TestIsolatedBotStopsWithItsParent(t *testing.T) {
	t.Parallel()
	f := newFleet(t, "", [][3]string{{"apart", squarer, "isolate = true"}}, "CORE_ITEMS", "20")
	f.until("all are answered", stubCounters.done)
	f.signal(os.Kill)
	if code := f.wait(); code != killed {
		t.Errorf("exit code: got %d, want SIGKILL", code)
	}
	for end := time.Now().Add(patience); f.counters().Closes != 1; time.Sleep(2 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("the child did not stop\n%s", f.tail())
		}
	}
	f.checkOnce()
}

// TestIsolatedBotEndsAtASecondSignal has a handler that keeps the bot from
// stopping in time.
func TestIsolatedBotEndsAtASecondSignal(t *testing.T) {
	t.Parallel()
	f := newFleet(t, "grace = \"1h\"\n", [][3]string{
		{"apart", `bot.on_message(function() sleep("1h") end)`, "isolate = true"},
	}, "CORE_ITEMS", "1")
	f.until("the handler has begun", func(c stubCounters) bool { return c.Taken == 1 })
	f.signal(os.Interrupt)
	f.untilLogged(`"stopping","bot":"apart"`, 1)
	f.signal(os.Interrupt)
	if code := f.wait(); code != 130 {
		t.Errorf("exit code: got %d, want 130", code)
	}
	// The lock beside the database is free as soon as the child has ended.
	lock := flock.New(filepath.Join(f.data, "chat.lock"))
	defer lock.Close()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if free, err := lock.TryLockContext(ctx, 2*time.Millisecond); !free {
		t.Errorf("the child has not ended: %v", err)
	}
}
