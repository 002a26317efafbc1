package irc

import (
	"bufio"
	"bytes"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
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
	// rest is the configuration without the port.
	rest string
	// up tells that it has answered once; then its port stays.
	up bool

	mu    sync.Mutex // guards cmd
	cmd   *exec.Cmd
	ended chan struct{} // closed when the process has ended
	log   bytes.Buffer  // of the process that runs; read after it has ended
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
	s := &ngircd{t: t, path: path, name: name, conf: filepath.Join(dir, "ngircd.conf")}
	if os.Getuid() == 0 { // it gives root up, and then must be able to read this
		for d := dir; d != filepath.Dir(os.TempDir()) && d != "/"; d = filepath.Dir(d) {
			if st, err := os.Stat(d); err == nil && st.Mode().Perm()&0o055 != 0o055 && d != os.TempDir() {
				_ = os.Chmod(d, st.Mode().Perm()|0o055)
			}
		}
	}
	motd := filepath.Join(dir, "motd")
	s.rest = fmt.Sprintf("Name = %s\nInfo = A server of the tests\nListen = 127.0.0.1\nMotdFile = %s\nAdminInfo1 = Tests\nAdminEMail = tests@example.org\n", name, motd)
	if password != "" {
		s.rest += "Password = " + password + "\n"
	}
	s.rest += "[Limits]\nMaxConnectionsIP = 0\nMaxJoins = 0\nMaxPenaltyTime = 0\nPingTimeout = 120\n" +
		"[Options]\nDNS = no\nIdent = no\nPAM = no\nSyslogFacility = user\nOperCanUseMode = yes\n[Operator]\nName = root\nPassword = secret\n"
	if err := os.WriteFile(motd, []byte("Welcome to the tests.\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.stop)
	s.start()
	return s
}

// start begins the process and waits until it answers. Where somebody else was
// faster at its port, a server that has not been up yet takes another one.
func (s *ngircd) start() {
	s.t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	for deadline := time.Now().Add(time.Minute); ; {
		if !s.up {
			s.port = freePort(s.t)
			conf := fmt.Sprintf("[Global]\nPorts = %d\n%s", s.port, s.rest)
			if err := os.WriteFile(s.conf, []byte(conf), 0o644); err != nil {
				s.t.Fatal(err)
			}
		}
		s.launch()
		if s.up = s.answers(deadline); s.up {
			return
		}
		_ = s.cmd.Process.Kill()
		<-s.ended
		if time.Now().After(deadline) {
			s.t.Fatalf("%s does not answer\n%s", s.path, &s.log)
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// launch begins the process, with mu held.
func (s *ngircd) launch() {
	s.log.Reset()
	s.cmd, s.ended = exec.Command(s.path, "--nodaemon", "--config", s.conf), make(chan struct{})
	s.cmd.Stdout, s.cmd.Stderr = &s.log, &s.log
	s.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := s.cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	go func(cmd *exec.Cmd, ended chan struct{}) { // ends with the process, which stop ends
		_ = cmd.Wait()
		close(ended)
	}(s.cmd, s.ended)
}

// answers waits until the process answers by its name; false where it ends
// before, or does not in time.
func (s *ngircd) answers(deadline time.Time) bool {
	for time.Now().Before(deadline) {
		select {
		case <-s.ended:
			return false
		case <-time.After(10 * time.Millisecond):
		}
		conn, err := net.Dial("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(s.port)))
		if err != nil {
			continue
		}
		_ = conn.SetDeadline(time.Now().Add(5 * time.Second))
		_, _ = fmt.Fprint(conn, "VERSION\r\n") // which it wants nobody to say before NICK
		line, _ := bufio.NewReader(conn).ReadString('\n')
		conn.Close()
		if strings.HasPrefix(line, ":"+s.name+" ") {
			return true
		}
	}
	return false
}

// stop ends the process; the second call does nothing.
func (s *ngircd) stop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cmd == nil {
		return
	}
	_ = s.cmd.Process.Kill()
	<-s.ended
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
