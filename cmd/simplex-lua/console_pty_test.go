//go:build !windows

package main

import (
	"log/slog"
	"os"
	"sync"
	"testing"

	"github.com/creack/pty"

	"github.com/simplex-lua/simplex-lua/internal/testkit"
)

// startConsole starts console, in a terminal, for the only bot of p.
func startConsole(t *testing.T, p *operated) *terminal {
	t.Helper()
	term := &terminal{t: t, done: make(chan struct{})}
	term.more = sync.NewCond(&term.mu)
	term.cmd = process(t, "console", "--data", p.data)
	term.cmd.Env = append(os.Environ(), "TERM=xterm-256color")
	var err error
	if term.file, err = pty.StartWithSize(term.cmd, &pty.Winsize{Rows: 24, Cols: 80}); err != nil {
		t.Fatal(err)
	}
	go term.read() // ends with the program
	t.Cleanup(func() {
		_ = term.cmd.Process.Kill() // where a test has failed; it has ended otherwise
		<-term.done
		_ = term.file.Close()
	})
	return term
}

// TestConsoleTerminal types as a person does: lines, several lines, a mistake,
// tab, an older line, Ctrl+C in a call, Ctrl+D.
func TestConsoleTerminal(t *testing.T) {
	t.Parallel()
	p := startBots(t, slog.LevelInfo, "", map[string]string{"squarer": squarerScript})
	term := startConsole(t, p)
	term.expect(`Lua inside squarer, generation 1`)
	term.expect(`squarer> `)
	term.typeIn("greeting\r")
	term.expect(`"hi"`)
	term.expect(`squarer> `)
	term.typeIn("for i = 1, 2 do\r")
	term.expect(`\| `)
	term.typeIn("print(i * 10) end\r")
	term.expect(`10\r?\n`)
	term.expect(`20\r?\n`)
	term.typeIn("error('no')\r")
	term.expect(`console:1: no`)
	term.typeIn("gree\t\r") // completed where there is no choice
	term.expect(`greeting`)
	term.expect(`"hi"`)
	term.typeIn("bot.on_\t")
	term.expect(`on_command .*on_message`)
	term.typeIn("me\t == nil\r")
	term.expect(`false`)
	term.typeIn("\x1b[A\r") // the line above
	term.expect(`bot.on_message == nil`)
	term.expect(`false`)
	term.typeIn("\x04")
	if err := term.cmd.Wait(); err != nil {
		t.Errorf("after Ctrl+D: %v", err)
	}

	term = startConsole(t, p)
	term.expect(`squarer> `)
	term.typeIn("print('waits') sleep(3600)\r")
	term.expect(`waits\r?\n`)
	term.typeIn("\x03") // the terminal's own state: a signal
	if err := term.cmd.Wait(); err != nil {
		t.Errorf("after Ctrl+C: %v", err)
	}
	h := p.bots[0].Host()
	testkit.Until(t, "the call ended, as its client is gone", func() bool {
		s, _ := h.Status()
		return s.Busy == 0
	})
}
