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

// distance is the number of letters to insert, remove, replace or swap with the
// next one.
func distance(a, b string) int {
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		before, last, row = last, row, before
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(last[j-1]+cost, last[j]+1, row[j-1]+1)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
	}
	return row[len(b)]
}
