package irc

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"
)

// ngircd is an IRC server of the system's, in a process of its own.
type ngircd struct {
	t    *testing.T
	path string
	conf string
	name string
	port int

	mu  sync.Mutex // guards cmd
	cmd *exec.Cmd
	log bytes.Buffer // of the process that runs; read after it has ended
}

// startNgircd starts a server that ends with the test. Its operator is "root"
// with the password "secret".
func startNgircd(t *testing.T, name, password string) *ngircd {
	t.Helper()
	path, err := exec.LookPath("ngircd")
	if err != nil {
		path = "/usr/sbin/ngircd"
	}
	if _, err := os.Stat(path); err != nil {
		missing := t.Skip // or a failure, as in luaapi/modules/store/pgtest
		if os.Getenv("TEST_SERVERS") != "" {
			missing = t.Fatal
		}
		missing("there is no ngircd: apt-get install ngircd")
	}
	dir := t.TempDir()
	s := &ngircd{t: t, path: path, name: name, conf: filepath.Join(dir, "ngircd.conf"), port: freePort(t)}
	if os.Getuid() == 0 { // it gives root up, and then must be able to read this
		for d := dir; d != filepath.Dir(os.TempDir()) && d != "/"; d = filepath.Dir(d) {
			if st, err := os.Stat(d); err == nil && st.Mode().Perm()&0o055 != 0o055 && d != os.TempDir() {
				_ = os.Chmod(d, st.Mode().Perm()|0o055)
			}
		}
	}
	motd := filepath.Join(dir, "motd")
	conf := fmt.Sprintf("[Global]\nName = %s\nInfo = A server of the tests\nListen = 127.0.0.1\nPorts = %d\nMotdFile = %s\nAdminInfo1 = Tests\nAdminEMail = tests@example.org\n", name, s.port, motd)
	if password != "" {
		conf += "Password = " + password + "\n"
	}
	conf += "[Limits]\nMaxConnectionsIP = 0\nMaxJoins = 0\nMaxPenaltyTime = 0\nPingTimeout = 120\n" +
		"[Options]\nDNS = no\nIdent = no\nPAM = no\nSyslogFacility = user\nOperCanUseMode = yes\n[Operator]\nName = root\nPassword = secret\n"
	for file, text := range map[string]string{s.conf: conf, motd: "Welcome to the tests.\n"} {
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(s.stop)
	s.start()
	return s
}

// start begins the process and waits until it answers.
func (s *ngircd) start() {
	s.t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.log.Reset()
	s.cmd = exec.Command(s.path, "--nodaemon", "--config", s.conf)
	s.cmd.Stdout, s.cmd.Stderr = &s.log, &s.log
	s.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := s.cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(10 * time.Millisecond) {
		conn, err := net.Dial("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(s.port)))
		if err == nil {
			conn.Close()
			return
		}
		if time.Now().After(deadline) {
			_ = s.cmd.Process.Kill()
			_ = s.cmd.Wait()
			s.t.Fatalf("%s does not answer: %v\n%s", s.path, err, &s.log)
		}
	}
}

// stop ends the process; the second call does nothing.
func (s *ngircd) stop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cmd == nil {
		return
	}
	_ = s.cmd.Process.Kill()
	_ = s.cmd.Wait()
	s.cmd = nil
	if s.t.Failed() {
		s.t.Logf("%s:\n%s", s.name, &s.log)
	}
}

// freePort finds a port that nobody listens on.
func freePort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}
