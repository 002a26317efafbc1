package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/simplex-lua/simplex-lua/internal/config"
)

// A bot with isolate = true runs in a process of its own: this program again,
// with the same arguments and --isolated --bot NAME. Its standard input is a
// pipe that the parent holds, with these words, a line each, on it. Signals
// would not do: a terminal sends Ctrl+C to both, and Windows has none. The end
// of the pipe tells that the parent has died.
const (
	wordStop   = "stop"
	wordReload = "reload"
)

// stopMargin is what a stop may take beyond the grace of the handlers.
const stopMargin = 30 * time.Second

func isolatedFlag() cli.Flag {
	return &cli.BoolFlag{Name: "isolated", Hidden: true, Usage: "obey the parent process on standard input"}
}

// isolated tells that this process is the one of an isolated bot.
func (l *launcher) isolated() bool { return l.c.Bool("isolated") }

// childError tells how the process of an isolated bot ended.
type childError struct {
	bot   string
	code  int // -1: ended by a signal
	cause error
}

func (e *childError) Error() string {
	if e.code < 0 {
		return fmt.Sprintf("the process of bot %s died: %v", e.bot, e.cause)
	}
	return fmt.Sprintf("the process of bot %s ended with exit code %d; what was wrong is logged before", e.bot, e.code)
}

func (e *childError) Unwrap() error { return e.cause }

// runApart runs a bot in a process of its own until it ends, and stops it
// gracefully when ctx ends.
func (l *launcher) runApart(ctx context.Context, b *config.Bot, reloads <-chan struct{}) error {
	self, err := os.Executable()
	if err != nil {
		return fmt.Errorf("find the program to isolate bot %s: %w", b.Name, err)
	}
	cmd := exec.Command(self, l.childArgs(b)...)
	cmd.Args[0] = os.Args[0]
	cmd.Stdout, cmd.Stderr = l.s.out, l.s.err
	ownGroup(cmd)
	words, err := cmd.StdinPipe()
	if err != nil {
		return fmt.Errorf("isolate bot %s: %w", b.Name, err)
	}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("isolate bot %s: %w", b.Name, err)
	}
	l.log.Info("the bot runs in a process of its own", "bot", b.Name, "pid", cmd.Process.Pid)
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	for {
		select {
		case err := <-ended:
			return childEnd(b.Name, err)
		case <-reloads:
			say(words, wordReload)
		case <-ctx.Done():
			say(words, wordStop)
			limit := time.NewTimer(b.Grace + stopMargin)
			defer limit.Stop()
			select {
			case err := <-ended:
				return childEnd(b.Name, err)
			case <-limit.C:
				_ = cmd.Process.Kill() // it may just have ended
				return childEnd(b.Name, <-ended)
			}
		}
	}
}

// say writes a word to the child. One that is gone is noticed elsewhere.
func say(to io.Writer, word string) { _, _ = io.WriteString(to, word+"\n") }

// childEnd is the error of a process that has ended.
func childEnd(bot string, err error) error {
	if err == nil {
		return nil
	}
	e := &childError{bot: bot, code: -1, cause: err}
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		e.code = exit.ExitCode()
	}
	return e
}

func (l *launcher) childArgs(b *config.Bot) []string {
	args := append([]string{"run", "--isolated", "--bot=" + b.Name}, flagArgs(l.c)...)
	return append(append(args, "--"), l.in.Args...)
}

// obeyParent does what the parent says on standard input, which it reads until
// the process ends. The context ends when the bot is to stop.
func (l *launcher) obeyParent(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	l.reloads = make(chan struct{}, 1)
	go func() {
		stopping := false
		for words := bufio.NewScanner(l.s.in); words.Scan(); {
			switch words.Text() {
			case wordStop:
				stopping = true
				cancel()
			case wordReload:
				select {
				case l.reloads <- struct{}{}:
				default: // one is to come already
				}
			}
		}
		if stopping {
			os.Exit(exitSignal) // the parent did not wait any longer
		}
		cancel()
	}()
	return ctx, cancel
}
