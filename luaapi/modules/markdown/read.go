package markdown

import (
	"regexp"
	"strings"
)

// The marks that runs of a SimpleX text can have beside those of line.go.
const (
	secret  = '#'
	colored = '!'
)

var color = regexp.MustCompile(`^!(?:[1-6-]|red|green|blue|yellow|cyan|magenta|[rgbycm]) ([^ !][^!]*)!`)

// readMarks splits a line into runs as the apps do.
func readMarks(line string) []run {
	var runs []run
	plain := 0 // where the plain text before at began
	for at := 0; at < len(line); {
		r, size := readRun(line[at:])
		if r.mark != 0 {
			runs = append(appendRun(runs, run{line[plain:at], 0}), r)
			plain = at + size
		}
		at += size
	}
	return appendRun(runs, run{line[plain:], 0})
}

// readRun reads the run at the beginning of a word, or spaces.
func readRun(s string) (run, int) {
	switch c := s[0]; c {
	case ' ':
		size := len(s) - len(strings.TrimLeft(s, " "))
		return run{s[:size], 0}, size
	case '*', '_', '~', '`':
		end := strings.IndexByte(s[1:], c)
		if end < 0 {
			return run{s, 0}, len(s) // to the end of the line, with what follows
		}
		if inner := s[1 : 1+end]; isTight(inner) {
			return run{inner, c}, end + 2
		}
		return run{s[:end+2], 0}, end + 2
	case secret:
		open := len(s) - len(strings.TrimLeft(s, "#"))
		end := strings.IndexByte(s[open:], '#')
		if end < 0 {
			return run{s, 0}, len(s)
		}
		end += open
		size := len(s) - len(strings.TrimLeft(s[end:], "#"))
		if isTight(s[open:end]) {
			return run{s[1 : size-1], secret}, size
		}
		return run{s[:size], 0}, size
	case colored:
		if m := color.FindStringSubmatch(s); m != nil && isTight(m[1]) {
			return run{m[1], colored}, len(m[0])
		}
	}
	if size := strings.IndexByte(s, ' '); size > 0 {
		return run{s[:size], 0}, size
	}
	return run{s, 0}, len(s)
}

func isTight(s string) bool {
	return s != "" && s[0] != ' ' && s[len(s)-1] != ' '
}

// around is what Markdown has for a mark.
var around = map[byte]string{'*': "**", '_': "*", '~': "~~", '`': "`", secret: "||", colored: "**"}

// emphasize writes a line of SimpleX as Markdown.
func emphasize(line string) string {
	var b strings.Builder
	for _, r := range readMarks(line) {
		b.WriteString(around[r.mark])
		if r.mark == '`' {
			b.WriteString(r.text)
		} else {
			b.WriteString(escape(r.text))
		}
		b.WriteString(around[r.mark])
	}
	return b.String()
}

var (
	link    = regexp.MustCompile(`(?:https?://|simplex:/)[^\s<>]*[^\s<>.,;:!?)"'*_~]`)
	special = regexp.MustCompile("[\\\\`*_\\[\\]<~|]|&[A-Za-z#]")
	guarded = regexp.MustCompile("(^| )" + shield + "([" + marks + "])")
)

// escape writes a plain text so that Markdown shows it as it is, and links as
// links.
func escape(text string) string {
	text = guarded.ReplaceAllString(text, "$1$2")
	var b strings.Builder
	at := 0
	for _, m := range link.FindAllStringIndex(text, -1) {
		b.WriteString(special.ReplaceAllString(text[at:m[0]], `\$0`))
		b.WriteString("<" + text[m[0]:m[1]] + ">")
		at = m[1]
	}
	b.WriteString(special.ReplaceAllString(text[at:], `\$0`))
	return b.String()
}
