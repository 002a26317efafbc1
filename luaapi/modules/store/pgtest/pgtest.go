package pgtest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// Wanted is the environment variable that lets tests fail, instead of being
// skipped, where a server that they need is not installed.
const Wanted = "TEST_SERVERS"

// Main runs the tests and stops the server; its result is for os.Exit.
func Main(m *testing.M) int {
	defer func() {
		if one.server != nil {
			one.server.stop()
		}
	}()
	return m.Run()
}

// one is the server of this process.
var one struct {
	sync.Once
	server *server
	err    error
	made   atomic.Int64 // databases
}

// URL makes a database and returns its URL and its host with the port, as
// permissions name it. The test is skipped where there is no PostgreSQL, or fails
// where Wanted is set.
func URL(t testing.TB) (url, host string) {
	t.Helper()
	bin := binaries()
	if bin == "" {
		missing := t.Skip
		if os.Getenv(Wanted) != "" {
			missing = t.Fatal
		}
		missing("PostgreSQL is not installed: apt-get install postgresql")
	}
	one.Do(func() { one.server, one.err = start(bin) })
	if one.err != nil {
		t.Fatalf("start PostgreSQL: %v", one.err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	conn, err := pgx.Connect(ctx, one.server.url("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	name := fmt.Sprintf("test%d", one.made.Add(1))
	if _, err := conn.Exec(ctx, "CREATE DATABASE "+name); err != nil {
		t.Fatal(err)
	}
	return one.server.url(name), one.server.host()
}

// binaries is the folder of the newest server, "" for none.
func binaries() string {
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if len(found) > 0 {
		return filepath.Dir(found[len(found)-1])
	}
	if path, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(path)
	}
	return ""
}

type server struct {
	dir  string
	port int
	cmd  *exec.Cmd
	log  bytes.Buffer // of cmd, complete when that has ended

	ended <-chan struct{} // closed when cmd has ended
}

func (s *server) host() string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(s.port)) }

func (s *server) url(database string) string {
	return "postgres://tester@" + s.host() + "/" + database + "?sslmode=disable"
}

func start(bin string) (_ *server, err error) {
	s := &server{}
	if s.dir, err = os.MkdirTemp("", "pgtest-"); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			s.stop()
		}
	}()
	if err := s.giveAway(); err != nil {
		return nil, err
	}
	data := filepath.Join(s.dir, "data")
	if out, err := s.command(filepath.Join(bin, "initdb"), "-D", data, "-U", "tester", "-A", "trust", "-E", "UTF8", "--locale=C", "-N").CombinedOutput(); err != nil {
		return nil, fmt.Errorf("initdb: %w: %s", err, out)
	}
	for range 5 { // somebody else may take the port before the server does
		if err = s.serve(bin, data); !errors.Is(err, errEnded) {
			break
		}
	}
	return s, err
}

// serve starts the server on a port that was free, and returns when it answers.
func (s *server) serve(bin, data string) (err error) {
	if s.port, err = freePort(); err != nil {
		return err
	}
	s.cmd = s.command(filepath.Join(bin, "postgres"), "-D", data, "-h", "127.0.0.1", "-p", strconv.Itoa(s.port),
		"-k", s.dir, "-c", "fsync=off", "-c", "log_min_messages=fatal")
	s.log.Reset()
	s.cmd.Stderr = &s.log
	if err := s.cmd.Start(); err != nil {
		return err
	}
	ended := make(chan struct{})
	s.ended = ended
	go func() { // ends with the server
		defer close(ended)
		_ = s.cmd.Wait() // the log tells why
	}()
	return s.wait()
}

// command runs a program as a user that the server accepts. setpriv becomes the
// program, so that a signal reaches it, and ends it should the tests be killed.
func (s *server) command(name string, args ...string) *exec.Cmd {
	if os.Getuid() == 0 {
		args = append([]string{"--reuid=postgres", "--regid=postgres", "--clear-groups", "--pdeathsig=INT", name}, args...)
		name = "setpriv"
	}
	cmd := exec.Command(name, args...)
	cmd.Dir = s.dir
	return cmd
}

// giveAway gives the folder to the user that the server runs as.
func (s *server) giveAway() error {
	if os.Getuid() != 0 {
		return nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		return err
	}
	uid, _ := strconv.Atoi(u.Uid)
	gid, _ := strconv.Atoi(u.Gid)
	return os.Chown(s.dir, uid, gid)
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}

// errEnded tells that the server did not start.
var errEnded = errors.New("the server has ended")

// wait returns when the server answers.
func (s *server) wait() error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	for {
		// Its own folder tells it from another server that has the port.
		conn, err := pgx.Connect(ctx, fmt.Sprintf("host=%s port=%d user=tester dbname=postgres", s.dir, s.port))
		if err == nil {
			return conn.Close(ctx)
		}
		select {
		case <-s.ended:
			return fmt.Errorf("%w: %s", errEnded, s.log.String())
		case <-ctx.Done():
			return fmt.Errorf("it does not answer: %w", err)
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// stop ends the server, which disconnects its clients, and removes its folder.
func (s *server) stop() {
	if s.cmd != nil && s.cmd.Process != nil {
		s.cmd.Process.Signal(os.Interrupt)
		<-s.ended
	}
	os.RemoveAll(s.dir)
}
