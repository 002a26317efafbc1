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

// must runs a command that must go well.
func (b *bot) must(args ...string) string {
	b.t.Helper()
	out, code := b.command("", args...)
	if code != 0 {
		b.t.Fatalf("%s: code %d, %s\n%s", args[0], code, out, b.tail())
	}
	return out
}

// TestBackupOfRunning saves a bot in the middle of its work, which goes on, and
// brings it back elsewhere, where it ends the work.
func TestBackupOfRunning(t *testing.T) {
	t.Parallel()
	b := newBot(t, strings.Replace(squarer, "if n then", `if n then require("store").open("seen"):set(msg.text, true)`, 1), "CORE_ITEMS", "400", "CORE_RATE", "400")
	file := filepath.Join(t.TempDir(), "bot.backup")
	b.start()
	b.until("some are answered", func(c stubCounters) bool { return c.Answered > 20 })
	if err := os.WriteFile(filepath.Join(b.data, "files", "picture.jpg"), []byte("picture"), 0o600); err != nil {
		t.Fatal(err)
	}
	if out := b.must("backup", "--data", b.data, "-o", file); !strings.Contains(out, "saved to "+file) {
		t.Errorf("got %s", out)
	}
	b.until("all are answered and marked", stubCounters.done)
	b.checkOnce()
	if left, _ := filepath.Glob(filepath.Join(b.data, "tmp", ".backup-*")); len(left) > 0 {
		t.Errorf("the snapshot was left: %v", left)
	}
	if out, code := b.command("", "restore", "--data", b.data, "--force", file); code != 12 || !strings.Contains(out, "Stop it first") {
		t.Errorf("restore of a running bot: code %d, %s", code, out)
	}
	b.stop()

	if out := b.must("restore", "--check", file); !strings.Contains(out, "store.db") || !strings.Contains(out, "files/picture.jpg") {
		t.Errorf("the archive has: %s", out)
	}
	b.data = filepath.Join(t.TempDir(), "elsewhere")
	b.must("restore", "--data", b.data, file)
	saved := b.counters()
	if saved.Answered == 0 || saved.Stored < saved.Answered {
		t.Errorf("the copy is strange: %v", saved)
	}
	b.start()
	b.until("all are answered and marked", stubCounters.done)
	b.stop()
	b.checkSound()
}

// TestBackupFails leaves the bot running where the core cannot export. What a
// bot that was killed in a backup has left, its next start removes.
func TestBackupFails(t *testing.T) {
	t.Parallel()
	b := newBot(t, squarer, "CORE_ITEMS", "5")
	left := filepath.Join(b.data, "tmp", ".backup-1")
	dataOf(t, left, "part")
	b.start()
	b.until("all are answered and marked", stubCounters.done)
	if _, err := os.Stat(left); err == nil {
		t.Error("what a kill has left is still there")
	}
	file := filepath.Join(t.TempDir(), "bot.backup")
	if err := os.Rename(filepath.Join(b.data, "chat_agent.db"), filepath.Join(b.data, "gone")); err != nil {
		t.Fatal(err)
	}
	out, code := b.command("", "backup", "--data", b.data, "-o", file)
	if code != 10 || !strings.Contains(out, "does not export") {
		t.Errorf("code %d, %s", code, out)
	}
	if _, err := os.Stat(file); err == nil {
		t.Error("there is an archive")
	}
	if c := b.counters(); c.Starts != 2 || c.Stops != 1 {
		t.Errorf("the chat was not started again: %d starts, %d stops", c.Starts, c.Stops)
	}
	b.must("status", "--check", "--data", b.data)
}

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

// killSoon runs the program and kills it at a random moment.
func killSoon(t *testing.T, program string, most time.Duration, args ...string) {
	t.Helper()
	cmd := exec.Command(program, args...)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	kill := time.AfterFunc(rand.N(most), func() { _ = cmd.Process.Kill() })
	_ = cmd.Wait() // killed or done
	kill.Stop()
}

// TestKilledBackupAndRestore kills both again and again.
func TestKilledBackupAndRestore(t *testing.T) {
	t.Parallel()
	program, _ := built(t)
	dir := t.TempDir()
	data, file := filepath.Join(dir, "bot.data"), filepath.Join(dir, "bot.backup")
	dataOf(t, data, "new")
	fresh := printOf(t, data)
	began := time.Now()
	if out, err := exec.Command(program, "backup", "--data", data, "-o", file).CombinedOutput(); err != nil {
		t.Fatalf("%v %s", err, out)
	}
	most := 2 * time.Since(began)
	for i := range 12 {
		part := filepath.Join(dir, fmt.Sprint("killed", i))
		killSoon(t, program, most, "backup", "--data", data, "-o", part)
		if _, err := os.Stat(part); err == nil {
			if out, err := exec.Command(program, "restore", "--check", part).CombinedOutput(); err != nil {
				t.Errorf("an archive at its place is not whole: %s", out)
			}
		}
		if printOf(t, data) != fresh {
			t.Fatal("the backup has changed the data")
		}
	}

	old := filepath.Join(dir, "old.data")
	dataOf(t, old, "old")
	worn := printOf(t, old)
	for range 12 {
		killSoon(t, program, most, "restore", "--data", old, "--force", file)
		if now := printOf(t, old); now != worn && now != fresh {
			t.Fatal("the folder is neither the old nor the new one")
		}
	}
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

// TestRekey gives a database a key, another one, and none.
func TestRekey(t *testing.T) {
	t.Parallel()
	b := newBot(t, squarer, "CORE_ITEMS", "3")
	t0 := t.TempDir()
	key := func(name, text string) string {
		path := filepath.Join(t0, name)
		if err := os.WriteFile(path, []byte(text+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	one, two := key("one", "first-key"), key("two", "second-key")
	b.start()
	b.until("all are answered and marked", stubCounters.done)
	rekey := func(code int, want string, args ...string) {
		t.Helper()
		cmd := exec.Command(b.program, append(append([]string{"rekey", "--data", b.data}, args...), b.script)...)
		cmd.Env = append(os.Environ(), "SIMPLEX_LIBS_DIR="+b.libs)
		out, _ := cmd.CombinedOutput()
		if cmd.ProcessState.ExitCode() != code || !strings.Contains(string(out), want) || strings.Contains(string(out), "first-key") || strings.Contains(string(out), "second-key") {
			t.Errorf("rekey %v: code %d, %s", args, cmd.ProcessState.ExitCode(), out)
		}
		if left, _ := filepath.Glob(filepath.Join(b.data, "backups", "*")); len(left) > 0 {
			t.Errorf("a copy with the old key was left: %v", left)
		}
		if left, _ := filepath.Glob(filepath.Join(b.data, "*.db.*")); len(left) > 0 {
			t.Errorf("the core's copies with the old key were left: %v", left)
		}
	}
	rekey(12, "Stop it first", "--new-key-file", one)
	b.stop()
	rekey(0, "is changed", "--new-key-file", one)
	rekey(11, "Check the encryption key", "--new-key-file", two)
	rekey(11, "Check the encryption key", "--new-key-file", one, "--database-key-file", two)
	rekey(2, "is the old one", "--new-key-file", one, "--database-key-file", one)
	rekey(0, "is changed", "--new-key-file", two, "--database-key-file", one)
	rekey(0, "is changed", "--remove-key", "--database-key-file", two)
	b.start()
	b.stop()
}

// TestMigration saves a database before a newer core changes it.
func TestMigration(t *testing.T) {
	t.Parallel()
	b := newBot(t, squarer, "CORE_ITEMS", "3")
	b.start()
	b.until("all are answered and marked", stubCounters.done)
	b.stop()
	saved := func() int {
		files, _ := filepath.Glob(filepath.Join(b.data, "backups", "before-migration-*.backup"))
		return len(files)
	}
	b.set("CORE_MIGRATION", "upgrade")
	b.start("--no-backup")
	b.stop()
	if saved() != 0 {
		t.Error("saved, though nobody wanted it")
	}
	b.start()
	b.stop()
	if saved() != 1 {
		t.Errorf("got %d archives, want 1\n%s", saved(), b.tail())
	}
	b.set("CORE_MIGRATION", "downgrade")
	b.start()
	if code := b.wait(); code != 13 || saved() != 1 || !strings.Contains(b.logs(), "newer version") {
		t.Errorf("a newer database: code %d, %d archives\n%s", code, saved(), b.tail())
	}
}

// TestDoctor examines a bot whose database is in order, has another key, and is
// newer than the library.
func TestDoctor(t *testing.T) {
	t.Parallel()
	b := newBot(t, squarer, "CORE_ITEMS", "3")
	b.start()
	b.until("all are answered and marked", stubCounters.done)
	ask := func(code int, want string, env ...string) {
		t.Helper()
		cmd := exec.Command(b.program, "doctor", "--unit", "none", "--data", b.data, b.script)
		cmd.Env = append(append(os.Environ(), "SIMPLEX_LIBS_DIR="+b.libs), env...)
		out, _ := cmd.CombinedOutput()
		if cmd.ProcessState.ExitCode() != code || !strings.Contains(string(out), want) {
			t.Errorf("%v: code %d, no %q in\n%s", env, cmd.ProcessState.ExitCode(), want, out)
		}
	}
	ask(0, "is open in the running bot")
	b.stop()
	ask(0, "is not encrypted")
	copied := filepath.Join(b.data, "chat_chat.db.bak")
	if err := os.WriteFile(copied, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	ask(0, "has left "+copied)
	ask(9, "Check the encryption key", "SIMPLEX_LUA_DATABASE_KEY=another-key")
	ask(0, "is of an older version", "CORE_MIGRATION=upgrade")
	ask(9, "newer version", "CORE_MIGRATION=downgrade")
	if files, _ := filepath.Glob(filepath.Join(b.data, "backups", "*")); len(files) > 0 {
		t.Errorf("doctor has saved something: %v", files)
	}
}
