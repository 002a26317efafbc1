package difftest

import (
	"slices"
	"strings"
)

// Minimise returns a shorter program of which fails still reports true: it
// drops runs of lines, long ones first, until none can be spared. Fails is asked
// about several candidates at once and returns the index of one that fails, or
// -1.
func Minimise(program string, fails func(candidates []string) int) string {
	lines := strings.Split(program, "\n")
	for run := max(len(lines)/2, 1); ; {
		shorter := dropLines(lines, run, fails)
		if shorter != nil {
			lines = shorter
			run = min(run, max(len(lines)/2, 1))
			continue
		}
		if run == 1 {
			return strings.Join(lines, "\n")
		}
		run /= 2
	}
}

// dropLines returns the lines without some run of them, or nil.
func dropLines(lines []string, run int, fails func([]string) int) []string {
	var candidates []string
	var variants [][]string
	add := func(variant []string) {
		variants = append(variants, variant)
		candidates = append(candidates, strings.Join(variant, "\n"))
	}
	for i := 0; i+run <= len(lines); i++ {
		add(slices.Concat(lines[:i], lines[i+run:]))
		// A block without its first and last line.
		if run > 1 {
			inner := slices.Clone(lines[:i])
			inner = append(inner, lines[i+1:i+run-1]...)
			add(append(inner, lines[i+run:]...))
		}
	}
	if i := fails(candidates); i >= 0 {
		return variants[i]
	}
	return nil
}
