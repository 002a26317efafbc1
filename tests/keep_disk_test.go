package tests

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// onDisk runs a shell script that has a disk of that size, as "1m", mounted at
// $D, and the program as $P. It answers what the script has written. The mount is
// seen by the script alone and goes with it.
func onDisk(t *testing.T, program, size, script string, env ...string) string {
	t.Helper()
	place := t.TempDir()
	own := func(text string) *exec.Cmd {
		cmd := exec.Command("unshare", "--map-root-user", "--mount", "sh", "-euc", "mount -t tmpfs -o size="+size+" tmpfs \"$D\"\n"+text)
		cmd.Env = append(os.Environ(), append([]string{"D=" + place, "P=" + program}, env...)...)
		return cmd
	}
	if out, err := own("true").CombinedOutput(); err != nil {
		t.Skipf("this system lets the test mount no disk of its own: %v %s", err, out)
	}
	out, err := own(script).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return string(out)
}

// TestBackupOnFullDisk leaves nothing there, and says what to do.
func TestBackupOnFullDisk(t *testing.T) {
	t.Parallel()
	program, _ := built(t)
	data := filepath.Join(t.TempDir(), "bot.data")
	dataOf(t, data, "new")
	before := printOf(t, data)
	out := onDisk(t, program, "1m", `code=0; "$P" backup --data '`+data+`' -o "$D/bot.backup" || code=$?; echo "code $code"; ls -A "$D"; echo end`)
	if !strings.Contains(out, "the disk is full\nMake room there") || !strings.HasSuffix(out, "code 10\nend\n") {
		t.Errorf("got %s", out)
	}
	if printOf(t, data) != before {
		t.Error("the data was changed")
	}
}

// TestBackupOfRunningOnFullDisk leaves the bot running and nothing behind, and goes
// well once there is room.
func TestBackupOfRunningOnFullDisk(t *testing.T) {
	t.Parallel()
	program, libs := built(t)
	dir := t.TempDir()
	script, file := filepath.Join(dir, "bot.lua"), filepath.Join(dir, "bot.backup")
	if err := os.WriteFile(script, []byte(squarer), 0o600); err != nil {
		t.Fatal(err)
	}
	out := onDisk(t, program, "16m", `
		"$P" run --data "$D/data" '`+script+`' >"$D/log" 2>&1 & bot=$!
		trap 'kill -9 $bot 2>/dev/null || true' EXIT
		n=0; until "$P" status --check --data "$D/data" >"$D/status" 2>&1; do n=$((n + 1)); [ $n -lt 300 ] || { cat "$D/log"; exit 1; }; sleep 0.1; done
		head -c 3000000 /dev/zero >"$D/data/large"
		cat /dev/zero >"$D/rest" 2>"$D/full" || true
		code=0; "$P" backup --data "$D/data" -o '`+file+`' || code=$?; echo "code $code"
		ls "$D/data/tmp"; rm "$D/rest"
		"$P" status --check --data "$D/data"
		"$P" backup --data "$D/data" -o '`+file+`'
		kill -INT $bot; wait $bot; echo stopped`, "SIMPLEX_LIBS_DIR="+libs)
	if !strings.Contains(out, "Make room on the disk of the data folder") || !strings.Contains(out, "code 10\nbot: saved to") || !strings.HasSuffix(out, "stopped\n") {
		t.Errorf("got %s", out)
	}
	if m, err := exec.Command(program, "restore", "--check", file).CombinedOutput(); err != nil || !strings.Contains(string(m), "large") {
		t.Errorf("the later backup: %v %s", err, m)
	}
}

// TestRestoreOnMountPoint restores to a disk of the bot's own, as containers have
// it: to an empty one, over what is there, and not where there is too little room.
func TestRestoreOnMountPoint(t *testing.T) {
	t.Parallel()
	program, _ := built(t)
	dir := t.TempDir()
	data, file, copied, aside := filepath.Join(dir, "bot.data"), filepath.Join(dir, "bot.backup"), filepath.Join(dir, "copied"), filepath.Join(dir, "aside")
	dataOf(t, data, "new")
	fresh := printOf(t, data)
	if out, err := exec.Command(program, "backup", "--data", data, "-o", file).CombinedOutput(); err != nil {
		t.Fatalf("%v %s", err, out)
	}
	onDisk(t, program, "64m", `
		"$P" restore --data "$D" '`+file+`'
		echo later >"$D/state.json"
		"$P" restore --data "$D" --force '`+file+`'
		cp -r "$D" '`+copied+`'; mkdir '`+aside+`'; mv '`+copied+`'/.before-*/* '`+aside+`'; rmdir '`+copied+`'/.before-*`)
	if printOf(t, copied) != fresh {
		left, _ := os.ReadDir(copied)
		t.Errorf("the disk has not what was saved: %v", left)
	}
	if text, err := os.ReadFile(filepath.Join(aside, "state.json")); err != nil || string(text) != "later\n" {
		t.Errorf("the old files are not aside: %q, %v", text, err)
	}
	out := onDisk(t, program, "4m", `code=0; "$P" restore --data "$D" '`+file+`' || code=$?; echo "code $code"; ls -A "$D"; echo end`)
	if !strings.Contains(out, "there is not enough room") || !strings.HasSuffix(out, "code 10\nend\n") {
		t.Errorf("got %s", out)
	}
}
