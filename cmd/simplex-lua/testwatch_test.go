package main

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/bottest"
	"github.com/simplex-lua/simplex-lua/internal/testkit"
	"github.com/simplex-lua/simplex-lua/stdlib"
)

// waitFor waits until want was shown n times.
// TestWatchRunsAgain: --watch runs the cases once, and once more after each
// change of the script or the tests, whether they pass or not.
func TestWatchRunsAgain(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		// In one step, as editors do: a half-written file would be another version.
		part := filepath.Join(dir, name+".part")
		if err := os.WriteFile(part, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(part, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	const (
		bot  = `bot.on_message(function(msg) msg:reply("you said " .. msg.text) end)`
		test = `require("simplex.sim").case("echo", function(net)
  local alice = net:user("alice"):connect()
  alice:send("hi")
  alice:expect("you said hi")
end)`
	)
	write("bot.lua", bot)
	write("bot_test.lua", test)
	shown := &testkit.Buffer{}
	run := &testRun{
		opts:  bottest.Options{Stdlib: stdlib.FS, Getenv: lookupEnv, Parallel: 1, Timeout: time.Minute},
		paths: []string{dir}, watch: true, show: newTestScreen(shown, false),
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	ended := make(chan error, 1)
	go func() { ended <- run.again(ctx) }()

	waits := 0
	next := func(want string, n int) {
		t.Helper()
		waits++
		shown.Wait(t, "waiting for changes", waits)
		shown.Wait(t, want, n)
	}
	next("1 passed, 0 failed", 1)
	write("bot.lua", strings.Replace(bot, "you", "they", 1))
	next("0 passed, 1 failed", 1)
	write("note.txt", "no file of the tests")
	write("bot_test.lua", strings.Replace(test, "you", "they", 1))
	next("1 passed, 0 failed", 2)
	write("bot_test.lua", "local = 1")
	next("bot_test.lua:1: ", 1)
	write("bot_test.lua", strings.Replace(test, "you", "they", 1)+"\n")
	next("1 passed, 0 failed", 3)
	cancel()
	select {
	case err := <-ended:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(30 * time.Second):
		buf := make([]byte, 1<<16)
		t.Fatalf("it goes on after its end:\n%s", buf[:runtime.Stack(buf, true)])
	}
}
