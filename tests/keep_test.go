package tests

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
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

// TestBackupOfPrefix saves a bot whose database is in a folder of its own, and
// has it once in the archive, at its place.
func TestBackupOfPrefix(t *testing.T) {
	t.Parallel()
	b := newBot(t, squarer, "CORE_ITEMS", "5", "SIMPLEX_LUA_DATABASE_PREFIX", "db/main")
	if err := os.MkdirAll(filepath.Join(b.data, "db"), 0o700); err != nil {
		t.Fatal(err)
	}
	b.start()
	b.until("all are answered and marked", stubCounters.done)
	file := filepath.Join(t.TempDir(), "bot.backup")
	b.must("backup", "--data", b.data, "-o", file)
	b.stop()
	if out := b.must("restore", "--check", file); strings.Count(out, "main_chat.db") != 1 || !strings.Contains(out, " db/main_chat.db") || !strings.Contains(out, " db/main_agent.db") {
		t.Errorf("the archive has: %s", out)
	}
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
