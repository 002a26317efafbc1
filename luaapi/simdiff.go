package luaapi

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// mismatch shows what was wanted and what came, as lines that begin with - and +.
func mismatch(w *simWant, got string) string {
	if w.text == nil {
		return fmt.Sprintf("- %s\n+ %s", w, indent(got))
	}
	return textDiff(*w.text, got)
}

func indent(text string) string { return strings.ReplaceAll(text, "\n", "\n+ ") }

// textDiff compares two texts line by line: "- " only wanted, "+ " only got,
// "  " both. For two single lines a third points at the first difference.
func textDiff(want, got string) string {
	a, b := strings.Split(want, "\n"), strings.Split(got, "\n")
	var out []string
	if len(a) == 1 && len(b) == 1 {
		return fmt.Sprintf("- %s\n+ %s\n  %s^", visible(want), visible(got), strings.Repeat(" ", commonWidth(visible(want), visible(got))))
	}
	for _, op := range lineDiff(a, b) {
		out = append(out, op[:2]+visible(op[2:]))
	}
	return strings.Join(out, "\n")
}

// visible shows tabs, carriage returns and spaces at the end.
func visible(line string) string {
	line = strings.NewReplacer("\t", "→", "\r", "␍").Replace(line)
	bare := strings.TrimRight(line, " ")
	return bare + strings.Repeat("·", len(line)-len(bare))
}

// commonWidth counts the characters that two lines begin with in common.
func commonWidth(a, b string) int {
	n := 0
	for a != "" && b != "" {
		x, size := utf8.DecodeRuneInString(a)
		y, _ := utf8.DecodeRuneInString(b)
		if x != y {
			break
		}
		a, b = a[size:], b[size:]
		n++
	}
	return n
}

// maxDiffLines bounds the table of lineDiff.
const maxDiffLines = 400

// lineDiff returns the lines of both, marked, by their longest common subsequence.
func lineDiff(a, b []string) []string {
	a, b = a[:min(len(a), maxDiffLines)], b[:min(len(b), maxDiffLines)]
	// common[i][j] is the length of the longest one of a[i:] and b[j:].
	common := make([][]int, len(a)+1)
	for i := range common {
		common[i] = make([]int, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				common[i][j] = common[i+1][j+1] + 1
			} else {
				common[i][j] = max(common[i+1][j], common[i][j+1])
			}
		}
	}
	var out []string
	i, j := 0, 0
	for i < len(a) || j < len(b) {
		switch {
		case i < len(a) && j < len(b) && a[i] == b[j]:
			out = append(out, "  "+a[i])
			i, j = i+1, j+1
		case j == len(b) || i < len(a) && common[i+1][j] >= common[i][j+1]:
			out = append(out, "- "+a[i])
			i++
		default:
			out = append(out, "+ "+b[j])
			j++
		}
	}
	return out
}
