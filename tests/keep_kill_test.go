package tests

import (
	"crypto/sha256"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// dataOf makes a data folder that looks like that of a stopped bot.
func dataOf(t *testing.T, dir, mark string) {
	t.Helper()
	for i := range 40 {
		name := filepath.Join(dir, "files", fmt.Sprint(i))
		if i < 2 {
			name = filepath.Join(dir, []string{"chat_chat.db", "chat_agent.db"}[i])
		}
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(strings.Repeat(mark+fmt.Sprint(i), 20_000)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// printOf is a hash of all that a data folder keeps; "" where it is not there.
func printOf(t *testing.T, dir string) string {
	t.Helper()
	h := sha256.New()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasSuffix(path, ".lock") {
			return err
		}
		text, err := os.ReadFile(path)
		rel, _ := filepath.Rel(dir, path)
		fmt.Fprintf(h, "%s %d %s", rel, len(text), text)
		return err
	})
	if err != nil {
		return ""
	}
	return fmt.Sprintf("%x", h.Sum(nil))
}

// killsMidway calls round until at least 12 kills were tried and 3 of them came
// midway, which round tells.
func killsMidway(t *testing.T, what string, round func(i int) (midway bool)) {
	t.Helper()
	hits, i := 0, 0
	for ; hits < 3 || i < 12; i++ {
		if i == 300 {
			t.Fatalf("%s: only %d of %d kills came midway", what, hits, i)
		}
		if round(i) {
			hits++
		}
	}
	t.Logf("%s: %d of %d kills came midway", what, hits, i)
}

// TestKilledBackupAndRestore kills both again and again. What they read and what
// they replace is whole after each kill.
func TestKilledBackupAndRestore(t *testing.T) {
	t.Parallel()
	program, _ := built(t)
	random := rand.New(rand.NewPCG(seed(t), 0))
	dir := t.TempDir()
	data, file := filepath.Join(dir, "bot.data"), filepath.Join(dir, "bot.backup")
	dataOf(t, data, "new")
	fresh := printOf(t, data)
	began := time.Now()
	if out, err := exec.Command(program, "backup", "--data", data, "-o", file).CombinedOutput(); err != nil {
		t.Fatalf("%v %s", err, out)
	}
	most := 2 * time.Since(began)
	killSoon := func(args ...string) {
		t.Helper()
		cmd := exec.Command(program, args...)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		kill := time.AfterFunc(time.Duration(random.Int64N(int64(most))), func() { _ = cmd.Process.Kill() })
		_ = cmd.Wait() // killed or done
		kill.Stop()
	}
	killsMidway(t, "backup", func(i int) bool {
		place := filepath.Join(dir, fmt.Sprint("killed", i))
		killSoon("backup", "--data", data, "-o", place)
		if _, err := os.Stat(place); err == nil {
			if out, err := exec.Command(program, "restore", "--check", place).CombinedOutput(); err != nil {
				t.Errorf("an archive at its place is not whole: %s", out)
			}
		}
		if printOf(t, data) != fresh {
			t.Fatal("the backup has changed the data")
		}
		parts, _ := filepath.Glob(place + ".part-*")
		return len(parts) == 1
	})

	old := filepath.Join(dir, "old.data")
	dataOf(t, old, "old")
	worn := printOf(t, old)
	killsMidway(t, "restore", func(int) bool {
		killSoon("restore", "--data", old, "--force", file)
		if now := printOf(t, old); now != worn && now != fresh {
			t.Fatal("the folder is neither the old nor the new one")
		}
		_, err := os.Stat(old + ".restoring")
		return err == nil
	})
	if out, err := exec.Command(program, "restore", "--data", old, "--force", file).CombinedOutput(); err != nil {
		t.Fatalf("%v %s", err, out)
	}
	kept, _ := filepath.Glob(old + ".before-*")
	found := false
	for _, k := range kept {
		found = found || printOf(t, k) == worn
	}
	if printOf(t, old) != fresh || !found {
		t.Errorf("the new one is not there, or the old one is lost; kept: %v", kept)
	}
}

// TestKilledWhileSaved kills the bot while its chat is stopped for a backup:
// before the core's export, in it, and before the chat is started again.
func TestKilledWhileSaved(t *testing.T) {
	t.Parallel()
	for _, at := range []string{"/set file paths", "/_db export", "/_start"} {
		t.Run(strings.NewReplacer("/", "", " ", "_").Replace(at), func(t *testing.T) {
			t.Parallel()
			b := newBot(t, squarer, "CORE_ITEMS", "200", "CORE_RATE", "400", "CORE_DIE_STOPPED", at)
			file := filepath.Join(t.TempDir(), "bot.backup")
			b.start()
			b.until("some are answered", func(c stubCounters) bool { return c.Answered > 20 })
			out, code := b.command("", "backup", "--data", b.data, "-o", file)
			if got := b.wait(); got != killed {
				t.Fatalf("the bot ended with %d\n%s", got, b.tail())
			}
			if c := b.counters(); c.Starts != 1 || c.Stops != 1 {
				t.Errorf("%d starts and %d stops; the kill should come between the two", c.Starts, c.Stops)
			}
			if left, _ := filepath.Glob(file + "*"); code != 10 || !strings.Contains(out, "the bot went away") || len(left) > 0 {
				t.Errorf("backup: code %d, %s; there are %v", code, out, left)
			}
			b.set("CORE_DIE_STOPPED", "")
			b.start()
			b.until("all are answered and marked", stubCounters.done)
			if left, _ := filepath.Glob(filepath.Join(b.data, "tmp", ".backup-*")); len(left) > 0 {
				t.Errorf("the next start has left the snapshot: %v", left)
			}
			b.must("backup", "--data", b.data, "-o", file)
			b.must("restore", "--check", file)
			b.stop()
			b.checkSound()
		})
	}
}

// TestBackupKilledAtRunning kills the command again and again while the bot
// runs, which goes on each time.
func TestBackupKilledAtRunning(t *testing.T) {
	t.Parallel()
	b := newBot(t, squarer, "CORE_ITEMS", "1500", "CORE_RATE", "300")
	random := rand.New(rand.NewPCG(seed(t), 1))
	dir := t.TempDir()
	b.start()
	b.until("some are answered", func(c stubCounters) bool { return c.Answered > 20 })
	began := time.Now()
	b.must("backup", "--data", b.data, "-o", filepath.Join(dir, "first"))
	most := time.Since(began)
	killsMidway(t, "backup", func(i int) bool {
		place := filepath.Join(dir, fmt.Sprint("killed", i))
		before := b.counters().Stops
		cmd := exec.Command(b.program, "backup", "--data", b.data, "-o", place)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		kill := time.AfterFunc(time.Duration(random.Int64N(int64(most))), func() { _ = cmd.Process.Kill() })
		_ = cmd.Wait() // killed or done
		kill.Stop()
		b.until("the chat runs again", func(c stubCounters) bool { return c.Starts == c.Stops+1 })
		_, err := os.Stat(place)
		return err != nil && b.counters().Stops > before
	})
	b.until("all are answered and marked", stubCounters.done)
	b.must("backup", "--data", b.data, "-o", filepath.Join(dir, "last"))
	b.stop()
	b.checkOnce()
}
