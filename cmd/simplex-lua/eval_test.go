//go:build !windows

package main

import (
	"bufio"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
)

// TestEvalStopped ends programs by a signal, wherever they are.
func TestEvalStopped(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, code string }{
		{"asleep", `sleep(3600)`},
		{"asleep inside pcall", `while true do pcall(sleep, 3600) end`},
		{"computing", `while true do end`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			cmd := process(t, "eval", "-e", "print('begun')\n"+tt.code)
			out, err := cmd.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			var problem strings.Builder
			cmd.Stderr = &problem
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			if line, err := bufio.NewReader(out).ReadString('\n'); err != nil || line != "begun\n" {
				t.Errorf("got %q, %v", line, err)
			}
			if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
				t.Fatal(err)
			}
			_ = cmd.Wait() // the exit code tells
			want := "(command line):2: stopped by a signal\n  2 | " + tt.code + "\n"
			if code := cmd.ProcessState.ExitCode(); code != exitScript || problem.String() != want {
				t.Errorf("got exit code %d and %q, want %q", code, problem.String(), want)
			}
		})
	}
}

// process is this program, as a process of its own; see TestMain.
func process(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(path, args...)
	cmd.Args[0] = "simplex-lua"
	return cmd
}
