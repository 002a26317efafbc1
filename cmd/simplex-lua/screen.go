package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"

	"golang.org/x/term"
)

// screen is where a dev session reads lines and shows messages.
type screen interface {
	// readLine blocks for the next line; io.EOF ends the session.
	readLine() (string, error)
	// prompt says who writes now.
	prompt(who string)
	// message shows a message; to is who got it if not the one who writes now.
	message(from, to, text string)
	// note shows something that is no message.
	note(format string, args ...any)
	// problem shows what went wrong with a line of input.
	problem(err error)
	// errors is where logs and the script's print go.
	errors() io.Writer
}

// newScreen returns a terminal's screen, or one of plain lines. The caller
// calls close at the end.
func newScreen(s *streams) (sc screen, close func(), err error) {
	in, _ := s.in.(*os.File)
	if in == nil || !isTerminal(s.in) || !isTerminal(s.out) {
		r := bufio.NewReader(s.in)
		return &pipe{in: r, out: s.out, err: s.err}, func() {}, nil
	}
	old, err := term.MakeRaw(int(in.Fd()))
	if err != nil {
		return nil, nil, fmt.Errorf("prepare the terminal: %w", err)
	}
	t := term.NewTerminal(struct {
		io.Reader
		io.Writer
	}{s.in, s.out}, "> ")
	if w, h, err := term.GetSize(int(in.Fd())); err == nil {
		_ = t.SetSize(w, h) // only wrapping depends on it
	}
	color := os.Getenv("NO_COLOR") == ""
	fmt.Fprintln(t, "Type to write to the bot; :help lists what else there is, Ctrl+D ends.")
	return &tty{term: t, color: color}, func() { _ = term.Restore(int(in.Fd()), old) }, nil
}

// pipe is a screen of plain lines: messages on standard output, one line each,
// everything else on standard error.
type pipe struct {
	in  *bufio.Reader
	mu  sync.Mutex // guards out and err, which may be the same
	out io.Writer
	err io.Writer
}

func (p *pipe) readLine() (string, error) {
	line, err := p.in.ReadString('\n')
	if err == io.EOF && line != "" {
		err = nil
	}
	return strings.TrimRight(line, "\r\n"), err
}

func (p *pipe) prompt(string) {}

func (p *pipe) message(from, _, text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	fmt.Fprintf(p.out, "%s: %s\n", from, oneLine(text))
}

func (p *pipe) note(format string, args ...any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	fmt.Fprintf(p.err, format+"\n", args...)
}

func (p *pipe) problem(err error) { p.note("%v", err) }

func (p *pipe) errors() io.Writer { return p.err }

// tty is a terminal with a line to type on that messages do not tear apart.
type tty struct {
	term  *term.Terminal
	color bool
}

func (t *tty) readLine() (string, error) { return t.term.ReadLine() }

func (t *tty) prompt(who string) { t.term.SetPrompt(who + "> ") }

func (t *tty) message(from, to, text string) {
	if to != "" {
		from += " → " + to
	}
	fmt.Fprintf(t.term, "%s %s\n", t.paint(t.term.Escape.Green, from+":"), indented(text))
}

func (t *tty) note(format string, args ...any) {
	fmt.Fprintln(t.term, t.paint(t.term.Escape.Cyan, fmt.Sprintf(format, args...)))
}

func (t *tty) problem(err error) { fmt.Fprintln(t.term, t.paint(t.term.Escape.Red, err.Error())) }

func (t *tty) errors() io.Writer { return t.term }

func (t *tty) paint(color []byte, text string) string {
	if !t.color {
		return text
	}
	return string(color) + text + string(t.term.Escape.Reset)
}

// indented sets the lines of a message below its first.
func indented(text string) string { return strings.ReplaceAll(text, "\n", "\n  ") }
