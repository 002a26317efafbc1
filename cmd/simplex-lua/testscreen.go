package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/bottest"
)

// testScreen shows results, in colour on a terminal.
type testScreen struct {
	painter
	out      io.Writer
	verbose  bool
	terminal bool
}

func newTestScreen(out io.Writer, verbose bool) *testScreen {
	terminal := isTerminal(out)
	return &testScreen{out: out, verbose: verbose, terminal: terminal, painter: painter{terminal && !noColor()}}
}

func (t *testScreen) clear() {
	if t.terminal {
		fmt.Fprint(t.out, "\x1b[2J\x1b[H")
	}
}

func (t *testScreen) note(text string) { fmt.Fprintln(t.out, t.paint(gray, text)) }

// oneCase shows a case in one line, a failure with its reason below.
func (t *testScreen) oneCase(r bottest.Result) {
	word := t.paint(green, "ok  ")
	if r.Err != nil {
		word = t.paint(red, "FAIL")
	}
	name := filepath.ToSlash(r.File)
	if r.Name != "" {
		name += ": " + r.Name
	}
	fmt.Fprintf(t.out, "%s %s %s\n", word, name, t.paint(gray, fmt.Sprintf("(%d ms)", r.Took.Milliseconds())))
	if r.Err != nil {
		for line := range strings.SplitSeq(bottest.Failure(r.Err), "\n") {
			switch {
			case strings.HasPrefix(line, "- "):
				line = t.paint(red, line)
			case strings.HasPrefix(line, "+ "):
				line = t.paint(green, line)
			}
			fmt.Fprintln(t.out, "     "+line)
		}
	}
	if t.verbose || r.Err != nil {
		for _, line := range r.Log {
			fmt.Fprintln(t.out, t.paint(gray, "     | "+strings.ReplaceAll(line, "\n", "\n     | ")))
		}
	}
}

// end shows the counts, and which handlers no case has run.
func (t *testScreen) end(s bottest.Summary, took time.Duration) {
	for _, c := range s.Coverage {
		all := len(c.Ran) + len(c.Never)
		if len(c.Never) == 0 && !t.verbose || all == 0 {
			continue
		}
		fmt.Fprintf(t.out, "%s: %d of %d handlers ran\n", filepath.ToSlash(c.Script), len(c.Ran), all)
		for _, name := range c.Never {
			t.note("     never: " + name)
		}
	}
	ran, all := handlersRan(s)
	text := fmt.Sprintf("%d passed, %d failed", s.Passed, s.Failed)
	if s.Failed > 0 {
		text = t.paint(red, text)
	} else {
		text = t.paint(green, text)
	}
	fmt.Fprintf(t.out, "%s; %d of %d handlers ran (%.1f s)\n", text, ran, all, took.Seconds())
}

func handlersRan(s bottest.Summary) (ran, all int) {
	for _, c := range s.Coverage {
		ran, all = ran+len(c.Ran), all+len(c.Ran)+len(c.Never)
	}
	return ran, all
}

// testLine is one line of --json.
type testLine struct {
	Type    string   `json:"type"` // "case" or "end"
	File    string   `json:"file,omitempty"`
	Name    string   `json:"name,omitempty"`
	Line    int      `json:"line,omitempty"`
	Passed  *bool    `json:"passed,omitempty"`
	Failure string   `json:"failure,omitempty"`
	Millis  int64    `json:"ms"`
	Log     []string `json:"log,omitempty"`
	*testEnd
}

type testEnd struct {
	Passed   int            `json:"cases_passed"`
	Failed   int            `json:"cases_failed"`
	Coverage []testCoverage `json:"coverage"`
}

type testCoverage struct {
	Script string   `json:"script"`
	Ran    []string `json:"ran"`
	Never  []string `json:"never"`
}

func (t *testScreen) caseJSON(r bottest.Result) {
	passed := r.Err == nil
	l := testLine{Type: "case", File: filepath.ToSlash(r.File), Name: r.Name, Line: r.Line, Passed: &passed, Millis: r.Took.Milliseconds()}
	if !passed {
		l.Failure = bottest.Failure(r.Err)
	}
	if !passed || t.verbose {
		l.Log = r.Log
	}
	t.json(l)
}

func (t *testScreen) endJSON(s bottest.Summary, took time.Duration) {
	e := &testEnd{Passed: s.Passed, Failed: s.Failed, Coverage: []testCoverage{}}
	for _, c := range s.Coverage {
		e.Coverage = append(e.Coverage, testCoverage{filepath.ToSlash(c.Script), orEmpty(c.Ran), orEmpty(c.Never)})
	}
	t.json(testLine{Type: "end", Millis: took.Milliseconds(), testEnd: e})
}

func orEmpty(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}

func (t *testScreen) json(l testLine) {
	b, err := json.Marshal(l)
	if err != nil {
		panic(err) // texts and numbers only
	}
	fmt.Fprintf(t.out, "%s\n", b)
}

// caseName names a case in reports; a file that does not load has none.
func caseName(r bottest.Result) string { return cmp.Or(r.Name, "(load)") }
