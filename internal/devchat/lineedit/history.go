package lineedit

import (
	"slices"
	"strings"
)

// historyLimit is how many lines are kept.
const historyLimit = 500

// take ends the line and remembers it.
func (e *Editor) take() string {
	line := e.before + e.after
	if strings.TrimSpace(line) != "" && (len(e.history) == 0 || e.history[len(e.history)-1] != line) {
		e.history = append(e.history, line)
		if len(e.history) > historyLimit {
			e.history = slices.Delete(e.history, 0, 1)
		}
	}
	e.set("")
	return line
}

// recall shows an older line, or a newer one; after the newest comes what was
// being typed.
func (e *Editor) recall(step int) {
	to := e.at + step
	if to < 0 || to > len(e.history) {
		return
	}
	if e.at == len(e.history) {
		e.draft = e.before + e.after
	}
	if e.at = to; to == len(e.history) {
		e.set(e.draft)
	} else {
		e.set(e.history[to])
	}
}

// completeWord completes what stands before the cursor as far as it is clear,
// and lists the words otherwise.
func (e *Editor) completeWord() {
	if e.opts.Complete == nil {
		return
	}
	head, words := e.opts.Complete(e.before)
	switch len(words) {
	case 0:
		return
	case 1:
		e.before = head + words[0]
		if !strings.HasSuffix(words[0], "/") && !strings.HasPrefix(e.after, " ") {
			e.before += " "
		}
		return
	}
	common := words[0]
	for _, w := range words[1:] {
		for !strings.HasPrefix(w, common) {
			common = strings.TrimSuffix(common, last(common))
		}
	}
	if longer := head + common; len(longer) > len(e.before) {
		e.before = longer
		return
	}
	e.print(Clean(strings.Join(words, "  ")))
}
