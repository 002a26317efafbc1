package tests

import (
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

// manager is a service manager that writes down what it is told.
type manager struct {
	t    *testing.T
	conn *net.UnixConn
	told []string
}

func newManager(t *testing.T, b *bot) *manager {
	t.Helper()
	path := filepath.Join(t.TempDir(), "notify")
	conn, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: path, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	b.set("NOTIFY_SOCKET", path, "WATCHDOG_USEC", "200000")
	return &manager{t: t, conn: conn}
}

// until reads until it is told something that begins so.
func (m *manager) until(want string) {
	m.t.Helper()
	for buf := make([]byte, 4096); ; {
		if err := m.conn.SetReadDeadline(time.Now().Add(patience)); err != nil {
			m.t.Fatal(err)
		}
		n, err := m.conn.Read(buf)
		if err != nil {
			m.t.Fatalf("%q never came after %q: %v", want, m.told, err)
		}
		m.told = append(m.told, string(buf[:n]))
		if strings.HasPrefix(string(buf[:n]), want) {
			return
		}
	}
}

// command runs another process of the program.
func (b *bot) command(stdin string, args ...string) (output string, code int) {
	b.t.Helper()
	cmd := exec.Command(b.program, args...)
	cmd.Stdin = strings.NewReader(stdin)
	out, err := cmd.CombinedOutput()
	if cmd.ProcessState == nil {
		b.t.Fatal(err)
	}
	return string(out), cmd.ProcessState.ExitCode()
}

// TestService follows the program through the life of a service: start, status,
// reload, a kill, and the end.
func TestService(t *testing.T) {
	t.Parallel()
	b := newBot(t, squarer, "CORE_ITEMS", "20")
	m := newManager(t, b)
	b.start("--metrics", "0")
	m.until("READY=1")
	m.until("WATCHDOG=1")
	b.until("all are answered and marked", stubCounters.done)

	for _, step := range []struct {
		name  string
		stdin string
		args  []string
		want  string
	}{
		{"status", "", []string{"status", "--data", b.data}, "bot: running"},
		{"check", "", []string{"status", "--check", "--data", b.data}, ""},
		{"console", "print(bot.info.name)\n1 + 1\n", []string{"console", "--data", b.data}, "bot\n2\n"},
		{"reload", "", []string{"reload", "--data", b.data}, "bot: reloaded, generation 2"},
	} {
		if out, code := b.command(step.stdin, step.args...); code != 0 || !strings.Contains(out, step.want) {
			t.Errorf("%s: code %d, %s", step.name, code, out)
		}
	}

	address := regexp.MustCompile(`"metrics are served","address":"([^"]+)"`).FindStringSubmatch(b.logs())
	if address == nil {
		t.Fatalf("no address for metrics\n%s", b.tail())
	}
	for path, want := range map[string]string{
		"/metrics": `simplex_lua_events_total{bot="bot",class="message"} 20`, "/healthz": "healthy", "/readyz": "ready",
	} {
		r, err := http.Get("http://" + address[1] + path)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(r.Body)
		_ = r.Body.Close()
		if err != nil || !strings.Contains(string(body), want) {
			t.Errorf("%s: %v, no %s in %s", path, err, want, body)
		}
	}

	b.signal(syscall.SIGHUP)
	m.until("RELOADING=1\nMONOTONIC_USEC=")
	m.until("READY=1")
	if out, _ := b.command("", "status", "--data", b.data); !strings.Contains(out, "generation  3,") {
		t.Errorf("after SIGHUP: %s", out)
	}

	// A kill leaves the socket; the next process replaces it.
	b.signal(os.Kill)
	b.wait()
	if out, code := b.command("", "status", "--data", b.data); code != 7 {
		t.Errorf("after a kill: code %d, %s", code, out)
	}
	b.start()
	m.until("READY=1")
	if out, code := b.command("", "stop", "--data", b.data, "bot"); code != 0 || !strings.Contains(out, "bot: stopped") {
		t.Errorf("stop: code %d, %s", code, out)
	}
	if code := b.wait(); code != 0 {
		t.Errorf("exit code after stop: %d\n%s", code, b.tail())
	}
	if _, err := os.Lstat(filepath.Join(b.data, "control.sock")); err == nil {
		t.Error("the socket is left over")
	}

	b.start()
	m.until("READY=1")
	b.signal(syscall.SIGTERM)
	m.until("STOPPING=1\nEXTEND_TIMEOUT_USEC=50000000") // grace, and what stopping takes besides
	if code := b.wait(); code != 0 {
		t.Errorf("exit code after SIGTERM: %d\n%s", code, b.tail())
	}
}

// TestPortInUse: where nobody can listen on the address for metrics, the program
// ends with a code of its own before it opens the database.
func TestPortInUse(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	b := newBot(t, squarer)
	b.start("--metrics", taken.Addr().String())
	const exitListen = 14
	if code := b.wait(); code != exitListen {
		t.Errorf("got the exit code %d, want %d", code, exitListen)
	}
	if log := b.logs(); !strings.Contains(log, taken.Addr().String()) || !strings.Contains(log, "--metrics") {
		t.Errorf("got %s, want the address and what to do", log)
	}
	if _, err := os.Stat(b.data); !os.IsNotExist(err) {
		t.Errorf("the data folder was touched: %v", err)
	}
}
