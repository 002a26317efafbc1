package markdown

import (
	"regexp"
	"strings"
)

// What a text may have before goldmark's time grows with the square of it.
const (
	maxNested     = 32 // blocks inside each other, opened in one line
	maxReferences = 500
	// maxPairs bounds how many pairs of brackets and marks are compared, about a
	// second of work.
	maxPairs = 400_000_000
)

var (
	// containers are the blocks that a line opens, one inside the other.
	containers = regexp.MustCompile(`^[ \t]*(?:(?:>|[-+*][ \t]|[0-9]{1,9}[.)][ \t])[ \t]*)*`)
	container  = regexp.MustCompile(`>|[-+*][ \t]|[0-9]{1,9}[.)]`)
	paired     = regexp.MustCompile(`[*_~\[]`)
	reference  = regexp.MustCompile(`^[ \t>]*\[[^\]]*\]:`)
)

// tame escapes what nobody writes by intent and goldmark reads too slowly; it
// is shown as it stands.
func tame(text string) string {
	var b strings.Builder
	pairs, references := 0, 0
	for _, block := range strings.SplitAfter(text, "\n\n") {
		n := len(paired.FindAllStringIndex(block, -1))
		if pairs += n * n; pairs > maxPairs {
			pairs -= n * n
			block = paired.ReplaceAllString(block, `\$0`)
		}
		for _, line := range strings.SplitAfter(block, "\n") {
			line = tameNesting(line)
			if reference.MatchString(line) {
				if references++; references > maxReferences {
					line = strings.Replace(line, "[", `\[`, 1)
				}
			}
			b.WriteString(line)
		}
	}
	return b.String()
}

// tameNesting escapes the marker after the last one that may open a block.
func tameNesting(line string) string {
	opened := containers.FindString(line)
	if len(opened) <= maxNested {
		return line
	}
	all := container.FindAllStringIndex(opened, maxNested+1)
	if len(all) <= maxNested {
		return line
	}
	at := all[maxNested][0]
	if line[at] >= '0' && line[at] <= '9' {
		at = all[maxNested][1] - 1 // 1\. and not \1.
	}
	return line[:at] + `\` + line[at:]
}
