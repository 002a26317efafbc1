package nearest

import "strings"

// Name returns the known name that differs from name in the fewest letters,
// case not counted, "" where all differ in more than a third. Of several it
// returns the first in alphabetical order, in whatever order known is.
func Name(name string, known []string) string {
	best, least := "", len(name)/3+1
	for _, k := range known {
		d := distance(strings.ToLower(name), strings.ToLower(k))
		if d < least || d == least && best != "" && k < best {
			best, least = k, d
		}
	}
	return best
}

// Hint ends an error about an unknown name: "; did you mean …?" with the known
// name that is nearest, "" where none is near.
func Hint(name string, known []string) string { return DidYouMean(Name(name, known)) }

// DidYouMean is the Hint for a name that has been found before, "" for "".
func DidYouMean(near string) string {
	if near == "" {
		return ""
	}
	return "; did you mean " + near + "?"
}

// distance is the number of letters to insert, remove, replace or swap with the
// next one to get from a to b.
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
