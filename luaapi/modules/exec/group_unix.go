//go:build unix

package exec

import (
	"errors"
	"os"
	"os/exec"
	"syscall"
)

// group is a program with all that it starts.
type group struct{ cmd *exec.Cmd }

// newGroup lets a command that has not been started be the first of a group.
func newGroup(cmd *exec.Cmd) *group {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	return &group{cmd}
}

func (g *group) started() {}

// kill ends the processes of the group at once.
func (g *group) kill() error {
	err := syscall.Kill(-g.cmd.Process.Pid, syscall.SIGKILL)
	if errors.Is(err, syscall.ESRCH) {
		return os.ErrProcessDone
	}
	return err
}

func (g *group) close() {}

// status is a program's exit code; 128 and the signal's number where one ended
// it, as shells say it.
func status(p *os.ProcessState) int {
	if w, ok := p.Sys().(syscall.WaitStatus); ok && w.Signaled() {
		return 128 + int(w.Signal())
	}
	return p.ExitCode()
}
