package exec

import (
	"os"
	"os/exec"

	"golang.org/x/sys/windows"
)

// group is a program with all that it starts, in a job object.
type group struct {
	cmd *exec.Cmd
	job windows.Handle // 0 where Windows gives none: then only the program is ended
}

func newGroup(cmd *exec.Cmd) *group {
	g := &group{cmd: cmd}
	if job, err := windows.CreateJobObject(nil, nil); err == nil {
		g.job = job
	}
	return g
}

// started puts the process into the job.
func (g *group) started() {
	process, err := windows.OpenProcess(windows.PROCESS_SET_QUOTA|windows.PROCESS_TERMINATE, false, uint32(g.cmd.Process.Pid))
	if err != nil {
		return
	}
	defer windows.CloseHandle(process)
	_ = windows.AssignProcessToJobObject(g.job, process)
}

// kill ends the processes of the job at once.
func (g *group) kill() error {
	if g.job != 0 {
		_ = windows.TerminateJobObject(g.job, 1)
	}
	return g.cmd.Process.Kill()
}

func (g *group) close() {
	if g.job != 0 {
		_ = windows.CloseHandle(g.job)
	}
}

func status(p *os.ProcessState) int { return p.ExitCode() }
