package devchat

import (
	"fmt"
	"strings"
)

// typedMark stands in a recording before each line as it was typed.
const typedMark = "--> "

// Typed returns the lines that a recording was made from, and who typed the
// first. name is the file's, for the error where it is no recording.
func Typed(name, recording string) (as string, lines []string, err error) {
	for line := range strings.Lines(recording) {
		line = strings.TrimRight(line, "\r\n")
		if typed, ok := strings.CutPrefix(strings.TrimLeft(line, " "), typedMark); ok {
			lines = append(lines, typed)
		}
	}
	if len(lines) == 0 {
		return "", nil, fmt.Errorf("%s is no recording of simplex-lua dev: no line begins with %q", name, strings.TrimSpace(typedMark))
	}
	if first, ok := strings.CutPrefix(lines[0], ":as "); ok {
		return first, lines[1:], nil
	}
	return "", lines, nil
}
