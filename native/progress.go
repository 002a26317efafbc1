package native

import (
	"fmt"
	"io"

	"github.com/schollz/progressbar/v3"
)

// Progress is told how a download goes. Its methods are called from one
// goroutine at a time, in the order below.
type Progress interface {
	// Note tells one line: what is fetched from where, or what is waited for.
	Note(text string)
	// Start begins a download of total bytes; -1: not known.
	Start(total int64)
	// Add tells that n more bytes have come.
	Add(n int)
	// Done ends the download, whether it succeeded or not.
	Done()
}

// NewProgress returns a Progress that writes to w: a bar that redraws itself on
// a terminal, plain lines otherwise.
func NewProgress(w io.Writer, terminal bool) Progress {
	if terminal {
		return &bar{w: w}
	}
	return &lines{w: w}
}

// silent tells nobody.
type silent struct{}

func (silent) Note(string) {}
func (silent) Start(int64) {}
func (silent) Add(int)     {}
func (silent) Done()       {}

// bar draws on a terminal.
type bar struct {
	w   io.Writer
	bar *progressbar.ProgressBar
}

func (b *bar) Note(text string) { fmt.Fprintln(b.w, text) }

func (b *bar) Start(total int64) {
	b.bar = progressbar.NewOptions64(total,
		progressbar.OptionSetWriter(b.w),
		progressbar.OptionShowBytes(true),
		progressbar.OptionSetWidth(30),
		progressbar.OptionClearOnFinish(),
	)
}

// The bar only shows; what it cannot write is not the download's concern.

func (b *bar) Add(n int) { _ = b.bar.Add(n) }
func (b *bar) Done()     { _ = b.bar.Finish() }

// lines writes one line at the start, at each quarter, and at the end.
type lines struct {
	w           io.Writer
	total, done int64
	quarter     int64
}

func (l *lines) Note(text string) { fmt.Fprintln(l.w, text) }

func (l *lines) Start(total int64) { l.total, l.done, l.quarter = total, 0, 0 }

func (l *lines) Add(n int) {
	l.done += int64(n)
	if l.total <= 0 {
		return
	}
	if q := min(l.done*4/l.total, 4); q > l.quarter && q < 4 {
		l.quarter = q
		fmt.Fprintf(l.w, "%d %% of %s\n", q*25, mebibytes(l.total))
	}
}

func (l *lines) Done() { fmt.Fprintf(l.w, "%s received\n", mebibytes(l.done)) }

func mebibytes(n int64) string { return fmt.Sprintf("%.1f MiB", float64(n)/(1<<20)) }

var (
	_ Progress = silent{}
	_ Progress = (*bar)(nil)
	_ Progress = (*lines)(nil)
)
