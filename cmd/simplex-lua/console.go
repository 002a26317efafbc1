package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode"

	"github.com/urfave/cli/v2"
	"golang.org/x/term"

	"github.com/simplex-lua/simplex-lua/internal/ops/control"
)

func consoleCommand(s *streams) *cli.Command {
	return &cli.Command{
		Name:      "console",
		Usage:     "run Lua inside a running bot",
		ArgsUsage: "[BOT]",
		Description: remoteHelp +
			"Each line is a call of its own, with the limits of a handler: its locals end with it,\n" +
			"its globals stay. An expression's values are shown. On a pipe the first error ends it;\n" +
			"on a terminal tab completes names, the arrows bring back lines, Ctrl+D ends, and\n" +
			"Ctrl+C also ends a call under way.\n\n" +
			"   simplex-lua console squaring.lua\n" +
			"   echo 'return bot.info.generation' | simplex-lua console squaring.lua",
		Flags:  remoteFlags(),
		Action: func(c *cli.Context) error { return console(c.Context, s, c) },
	}
}

func console(ctx context.Context, s *streams, c *cli.Context) error {
	bots, err := findBots(ctx, s, c, c.Args().Slice())
	if err != nil {
		return err
	}
	defer bots.close()
	if len(bots) > 1 {
		return usagef("console: of which bot? There are several:%s", strings.TrimPrefix(bots.others(), ", only"))
	}
	p, done, err := newPrompt(s, bots[0])
	if err != nil {
		return err
	}
	defer done()
	return converse(ctx, bots[0], p)
}

// prompt is where the console reads lines and shows answers.
type prompt interface {
	// readLine blocks for the next line; io.EOF ends the console. more tells that
	// the line goes on an incomplete one.
	readLine(more bool) (string, error)
	show(line string)
	// failed shows an error and returns nil, or ends the console with it.
	failed(text string) error
	// during runs f, which Ctrl+C may end.
	during(f func()) error
}

// converse runs lines until there are no more.
func converse(ctx context.Context, b *remoteBot, p prompt) error {
	code := ""
	for {
		line, err := p.readLine(code != "")
		if errors.Is(err, io.EOF) {
			if code != "" {
				return p.failed(control.ErrIncomplete.Error())
			}
			return nil
		}
		if err != nil {
			return err
		}
		code += line
		if strings.TrimSpace(code) == "" {
			code = ""
			continue
		}
		incomplete, err := evaluate(ctx, b, p, code)
		if ctx.Err() != nil {
			return nil // Ctrl+C: the call is cut with the connection
		}
		if err != nil {
			return err
		}
		if incomplete {
			code += "\n"
		} else {
			code = ""
		}
	}
}

// evaluate runs code and shows what comes of it.
func evaluate(ctx context.Context, b *remoteBot, p prompt, code string) (incomplete bool, err error) {
	var reply control.Reply
	broken := p.during(func() {
		reply, err = b.Do(ctx, control.Request{Op: control.OpEval, Code: code}, p.show)
	})
	if remote := control.RemoteError(""); errors.As(err, &remote) {
		return false, errors.Join(broken, p.failed(string(remote)))
	}
	if err == nil && reply.Result != "" {
		p.show(reply.Result)
	}
	return reply.Incomplete, errors.Join(broken, err)
}

// evalError is what a line of a pipe raised.
type evalError string

func (e evalError) Error() string { return string(e) }

// newPrompt returns a terminal's prompt, or one of plain lines. The caller calls
// done at the end.
func newPrompt(s *streams, b *remoteBot) (p prompt, done func(), err error) {
	in, _ := s.in.(*os.File)
	if in == nil || !isTerminal(s.in) || !isTerminal(s.out) {
		return &linePrompt{in: bufio.NewReader(s.in), out: s.out}, func() {}, nil
	}
	old, err := term.MakeRaw(int(in.Fd()))
	if err != nil {
		return nil, nil, fmt.Errorf("prepare the terminal: %w", err)
	}
	tty := &ttyPrompt{name: b.status.Bot, bot: b, fd: int(in.Fd()), cooked: old, out: s.out}
	tty.term = term.NewTerminal(struct {
		io.Reader
		io.Writer
	}{s.in, s.out}, "> ")
	tty.term.AutoCompleteCallback = tty.complete
	if w, h, err := term.GetSize(int(in.Fd())); err == nil {
		_ = tty.term.SetSize(w, h) // only wrapping depends on it
	}
	fmt.Fprintf(tty.term, "Lua inside %s, generation %d. Tab completes, Ctrl+D ends.\n", b.status.Bot, b.status.Generation)
	return tty, func() { _ = term.Restore(int(in.Fd()), old) }, nil
}

// linePrompt reads lines of a pipe; answers go to standard output alone.
type linePrompt struct {
	in  *bufio.Reader
	out io.Writer
}

func (p *linePrompt) readLine(bool) (string, error) {
	line, err := p.in.ReadString('\n')
	if err == io.EOF && line != "" {
		err = nil
	}
	return strings.TrimRight(line, "\r\n"), err
}

func (p *linePrompt) show(line string)         { fmt.Fprintln(p.out, line) }
func (p *linePrompt) failed(text string) error { return evalError(text) }
func (p *linePrompt) during(f func()) error {
	f()
	return nil
}

// ttyPrompt is a terminal with history and completion.
type ttyPrompt struct {
	term *term.Terminal
	name string
	bot  *remoteBot
	fd   int
	// cooked is the terminal's own state, in which Ctrl+C is a signal.
	cooked *term.State
	// out is the terminal itself, to write to during a call.
	out  io.Writer
	busy bool
}

func (p *ttyPrompt) readLine(more bool) (string, error) {
	if more {
		p.term.SetPrompt(strings.Repeat(" ", len(p.name)) + "| ")
	} else {
		p.term.SetPrompt(p.name + "> ")
	}
	line, err := p.term.ReadLine()
	if errors.Is(err, term.ErrPasteIndicator) {
		err = nil // pasted lines are lines
	}
	return line, err
}

func (p *ttyPrompt) show(line string) {
	if p.busy {
		fmt.Fprintln(p.out, line)
		return
	}
	fmt.Fprintln(p.term, line)
}

func (p *ttyPrompt) failed(text string) error {
	fmt.Fprintf(p.term, "%s%s%s\n", p.term.Escape.Red, text, p.term.Escape.Reset)
	return nil
}

func (p *ttyPrompt) during(f func()) error {
	if err := term.Restore(p.fd, p.cooked); err != nil {
		return err
	}
	p.busy = true
	f()
	p.busy = false
	_, err := term.MakeRaw(p.fd)
	return err
}

// complete is called with each key. At a tab it completes the word as far as
// there is no choice, and shows the choices there are.
func (p *ttyPrompt) complete(line string, pos int, key rune) (string, int, bool) {
	if key != '\t' {
		return "", 0, false
	}
	reply, err := p.bot.do(context.Background(), control.Request{Op: control.OpComplete, Code: line[:pos]})
	if err != nil || len(reply.Names) == 0 {
		return line, pos, true
	}
	start := strings.LastIndexFunc(line[:pos], func(r rune) bool { return r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) }) + 1
	common := reply.Names[0]
	for _, name := range reply.Names[1:] {
		for !strings.HasPrefix(name, common) {
			common = common[:len(common)-1]
		}
	}
	if len(reply.Names) > 1 && len(common) <= pos-start {
		fmt.Fprintln(p.term, strings.Join(reply.Names, "  "))
		return line, pos, true
	}
	return line[:start] + common + line[pos:], start + len(common), true
}
