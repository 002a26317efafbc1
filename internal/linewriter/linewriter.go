package linewriter

import (
	"strings"
	"sync"
)

// Writer hands on whole lines of what is written. Several goroutines may use it.
type Writer struct {
	mu   sync.Mutex // guards what follows, and is held while a line is handed on
	line func(string)
	part string // what has no line end yet
}

// New makes a Writer that calls line with each line, without its end, one call
// at a time.
func New(line func(string)) *Writer { return &Writer{line: line} }

// Write hands on the lines that p ends and keeps the rest. It never fails.
func (w *Writer) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.part += string(p)
	for {
		line, rest, ended := strings.Cut(w.part, "\n")
		if !ended {
			return len(p), nil
		}
		w.line(line)
		w.part = rest
	}
}

// Flush hands on what has no line end, if there is any.
func (w *Writer) Flush() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.part != "" {
		w.line(w.part)
		w.part = ""
	}
}
