package lineedit

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"unicode"

	"github.com/rivo/uniseg"
)

// Options say where an Editor reads and writes.
type Options struct {
	// In is a terminal in raw mode, Out shows what is written.
	In  io.Reader
	Out io.Writer
	// Columns tells how wide the terminal is now; below 1 stands for 80.
	Columns func() int
	// Complete is asked at TAB with the text before the cursor. It returns what
	// stays of it, and the words that may follow; nil for no completion.
	Complete func(before string) (head string, words []string)
}

// Editor is a line that a person types. ReadLine is for one goroutine; all other
// methods may be called beside it.
type Editor struct {
	opts Options
	keys keys

	mu            sync.Mutex // guards the fields below, and Out
	prompt        string
	style         func(string) string
	before, after string // the text around the cursor
	shown, closed bool   // the row is drawn; it will not be any more
	history       []string
	at            int    // in history; its length stands for the line being typed
	draft         string // that line, while another one is shown
}

// New returns an Editor; nothing is drawn until ReadLine.
func New(o Options) *Editor {
	return &Editor{opts: o, keys: newKeys(o.In), style: func(s string) string { return s }}
}

// ErrInterrupted is what ReadLine returns for Ctrl+C on an empty line; on others
// it clears the line.
var ErrInterrupted = errors.New("interrupted")

const (
	eraseRight = "\x1b[K"
	clearAll   = "\x1b[2J\x1b[H"
	pasteOn    = "\x1b[?2004h"
	pasteOff   = "\x1b[?2004l"
)

// ReadLine blocks for the next line and takes it off the screen. A pasted line
// may have line breaks in it. Ctrl+D on an empty line, and the end of the
// input, give io.EOF.
func (e *Editor) ReadLine() (string, error) {
	e.begin()
	defer e.end()
	for {
		pressed, text, err := e.keys.next()
		if err != nil {
			return "", err
		}
		line, done, err := e.press(pressed, text)
		if done || err != nil {
			return line, err
		}
	}
}

func (e *Editor) begin() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.at = len(e.history)
	if e.closed {
		return
	}
	e.shown = true
	fmt.Fprint(e.opts.Out, pasteOn+e.row())
}

func (e *Editor) end() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.hide()
}

// Close takes the line off the screen for good. What is printed later is shown.
// A ReadLine under way goes on to wait for its input.
func (e *Editor) Close() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.hide()
	e.closed = true
}

func (e *Editor) hide() {
	if !e.shown {
		return
	}
	e.shown = false
	fmt.Fprint(e.opts.Out, "\r"+eraseRight+pasteOff)
}

// SetPrompt changes what stands before the line; style colours it and may be nil.
func (e *Editor) SetPrompt(prompt string, style func(string) string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.prompt = Clean(prompt)
	if style != nil {
		e.style = style
	}
	e.draw()
}

// Print writes a text above the line. It must be clean, see Clean; it needs no
// line break at its end.
func (e *Editor) Print(text string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.print(text)
}

func (e *Editor) print(text string) {
	text = strings.ReplaceAll(strings.TrimSuffix(text, "\n"), "\n", "\r\n")
	row := ""
	if e.shown {
		row = e.row()
	}
	fmt.Fprint(e.opts.Out, "\r"+eraseRight+text+"\r\n"+row)
}

// Redraw draws the line again, as after the window has changed.
func (e *Editor) Redraw() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.draw()
}

func (e *Editor) draw() {
	if e.shown {
		fmt.Fprint(e.opts.Out, e.row())
	}
}

// row is what draws the line.
func (e *Editor) row() string {
	columns := 80
	if e.opts.Columns != nil && e.opts.Columns() > 0 {
		columns = e.opts.Columns()
	}
	prompt := e.prompt
	if Width(prompt) > columns/2 {
		prompt = Fit(prompt, columns/2)
	}
	left, right := view(e.before, e.after, columns-Width(prompt)-1)
	s := "\r" + e.style(prompt) + left + right + eraseRight + "\r"
	if at := Width(prompt) + Width(left); at > 0 {
		s += fmt.Sprintf("\x1b[%dC", at)
	}
	return s
}

// lineBreak stands for a line break in the row.
const lineBreak = "⏎"

// view returns what is shown on the left and on the right of the cursor in so
// many columns. What is left out on the left shows as ….
func view(before, after string, columns int) (left, right string) {
	if columns < 2 {
		return "", ""
	}
	shown := func(s string) string { return Clean(strings.ReplaceAll(s, "\n", lineBreak)) }
	left, right = shown(before), shown(after)
	if used := Width(left); used > columns {
		for rest, state := left, -1; used > columns-1; left = rest {
			var w int
			_, rest, w, state = uniseg.FirstGraphemeClusterInString(rest, state)
			used -= w
		}
		left = "…" + left
	}
	room := columns - Width(left)
	if right = Fit(right, room); Width(right) > room {
		right = ""
	}
	return left, right
}

// press does what a key says. done tells that the line is complete.
func (e *Editor) press(pressed key, text string) (line string, done bool, err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	switch pressed {
	case keyEnter:
		return e.take(), true, nil
	case keyInterrupt:
		if e.before+e.after == "" {
			return "", true, ErrInterrupted
		}
		e.set("")
	case keyEnd:
		if e.before+e.after == "" {
			return "", true, io.EOF
		}
		e.after = e.after[len(first(e.after)):]
	case keyUp:
		e.recall(-1)
	case keyDown:
		e.recall(1)
	case keyTab:
		e.completeWord()
	case keyClear:
		fmt.Fprint(e.opts.Out, clearAll)
	case keyPaste:
		e.before += strings.TrimRight(text, "\n")
	default:
		e.edit(pressed)
	}
	if e.keys.in.Buffered() == 0 { // more keys are drawn with the last one
		e.draw()
	}
	return "", false, nil
}

// edit moves the cursor, and changes the text at it.
func (e *Editor) edit(pressed key) {
	switch pressed {
	case keyLeft:
		e.moveTo(len(e.before) - len(last(e.before)))
	case keyRight:
		e.moveTo(len(e.before) + len(first(e.after)))
	case keyHome:
		e.moveTo(0)
	case keyEndOfLine:
		e.moveTo(len(e.before) + len(e.after))
	case keyWordLeft:
		e.moveTo(wordStart(e.before))
	case keyWordRight:
		e.moveTo(len(e.before) + wordEnd(e.after))
	case keyBackspace:
		e.before = strings.TrimSuffix(e.before, last(e.before))
	case keyDelete:
		e.after = e.after[len(first(e.after)):]
	case keyEraseWord:
		e.before = e.before[:wordStart(e.before)]
	case keyEraseToStart:
		e.before = ""
	case keyEraseToEnd:
		e.after = ""
	case keyUnknown:
	default:
		e.before += string(rune(pressed))
	}
}

func (e *Editor) moveTo(n int) {
	all := e.before + e.after
	e.before, e.after = all[:n], all[n:]
}

// wordStart is where the last word of a text begins.
func wordStart(s string) int {
	return len(strings.TrimRightFunc(strings.TrimRightFunc(s, unicode.IsSpace), func(r rune) bool { return !unicode.IsSpace(r) }))
}

// wordEnd is where the first word of a text ends.
func wordEnd(s string) int {
	rest := strings.TrimLeftFunc(s, unicode.IsSpace)
	if i := strings.IndexFunc(rest, unicode.IsSpace); i >= 0 {
		return len(s) - len(rest) + i
	}
	return len(s)
}

func (e *Editor) set(line string) { e.before, e.after = line, "" }
