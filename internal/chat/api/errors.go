package api

import (
	"fmt"
	"strings"
)

// ParamError tells which parameter of a command cannot be written, and why.
// The core would have refused the command, most often without a reason.
type ParamError struct {
	// Command is the command's name.
	Command string
	// Path is the parameter and what in it, indexes from 1:
	// "composedMessages[2].msgContent.text".
	Path string
	// Reason is what is wrong there.
	Reason string
}

func (e *ParamError) Error() string { return e.Command + ": " + e.Path + ": " + e.Reason }

// UnknownCommandError tells that the core has no such command.
type UnknownCommandError struct {
	Name string
	// Version is the core's, Since the first version that has the command; ""
	// where none has. Nearest is the known name that is most like it, or "".
	Version, Since, Nearest string
}

func (e *UnknownCommandError) Error() string {
	if e.Since != "" {
		return fmt.Sprintf("%s: core %s does not have this command; %s has", e.Name, e.Version, e.Since)
	}
	return fmt.Sprintf("%s is no command%s", e.Name, didYouMean(e.Nearest))
}

func didYouMean(nearest string) string {
	if nearest == "" {
		return ""
	}
	return "; did you mean " + nearest + "?"
}

// Nearest returns the known name that differs from name in the fewest letters,
// case not counted, "" where all differ in more than a third.
func Nearest(name string, known []string) string {
	best, least := "", len(name)/3+1
	for _, k := range known {
		if d := distance(strings.ToLower(name), strings.ToLower(k)); d < least {
			best, least = k, d
		}
	}
	return best
}

// distance is the number of letters to insert, remove or replace.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
