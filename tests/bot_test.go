package tests

import (
	"cmp"
	"errors"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// squarer answers numbers with their squares, as the stub core wants it.
const squarer = `
bot.configure { profile = { display_name = "Squarer" }, welcome = "Send a number." }
bot.on_message({ content_type = "text" }, function(msg)
  local n = tonumber(msg.text)
  if n then msg:reply(("%.14g * %.14g = %.14g"):format(n, n, n * n)) end
end)
`

// patience is how long a test waits for what must happen.
const patience = 90 * time.Second

// bot is a bot on the stub core: one script and data folder, and one process
// of the program at a time.
type bot struct {
	t             testing.TB
	program, libs string
	script, data  string
	log           string // path of what all processes write to stderr
	env           map[string]string
	cmd           *exec.Cmd
	ended         chan struct{} // closed when cmd has ended
	starts        int64         // of the chat, before cmd
}

// newBot returns a bot with that script, which is not started; env are settings
// of the stub, as pairs.
func newBot(t testing.TB, script string, env ...string) *bot {
	t.Helper()
	b := &bot{t: t, env: map[string]string{}}
	b.program, b.libs = built(t)
	dir := t.TempDir()
	b.script, b.data, b.log = filepath.Join(dir, "bot.lua"), filepath.Join(dir, "data"), filepath.Join(dir, "log")
	b.save(script)
	b.set(env...)
	return b
}

// save writes the script as editors do, by renaming.
func (b *bot) save(script string) {
	b.t.Helper()
	err := os.WriteFile(b.script+".new", []byte(script), 0o600)
	if err == nil {
		err = os.Rename(b.script+".new", b.script)
	}
	if err != nil {
		b.t.Fatal(err)
	}
}

// set changes settings of the stub for the processes to come; "" removes one.
func (b *bot) set(env ...string) {
	for pair := range slices.Chunk(env, 2) {
		b.env[pair[0]] = pair[1]
	}
}

// start starts the program; flags stand before the script's name.
func (b *bot) start(flags ...string) {
	b.t.Helper()
	args := append([]string{"run", "--data", b.data, "--log-format", "json"}, flags...)
	b.launch(append(args, b.script)...)
}

// launch starts the program with these arguments.
func (b *bot) launch(args ...string) {
	b.t.Helper()
	log, err := os.OpenFile(b.log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		b.t.Fatal(err)
	}
	defer log.Close()
	cmd := exec.Command(b.program, args...)
	cmd.Stderr = log
	cmd.Env = append(os.Environ(), "SIMPLEX_LIBS_DIR="+b.libs)
	for _, name := range slices.Sorted(maps.Keys(b.env)) {
		cmd.Env = append(cmd.Env, name+"="+b.env[name])
	}
	b.starts = b.counters().Starts
	if err := cmd.Start(); err != nil {
		b.t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = cmd.Wait() // the state tells
	}()
	b.t.Cleanup(func() {
		_ = cmd.Process.Kill() // ended already, if all went well
		<-ended
	})
	b.cmd, b.ended = cmd, ended
}

// untilStarted waits until the process has started the chat.
func (b *bot) untilStarted() {
	b.t.Helper()
	b.until("/_start", func(c stubCounters) bool { return c.Starts > b.starts })
}

// counters reads the stub's counters.
func (b *bot) counters() stubCounters {
	b.t.Helper()
	c, err := readStub(b.database(), nil)
	if err != nil {
		b.t.Fatal(err)
	}
	return c
}

func (b *bot) items() []stubItem {
	b.t.Helper()
	var items []stubItem
	if _, err := readStub(b.database(), &items); err != nil {
		b.t.Fatal(err)
	}
	return items
}

func (b *bot) database() string {
	return filepath.Join(b.data, cmp.Or(b.env["SIMPLEX_LUA_DATABASE_PREFIX"], "chat")+"_chat.db")
}

// logs returns what all processes have logged.
func (b *bot) logs() string {
	b.t.Helper()
	text, err := os.ReadFile(b.log)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		b.t.Fatal(err)
	}
	return string(text)
}

// until waits until the condition holds. It fails the test when the process
// ends before.
func (b *bot) until(what string, holds func(c stubCounters) bool) {
	b.t.Helper()
	if !b.untilEnd(what, holds) {
		b.t.Fatalf("the process ended before: %s (%v)\n%s", what, b.counters(), b.tail())
	}
}

// untilEnd waits until the condition holds, or the process ends: then it is
// false unless the condition holds all the same.
func (b *bot) untilEnd(what string, holds func(c stubCounters) bool) bool {
	b.t.Helper()
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(patience)
	for {
		select {
		case <-b.ended:
			return holds(b.counters())
		default:
		}
		if holds(b.counters()) {
			return true
		}
		select {
		case <-tick.C:
		case <-deadline:
			b.t.Fatalf("never happened: %s (%v)\n%s", what, b.counters(), b.tail())
		}
	}
}

// untilLogged waits until all processes together have logged that text n times.
func (b *bot) untilLogged(text string, n int) {
	b.t.Helper()
	b.until("log has "+text, func(stubCounters) bool { return strings.Count(b.logs(), text) >= n })
}

func (b *bot) signal(s os.Signal) {
	b.t.Helper()
	if err := b.cmd.Process.Signal(s); err != nil {
		b.t.Fatal(err)
	}
}

// killed is the exit code of a process that SIGKILL has ended.
const killed = -int(syscall.SIGKILL)

// wait waits for the end of the process and returns its exit code.
func (b *bot) wait() int {
	b.t.Helper()
	select {
	case <-b.ended:
	case <-time.After(patience):
		b.t.Fatalf("the process does not end (%v)\n%s", b.counters(), b.tail())
	}
	if status, ok := b.cmd.ProcessState.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return -int(status.Signal())
	}
	return b.cmd.ProcessState.ExitCode()
}

// stop ends the process by SIGINT, which must go well.
func (b *bot) stop() {
	b.t.Helper()
	b.untilStarted()
	before := b.counters()
	b.signal(os.Interrupt)
	if code := b.wait(); code != 0 {
		b.t.Errorf("exit code after SIGINT: got %d, want 0\n%s", code, b.tail())
	}
	if now := b.counters(); now.Stops != before.Stops+1 || now.Closes != before.Closes+1 {
		b.t.Errorf("/_stop was sent %d times and the store closed %d times; want both once", now.Stops-before.Stops, now.Closes-before.Closes)
	}
}

// checkOnce requires that every message was answered and marked, none twice.
func (b *bot) checkOnce() {
	b.t.Helper()
	for n, it := range b.items() {
		if it.Answers != 1 || it.Read != 1 {
			b.t.Errorf("item %d: %d answers, read %d; want both 1", n, it.Answers, it.Read)
		}
	}
	b.checkSound()
}

// checkSound requires what must hold over any number of kills.
func (b *bot) checkSound() {
	b.t.Helper()
	c := b.counters()
	if c.Strays != 0 || c.Again != 0 || c.Early != 0 || c.Late != 0 {
		b.t.Errorf("wrong answers (strays), answers twice in one process (again), marks before the answer (early) or "+
			"calls after the end (late): %v\n%s", c, b.tail())
	}
}

// tail is the end of the log, for failures.
func (b *bot) tail() string {
	lines := strings.Split(strings.TrimSpace(b.logs()), "\n")
	return strings.Join(lines[max(0, len(lines)-30):], "\n")
}
