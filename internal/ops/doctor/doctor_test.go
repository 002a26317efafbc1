package doctor

import (
	"bytes"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/ops/control"
)

// want compares a finding.
func want(t *testing.T, f Finding, state State, text string) {
	t.Helper()
	if f.State != state || !strings.Contains(f.Text, text) || (state != OK) != (f.Fix != "") {
		t.Errorf("got %+v, want %s with %q, and a fix unless it is ok", f, state, text)
	}
}

func TestFolder(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file, open, closed := filepath.Join(dir, "file"), filepath.Join(dir, "open"), filepath.Join(dir, "closed")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for path, mode := range map[string]os.FileMode{open: 0o755, closed: 0o700} {
		if err := os.Mkdir(path, mode); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
	}
	want(t, Folder(filepath.Join(dir, "none")), OK, "not there yet")
	want(t, Folder(file), Fail, "is a file")
	want(t, Folder(closed), OK, "this user alone")
	if runtime.GOOS != "windows" {
		want(t, Folder(open), Warn, "everybody")
	}
}

func TestDisk(t *testing.T) {
	t.Parallel()
	if f := Disk(filepath.Join(t.TempDir(), "not", "there")); f.Text == "" || strings.Contains(f.Text, "not known") {
		t.Errorf("got %+v", f)
	}
	want(t, disk(Finding{}, "/data", 5<<30), OK, "5.0 GiB")
	want(t, disk(Finding{}, "/data", 500<<20), Warn, "500.0 MiB")
	want(t, disk(Finding{}, "/data", 5<<20), Fail, "5.0 MiB")
}

func TestClock(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "state.json")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)
	if err := os.Chtimes(path, now, now.Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	want(t, Clock(now, []string{dir, "/none"}), OK, "2026-05-01 12:00:00 UTC")
	want(t, Clock(now.Add(-time.Hour), []string{dir}), Fail, "state.json was written later")
	want(t, Clock(time.Unix(0, 0), nil), Fail, "long ago")
}

func TestSocket(t *testing.T) {
	t.Parallel()
	none, wrong, stale := t.TempDir(), t.TempDir(), t.TempDir()
	f, running := Socket(none)
	if want(t, f, OK, "no bot runs"); running {
		t.Error("nobody is there, and yet runs")
	}
	if err := os.WriteFile(filepath.Join(wrong, control.SocketName), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if f, _ := Socket(wrong); f.State == OK {
		t.Errorf("a file in the way: got %+v", f)
	}
	if runtime.GOOS == "windows" {
		return
	}
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: filepath.Join(stale, control.SocketName), Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	l.SetUnlinkOnClose(false)
	if f, running := Socket(stale); !running {
		t.Errorf("got %+v", f)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	f, _ = Socket(stale)
	want(t, f, Warn, "left by a process")
}

func TestUnit(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	program, unit := filepath.Join(dir, "simplex lua"), filepath.Join(dir, "x.service")
	if err := os.WriteFile(program, nil, 0o700); err != nil {
		t.Fatal(err)
	}
	if _, found := Unit(unit, 252); found {
		t.Error("there is no unit, and yet it was found")
	}
	for text, state := range map[string]State{
		"[Service]\nExecStart=\"" + program + "\" run bot.lua\n": OK,
		"[Service]\nExecStart=/none/simplex-lua run bot.lua\n":   Fail,
		"[Service]\n": Fail,
		"[Service]\nType=notify-reload\nExecStart=\"" + program + "\" run bot.lua\n": Warn,
	} {
		if err := os.WriteFile(unit, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if f, found := Unit(unit, 252); !found || f.State != state {
			if state != Fail && runtime.GOOS == "windows" {
				continue // no file can be run by its rights there
			}
			t.Errorf("%q: got %+v, want %s", text, f, state)
		}
	}
}

func TestServer(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	want(t, Server(t.Context(), address), OK, address)
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	want(t, Server(t.Context(), address), Fail, address)
}

func TestReport(t *testing.T) {
	t.Parallel()
	r := Report{{Check: "disk", Bot: "bot", State: OK, Text: "fine"}, {Check: "clock", State: Fail, Text: "late", Fix: "Set it."},
		{Check: "script", State: Warn, Text: "bot.lua:1: no\n    f()", Fix: "Correct\nit."}}
	var text, object bytes.Buffer
	if err := r.Text(&text); err != nil {
		t.Fatal(err)
	}
	if err := r.JSON(&object); err != nil {
		t.Fatal(err)
	}
	if want := "ok    bot disk: fine\nfail  clock: late\n      Set it.\nwarn  script: bot.lua:1: no\n          f()\n      Correct\n      it.\n1 ok, 1 warning, 1 to mend\n"; text.String() != want {
		t.Errorf("got %q, want %q", text.String(), want)
	}
	if !strings.HasPrefix(object.String(), `{"state":"fail","findings":[{"check":"disk","bot":"bot"`) {
		t.Errorf("got %s", object.String())
	}
}
