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
func onDisk(t *testing.T, program, size, script string) string {
	t.Helper()
	place := t.TempDir()
	own := func(text string) *exec.Cmd {
		cmd := exec.Command("unshare", "--map-root-user", "--mount", "sh", "-euc", "mount -t tmpfs -o size="+size+" tmpfs \"$D\"\n"+text)
		cmd.Env = append(os.Environ(), "D="+place, "P="+program)
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
