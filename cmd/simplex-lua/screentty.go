package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"

	"github.com/simplex-lua/simplex-lua/internal/devchat"
	"github.com/simplex-lua/simplex-lua/internal/devchat/lineedit"
	"github.com/simplex-lua/simplex-lua/internal/linewriter"
)

// tty is a terminal with a line to type on, above which the chat goes by.
type tty struct {
	painter
	edit     *lineedit.Editor
	columns  func() int
	restore  func()
	unwatch  func()
	complete func(before string) (head string, words []string) // set before ReadLine
	log      *linewriter.Writer
}

func newTTY(in io.Reader, out *os.File, color bool, restore func()) *tty {
	t := &tty{painter: painter{color}, restore: restore}
	t.columns = func() int {
		w, _, err := term.GetSize(int(out.Fd()))
		if err != nil {
			return 0
		}
		return w
	}
	t.edit = lineedit.New(lineedit.Options{In: in, Out: out, Columns: t.columns, Complete: func(before string) (string, []string) {
		return t.complete(before)
	}})
	t.log = linewriter.New(func(line string) { t.edit.Print(lineedit.Clean(line)) })
	t.unwatch = onResize(t.edit.Redraw)
	return t
}

// ReadLine ends the session at Ctrl+C on an empty line, too. What is no message
// stays on the screen as it was typed.
func (t *tty) ReadLine() (string, error) {
	line, err := t.edit.ReadLine()
	if errors.Is(err, lineedit.ErrInterrupted) {
		err = io.EOF
	}
	if strings.HasPrefix(line, ":") {
		t.lines(gray, line)
	}
	return line, err
}

func (t *tty) Prompt(name, group string) {
	if group != "" {
		name += " #" + group
	}
	t.edit.SetPrompt(name+"> ", func(s string) string { return t.paint(bold, s) })
}

const timeLayout = "15:04:05"

// indent is how far the text of messages stands in, below the time.
const indent = len(timeLayout) + 1

func (t *tty) Said(e devchat.Entry) {
	name, text := lineedit.Clean(who(e)), lineedit.Clean(e.Text)
	color := green
	if e.Own {
		color = blue
	}
	switch {
	case e.What != devchat.Wrote:
		text = did(e, text)
	case e.File != "":
		text = strings.TrimSuffix(fmt.Sprintf("sent a file, %s (%s): %s", lineedit.Clean(e.File), sizeOf(e.Size), text), ": ")
	default:
		name += quoted(e.Quote) + ":"
	}
	rows := lineedit.Wrap(name+" "+text, t.columns()-indent)
	if rest, ok := strings.CutPrefix(rows[0], name); ok {
		rows[0] = t.paint(color, name) + rest
	}
	space := strings.Repeat(" ", indent)
	t.edit.Print(t.paint(gray, e.At.Local().Format(timeLayout)) + " " + strings.Join(rows, "\n"+space))
}

// quoteColumns is how much of a quoted text is shown.
const quoteColumns = 20

// quoted says what a message answers, in a few words.
func quoted(text string) string {
	if text == "" {
		return ""
	}
	text = lineedit.Clean(strings.ReplaceAll(text, "\n", " "))
	if lineedit.Width(text) > quoteColumns {
		text = lineedit.Fit(text, quoteColumns-1) + "…"
	}
	return " (to “" + text + "”)"
}

func (t *tty) Note(text string) { t.lines(cyan, text) }

func (t *tty) Hint(err error) { t.lines(yellow, err.Error()) }

func (t *tty) Problem(p devchat.Problem) { t.lines(red, strings.Join(problemRows(p), "\n")) }

// lines prints a text in a colour.
func (t *tty) lines(color, text string) {
	rows := lineedit.Wrap(lineedit.Clean(text), t.columns())
	for i := range rows {
		rows[i] = t.paint(color, rows[i])
	}
	t.edit.Print(strings.Join(rows, "\n"))
}

func (t *tty) completeWith(complete func(string) (string, []string)) { t.complete = complete }

func (t *tty) logs() io.Writer { return t.log }

func (t *tty) quiet() { t.edit.Close() }

func (t *tty) close() {
	t.edit.Close()
	t.unwatch()
	t.restore()
}
