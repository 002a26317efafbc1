package native

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
	"testing"
)

// What is loaded stays loaded, so tests of other libraries than the usual one
// run in a process of their own: this test program, told by childVar what to do.
const childVar = "NATIVE_TEST_CHILD"

// childModes is what a child can do. It gets its arguments by the environment,
// and what it returns is printed as JSON.
var childModes = map[string]func() any{
	"open":    childOpen,
	"install": childInstall,
	"lock":    childLock,
}

// scratch holds the usual library for the whole run.
var scratch string

func TestMain(m *testing.M) {
	if mode := os.Getenv(childVar); mode != "" {
		if err := json.NewEncoder(os.Stdout).Encode(childModes[mode]()); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(func() int {
		var err error
		scratch, err = os.MkdirTemp("", "native")
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		defer os.RemoveAll(scratch)
		return m.Run()
	}())
}

// runChild runs mode in a process and decodes its answer into result. A failure
// is an error of the test and leaves result as it is.
func runChild(t *testing.T, result any, mode string, env ...string) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Error(err)
		return
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), append(env, childVar+"="+mode)...)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err == nil {
		err = json.Unmarshal(out, result)
	}
	if err != nil {
		t.Errorf("child %s: %v; it wrote %q", mode, err, out)
	}
}

var errNoCompiler = errors.New("no C compiler (cc, gcc or clang) to build the test library")

// compile builds a shared library from testdata.
func compile(output, source string, flags ...string) error {
	if runtime.GOOS == "windows" {
		return errNoCompiler // the test library is written for POSIX threads and signals
	}
	for _, cc := range []string{os.Getenv("CC"), "cc", "gcc", "clang"} {
		path, err := exec.LookPath(cc)
		if err != nil {
			continue
		}
		args := append([]string{"-shared", "-fPIC", "-O1", "-D_GNU_SOURCE", "-pthread",
			"-o", output, filepath.Join("testdata", source)}, flags...)
		if out, err := exec.Command(path, args...).CombinedOutput(); err != nil {
			return fmt.Errorf("%s: %w\n%s", path, err, out)
		}
		return nil
	}
	return errNoCompiler
}

// mustCompile is compile for a test; it skips where there is no compiler.
func mustCompile(t testing.TB, output, source string, flags ...string) {
	t.Helper()
	switch err := compile(output, source, flags...); {
	case errors.Is(err, errNoCompiler):
		t.Skip(err)
	case err != nil:
		t.Fatal(err)
	}
}

var openUsual = sync.OnceValues(func() (*Library, error) {
	if err := compile(filepath.Join(scratch, libraryFile), "core.c"); err != nil {
		return nil, err
	}
	return Open(scratch, Options{})
})

// usual returns the Library of this process.
func usual(t testing.TB) *Library {
	t.Helper()
	l, err := openUsual()
	switch {
	case errors.Is(err, errNoCompiler):
		t.Skip(err)
	case err != nil:
		t.Fatal(err)
	}
	return l
}

// openTest opens a controller on a new database and closes it with the test.
func openTest(t testing.TB) *Controller {
	t.Helper()
	c, err := usual(t).OpenController(t.Context(), SQLite{Prefix: filepath.Join(t.TempDir(), "db", "bot")}, ConfirmUp)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(context.Background()); err != nil {
			t.Error("close:", err)
		}
	})
	return c
}

// send returns the reply to cmd; a failure is an error of the test.
func send(t testing.TB, c *Controller, cmd string) string {
	t.Helper()
	reply, err := c.Send(context.Background(), cmd)
	if err != nil {
		t.Errorf("Send(%.20q): %v", cmd, err)
	}
	return string(reply)
}

// stats are the counters of the test library, of the whole process.
type stats struct {
	Allocated, Freed        int
	Starts, Signals         int
	Args                    string
	Blocked, MaxBlocked     int
	Closes, CallsAfterClose int
	Receiving               int
	ReceivingHere           int // of the controller asked
}

func statsOf(t testing.TB, c *Controller) (s stats) {
	t.Helper()
	if err := json.Unmarshal([]byte(send(t, c, "/stats")), &s); err != nil {
		t.Fatal(err)
	}
	return s
}
