package markdown

import (
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

var (
	quotes = regexp.MustCompile(`^(?:> ?)*`)
	item   = regexp.MustCompile(`^(•|[-+]|[0-9]{1,9}[.)])( |$)(?:([☐☑]) )?`)
	// blocky is what would begin a block of Markdown at the start of a line.
	blocky   = regexp.MustCompile(`^[#=+>-]`)
	numbered = regexp.MustCompile(`^([0-9]{1,9})([.)](?: |$))`)
)

// What a line of a text is; between different ones Markdown wants a blank line.
const (
	blank = iota
	plain
	listed
)

// converter reads a SimpleX text line by line.
type converter struct {
	out    strings.Builder
	kind   int // of the line before
	depth  int // how many quotes it stood in
	levels []level
}

// level is a list that goes on, the innermost one last.
type level struct {
	column  int // where the text of its last item begins
	written int // where that begins in Markdown
	kind    byte
	// next is the only number that Markdown would show for a further item.
	next int
}

// fromSimplex turns a text of SimpleX into Markdown. Its lines stay lines.
func fromSimplex(text string) string {
	var c converter
	for _, line := range strings.Split(clean(text), "\n") {
		c.line(strings.TrimRight(line, " \t"))
	}
	return c.out.String()
}

func (c *converter) line(s string) {
	prefix := quotes.FindString(s)
	depth := strings.Count(prefix, ">")
	body := s[len(prefix):]
	inner := strings.TrimLeft(body, " ")
	indent := len(body) - len(inner)
	if depth != c.depth {
		c.levels = nil
	}
	kind, text := plain, ""
	marker := item.FindStringSubmatch(inner)
	switch {
	case inner == "":
		kind = blank
	case inner == rule:
		c.levels, text = nil, "***"
	case marker != nil && c.begin(marker[1], indent):
		kind, text = listed, c.item(marker)+emphasize(inner[len(marker[0]):])
	default:
		kind, text = c.goOn(indent, c.start(emphasize(inner)))
	}
	c.write(kind, depth, text)
}

// begin puts an item into the lists. It tells whether Markdown would show its
// number as it is.
func (c *converter) begin(marker string, indent int) bool {
	outer := len(c.levels)
	for outer > 0 && c.levels[outer-1].column > indent {
		outer--
	}
	own := level{column: indent + utf8.RuneCountInString(marker) + 1, written: 2, kind: marker[len(marker)-1]}
	if m := numbered.FindStringSubmatch(marker); m != nil {
		n, _ := strconv.Atoi(m[1]) // at most nine digits
		if sibling := outer < len(c.levels) && c.levels[outer].kind == own.kind; sibling && c.levels[outer].next != n || strconv.Itoa(n) != m[1] {
			return false
		}
		own.next, own.written = n+1, len(marker)+1
	}
	if outer > 0 {
		own.written += c.levels[outer-1].written
	}
	c.levels = append(c.levels[:outer], own)
	return true
}

// item writes the marker of the item that has just begun.
func (c *converter) item(m []string) string {
	marker := m[1]
	if marker == "•" {
		marker = "-"
	}
	indent := strings.Repeat(" ", c.levels[len(c.levels)-1].written-len(marker)-1)
	switch m[3] {
	case "☐":
		return indent + marker + " [ ] "
	case "☑":
		return indent + marker + " [x] "
	}
	return indent + marker + " "
}

// goOn writes a line that is no item, at the place of the item that it belongs to.
func (c *converter) goOn(indent int, text string) (kind int, line string) {
	n := len(c.levels)
	for n > 0 && c.levels[n-1].column > indent {
		n--
	}
	if c.levels = c.levels[:n]; n == 0 {
		return plain, strings.Repeat("\u00a0", indent) + text
	}
	own := c.levels[n-1]
	return listed, strings.Repeat(" ", own.written) + strings.Repeat("\u00a0", indent-own.column) + text
}

// start escapes what would begin a block.
func (c *converter) start(text string) string {
	if blocky.MatchString(text) {
		return `\` + text
	}
	return numbered.ReplaceAllString(text, `$1\$2`)
}

// write ends the line before, where it goes on with a hard break, and adds this one.
func (c *converter) write(kind, depth int, text string) {
	before := strings.Repeat("> ", min(depth, c.depth))
	switch {
	case c.out.Len() == 0:
	case kind == blank || c.kind == blank:
		c.out.WriteString("\n")
	case depth != c.depth || kind != c.kind:
		c.out.WriteString("\n" + strings.TrimRight(before, " ") + "\n")
	default:
		c.out.WriteString("  \n")
	}
	c.out.WriteString(strings.TrimRight(strings.Repeat("> ", depth)+text, " "))
	c.kind, c.depth = kind, depth
}
