package doctor

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// State says how bad a finding is.
type State string

const (
	OK   State = "ok"   // as it should be
	Warn State = "warn" // works, but somebody should look at it
	Fail State = "fail" // does not work, or will not for long
)

// Finding is what one check has found.
type Finding struct {
	// Check is what was looked at, as "disk"; Bot is whose, "" for all.
	Check string `json:"check"`
	Bot   string `json:"bot,omitempty"`
	State State  `json:"state"`
	// Text is what was found, Fix what to do about it.
	Text string `json:"text"`
	Fix  string `json:"fix,omitempty"`
}

// Report is all that was found, in the order in which it was looked for.
type Report []Finding

// Count is how many findings have that state.
func (r Report) Count(s State) int {
	n := 0
	for _, f := range r {
		if f.State == s {
			n++
		}
	}
	return n
}

// JSON writes one object: the findings, and the worst of their states.
func (r Report) JSON(w io.Writer) error {
	worst := OK
	switch {
	case r.Count(Fail) > 0:
		worst = Fail
	case r.Count(Warn) > 0:
		worst = Warn
	}
	return json.NewEncoder(w).Encode(struct {
		State    State     `json:"state"`
		Findings []Finding `json:"findings"`
	}{worst, r})
}

// Text writes a line for each finding, and its fix below.
func (r Report) Text(w io.Writer) error {
	for _, f := range r {
		what := f.Check
		if f.Bot != "" {
			what = f.Bot + " " + f.Check
		}
		if _, err := fmt.Fprintf(w, "%-5s %s: %s\n", f.State, what, below(f.Text)); err != nil {
			return err
		}
		if f.Fix != "" {
			if _, err := fmt.Fprintf(w, "      %s\n", below(f.Fix)); err != nil {
				return err
			}
		}
	}
	warnings := "warnings"
	if r.Count(Warn) == 1 {
		warnings = "warning"
	}
	_, err := fmt.Fprintf(w, "%d ok, %d %s, %d to mend\n", r.Count(OK), r.Count(Warn), warnings, r.Count(Fail))
	return err
}

// below indents what comes after the first line, as the source of a script.
func below(text string) string { return strings.ReplaceAll(text, "\n", "\n      ") }
