package exec

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"

	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/luaapi/module"
)

// afterwards is how long what a program has started may still write after it
// has ended.
const afterwards = time.Second

// job is one run of a program.
type job struct {
	path    string // the file
	args    []string
	env     []string
	dir     string
	input   string
	timeout time.Duration
	limit   int64 // bytes of output, and as many of error output

	out, errOut bounded
	status      int
}

// wait runs the job without the lock, when fewer than maxRunning are under way.
func (lib *library) wait(L *lua.LState, j *job) {
	lib.vm.Wait(L, func(ctx context.Context) error {
		ctx, cancel := context.WithTimeoutCause(ctx, j.timeout,
			module.Errorf(module.ErrTimeout, "exec.run: %s took longer than %v and was ended", j.args[0], j.timeout))
		defer cancel()
		select {
		case lib.running <- struct{}{}:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
		defer func() { <-lib.running }()
		return j.do(ctx)
	})
}

// do runs the program and returns when it and its group have ended.
func (j *job) do(ctx context.Context) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	tooMuch := func() {
		cancel(module.Errorf(module.ErrLimit, "exec.run: %s wrote more than %d bytes and was ended; max_output raises that", j.args[0], j.limit))
	}
	j.out, j.errOut = bounded{limit: j.limit, full: tooMuch}, bounded{limit: j.limit, full: tooMuch}

	cmd := exec.CommandContext(ctx, j.path)
	cmd.Args = j.args
	cmd.Dir = j.dir
	cmd.Env = append([]string{"PATH=" + os.Getenv("PATH")}, j.env...)
	cmd.Stdout, cmd.Stderr = &j.out, &j.errOut
	if j.input != "" {
		cmd.Stdin = strings.NewReader(j.input)
	}
	cmd.WaitDelay = afterwards
	g := newGroup(cmd)
	defer g.close()
	cmd.Cancel = g.kill
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("exec.run: %w", err)
	}
	g.started()
	err := cmd.Wait()
	_ = g.kill() // what it has left behind
	if cause := context.Cause(ctx); cause != nil {
		return cause
	}
	var ended *exec.ExitError
	if err != nil && !errors.As(err, &ended) && !errors.Is(err, exec.ErrWaitDelay) && cmd.ProcessState == nil {
		return fmt.Errorf("exec.run: %w", err)
	}
	j.status = status(cmd.ProcessState)
	return nil
}

// bounded keeps what is written to it, up to a limit. Only one goroutine writes.
type bounded struct {
	limit int64
	full  func() // called when more comes
	kept  []byte
}

func (b *bounded) Write(p []byte) (int, error) {
	if int64(len(b.kept)+len(p)) > b.limit {
		b.full()
		return len(p), nil
	}
	b.kept = append(b.kept, p...)
	return len(p), nil
}

func (b *bounded) text() string { return string(b.kept) }
