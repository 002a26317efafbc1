package lineedit

import (
	"strings"
	"unicode"

	"github.com/rivo/uniseg"
)

// Clean makes a text harmless on a terminal: control characters, with which it
// could move the cursor or pose as something else, become visible signs. Line
// breaks stay; a tab becomes a space.
func Clean(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case r == '\t':
			return ' '
		case r < ' ':
			return 0x2400 + r // the sign for this character, as ␛
		case r == 127:
			return '␡'
		case unicode.IsControl(r), turnsText(r):
			return unicode.ReplacementChar
		}
		return r
	}, strings.ToValidUTF8(text, string(unicode.ReplacementChar)))
}

// turnsText tells whether a character changes the direction of what follows.
func turnsText(r rune) bool {
	return r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069
}

// Width is how many columns a line of text takes.
func Width(text string) int { return uniseg.StringWidth(text) }

// Wrap breaks each line of a text into rows of at most width columns, at words
// where it can. A width below 1 leaves the lines as they are.
func Wrap(text string, width int) []string {
	var rows []string
	for line := range strings.SplitSeq(text, "\n") {
		rows = append(rows, wrapLine(line, width)...)
	}
	return rows
}

func wrapLine(line string, width int) []string {
	if width < 1 || Width(line) <= width {
		return []string{line}
	}
	var rows []string
	rest, state := line, -1
	row, used := "", 0
	for rest != "" {
		var word string
		word, rest, _, state = uniseg.FirstLineSegmentInString(rest, state)
		if used > 0 && used+Width(strings.TrimRight(word, " ")) > width {
			rows = append(rows, strings.TrimRight(row, " "))
			row, used = "", 0
		}
		for Width(strings.TrimRight(word, " ")) > width { // a word longer than a row
			head := Fit(word, width)
			rows = append(rows, head)
			word = word[len(head):]
		}
		row += word
		used += Width(word)
	}
	if row = strings.TrimRight(row, " "); row != "" || rows == nil {
		rows = append(rows, row)
	}
	return rows
}

// Fit returns the beginning of a text that takes at most width columns, but at
// least one character.
func Fit(text string, width int) string {
	end, used, state := 0, 0, -1
	for rest := text; rest != ""; {
		var c string
		var w int
		c, rest, w, state = uniseg.FirstGraphemeClusterInString(rest, state)
		if end > 0 && used+w > width {
			break
		}
		end, used = end+len(c), used+w
	}
	return text[:end]
}

// last returns the last character of a text.
func last(text string) string {
	c, state := "", -1
	for rest := text; rest != ""; {
		c, rest, _, state = uniseg.FirstGraphemeClusterInString(rest, state)
	}
	return c
}

// first returns the first character of a text.
func first(text string) string {
	c, _, _, _ := uniseg.FirstGraphemeClusterInString(text, -1)
	return c
}
