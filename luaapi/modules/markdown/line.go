package markdown

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// shield is the zero-width space that keeps a character from being a mark.
const shield = "\u200b"

// marks are the characters that can open a format. The first five also close it.
const marks = "*_~`#!"

// run is a piece of text with one mark around it, 0 for none.
type run struct {
	text string
	mark byte
}

// breakLines splits runs at the ends of lines and joins neighbours of one mark.
func breakLines(runs []run) [][]run {
	lines := [][]run{nil}
	var text strings.Builder
	mark := byte(0)
	flush := func() {
		if text.Len() > 0 {
			last := len(lines) - 1
			lines[last] = append(lines[last], run{text.String(), mark})
			text.Reset()
		}
	}
	for _, r := range runs {
		if r.mark != mark {
			flush()
			mark = r.mark
		}
		for rest := r.text; ; {
			part, after, more := strings.Cut(rest, "\n")
			text.WriteString(part)
			if !more {
				break
			}
			flush()
			lines, rest = append(lines, nil), after
		}
	}
	flush()
	return lines
}

// appendRun appends a run, if there is anything in it.
func appendRun(line []run, r run) []run {
	if r.text == "" {
		return line
	}
	return append(line, r)
}

// markLine writes the runs of a line with their marks.
func markLine(runs []run) string {
	runs = loosen(runs)
	for i := range runs { // a mark that cannot stand there is left out
		if runs[i].mark != 0 && !fits(runs, i) {
			runs[i].mark = 0
		}
	}
	var b strings.Builder
	atWord := true
	for _, r := range runs {
		if r.mark != 0 {
			b.WriteByte(r.mark)
			b.WriteString(r.text)
			b.WriteByte(r.mark)
			atWord = false // no mark follows, see fits
			continue
		}
		protect(&b, r.text, atWord)
		atWord = strings.HasSuffix(r.text, " ")
	}
	return b.String()
}

// loosen moves the spaces at the ends of marked runs out of them, and opening
// punctuation before a marked word into it: (**so**) becomes *(so*).
func loosen(runs []run) []run {
	var out []run
	for _, r := range runs {
		if r.mark == 0 {
			out = appendRun(out, r)
			continue
		}
		inner := strings.Trim(r.text, " ")
		lead := strings.Index(r.text, inner)
		if inner == "" {
			out = appendRun(out, run{r.text, 0})
			continue
		}
		if lead > 0 {
			out = appendRun(out, run{r.text[:lead], 0})
		} else if n := len(out); n > 0 && out[n-1].mark == 0 && r.mark != '`' {
			before := out[n-1].text
			from := strings.LastIndexByte(before, ' ') + 1
			if p := before[from:]; p != "" && isPunctuation(p) && (from > 0 || n == 1) {
				out[n-1].text, inner = before[:from], p+inner
				if from == 0 {
					out = out[:n-1]
				}
			}
		}
		out = append(out, run{inner, r.mark})
		out = appendRun(out, run{r.text[len(strings.TrimRight(r.text, " ")):], 0})
	}
	return out
}

// fits tells whether the mark of a run is read as one where it stands.
func fits(runs []run, i int) bool {
	r := runs[i]
	if strings.IndexByte(r.text, r.mark) >= 0 {
		return false
	}
	if i > 0 && (runs[i-1].mark != 0 || !strings.HasSuffix(runs[i-1].text, " ")) {
		return false
	}
	if i+1 == len(runs) {
		return true
	}
	next, _ := utf8.DecodeRuneInString(runs[i+1].text)
	return unicode.IsSpace(next) || unicode.IsPunct(next) && strings.IndexByte(marks, byte(next)) < 0 && runs[i+1].mark == 0
}

func isPunctuation(s string) bool {
	for _, c := range s {
		if !unicode.IsPunct(c) || c < utf8.RuneSelf && strings.IndexByte(marks, byte(c)) >= 0 {
			return false
		}
	}
	return true
}

// protect writes a plain text so that no character of it opens a format.
// atWord tells whether a word begins with it.
func protect(b *strings.Builder, text string, atWord bool) {
	for i := 0; i < len(text); i++ {
		c := text[i]
		if atWord && strings.IndexByte(marks, c) >= 0 {
			b.WriteString(shield)
		}
		b.WriteByte(c)
		atWord = c == ' '
	}
}

// plainLine is a line of plain text, without marks.
func plainLine(text string) string {
	var b strings.Builder
	protect(&b, text, true)
	return b.String()
}

// codeLine is a line of code. Its indentation stands before the mark.
func codeLine(text string) string {
	inner := strings.TrimLeft(text, " \t")
	indent := strings.ReplaceAll(text[:len(text)-len(inner)], "\t", "    ")
	return markLine(appendRun(appendRun(nil, run{indent, 0}), run{inner, '`'}))
}
