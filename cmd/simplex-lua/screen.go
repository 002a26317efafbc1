package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"

	"golang.org/x/term"

	"github.com/simplex-lua/simplex-lua/internal/devchat"
)

// screen is where a dev session reads lines and shows messages.
type screen interface {
	devchat.Screen
	// completeWith gives the words for TAB.
	completeWith(func(before string) (head string, words []string))
	// logs is where logs and the script's print go.
	logs() io.Writer
	// quiet takes the line to type on away: nobody reads it any more.
	quiet()
	// close leaves the terminal as it was.
	close()
}

// newScreen returns a terminal's screen, or one of plain lines.
func newScreen(s *streams) (screen, error) {
	in, _ := s.in.(*os.File)
	out, _ := s.out.(*os.File)
	if !isTerminal(s.in) || !isTerminal(s.out) || os.Getenv("TERM") == "dumb" {
		return &pipe{in: bufio.NewReader(s.in), out: s.out, err: s.err}, nil
	}
	old, err := term.MakeRaw(int(in.Fd()))
	if err != nil {
		return nil, fmt.Errorf("prepare the terminal: %w", err)
	}
	return newTTY(in, out, !noColor(), func() { _ = term.Restore(int(in.Fd()), old) }), nil
}

// pipe is a screen of plain lines: messages on standard output, one line each,
// everything else on standard error.
type pipe struct {
	in  *bufio.Reader
	mu  sync.Mutex // guards out and err, which may be the same
	out io.Writer
	err io.Writer
}

func (p *pipe) ReadLine() (string, error) {
	line, err := p.in.ReadString('\n')
	if errors.Is(err, io.EOF) && line != "" {
		err = nil
	}
	return strings.TrimRight(line, "\r\n"), err
}

func (p *pipe) Prompt(string, string) {}

func (p *pipe) Said(e devchat.Entry) {
	if e.Own {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if e.What != devchat.Wrote {
		fmt.Fprintf(p.err, "%s %s\n", who(e), did(e, oneLine(e.Text)))
		return
	}
	text := e.Text
	if e.File != "" {
		text = strings.TrimSpace(fmt.Sprintf("[%s, %s] %s", e.File, sizeOf(e.Size), text))
	}
	fmt.Fprintf(p.out, "%s: %s\n", who(e), oneLine(text))
}

func (p *pipe) Note(text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	fmt.Fprintln(p.err, text)
}

func (p *pipe) Hint(err error) { p.Note(err.Error()) }

func (p *pipe) Problem(problem devchat.Problem) { p.Note(strings.Join(problemRows(problem), "\n")) }

func (p *pipe) completeWith(func(string) (string, []string)) {}

func (p *pipe) logs() io.Writer { return p.err }

func (p *pipe) quiet() {}

func (p *pipe) close() {}

// who says who did something, and where, if that is not the chat at hand.
func who(e devchat.Entry) string {
	s := e.From
	if e.Group != "" && !e.Here {
		s += " in #" + e.Group
	}
	if e.To != "" {
		s += " → " + e.To
	}
	return s
}

// did says what somebody did other than write; text is e's, made fit to be
// shown. Of a deleted message it is not known who deleted it.
func did(e devchat.Entry, text string) string {
	switch e.What {
	case devchat.Edited:
		return "[changed]: " + text
	case devchat.Deleted:
		return "[deleted]: " + text
	case devchat.Reacted:
		return "reacted: " + text
	}
	return "took back: " + text
}

// problemRows are an error of a script and its line of code.
func problemRows(p devchat.Problem) []string {
	if p.Code == "" {
		return []string{p.Text}
	}
	return []string{p.Text, fmt.Sprintf("  %d | %s", p.Line, p.Code)}
}

// oneLine shows line breaks as \n, for output that is read line by line.
func oneLine(text string) string {
	return strings.NewReplacer("\r\n", `\n`, "\n", `\n`, "\r", `\n`).Replace(text)
}
