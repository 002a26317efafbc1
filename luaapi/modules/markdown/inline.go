package markdown

import (
	"bufio"
	"html"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"
	ghtml "github.com/yuin/goldmark/renderer/html"
)

// inline collects the text of a block as runs. Marks do not nest: the outer one
// counts, but for code.
type inline struct {
	source []byte
	runs   []run
}

func (in *inline) add(text string, mark byte) {
	in.runs = append(in.runs, run{text, mark})
}

func (in *inline) children(parent ast.Node, mark byte) {
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		in.node(n, mark)
	}
}

func (in *inline) node(n ast.Node, mark byte) {
	switch n := n.(type) {
	case *ast.Text:
		in.text(n, mark)
	case *ast.String:
		in.add(string(n.Value), mark)
	case *ast.CodeSpan:
		var code strings.Builder
		for c := n.FirstChild(); c != nil; c = c.NextSibling() {
			if t, ok := c.(*ast.Text); ok {
				code.Write(t.Segment.Value(in.source))
			}
		}
		in.add(strings.ReplaceAll(code.String(), "\n", " "), '`')
	case *ast.Emphasis:
		in.emphasis(n, mark)
	case *east.Strikethrough:
		in.children(n, outer(mark, '~'))
	case *ast.Link:
		in.link(n, n.Destination, n.Title, mark)
	case *ast.Image:
		in.link(n, n.Destination, n.Title, mark)
	case *ast.AutoLink:
		in.add(string(n.Label(in.source)), mark)
	case *ast.RawHTML:
		for i := range n.Segments.Len() {
			s := n.Segments.At(i)
			in.add(string(s.Value(in.source)), mark)
		}
	case *east.TaskCheckBox:
		box := undone
		if n.IsChecked {
			box = done
		}
		in.add(box, 0)
	default:
		in.children(n, mark)
	}
}

// emphasis writes *text* and **text**. Between letters and digits, as in 2*3*4,
// the asterisks are kept as they stand.
func (in *inline) emphasis(n *ast.Emphasis, mark byte) {
	if stars := strings.Repeat("*", n.Level); in.insideWord(n) {
		in.add(stars, mark)
		in.children(n, mark)
		in.add(stars, mark)
		return
	}
	own := byte('_')
	if n.Level == 2 {
		own = '*'
	}
	in.children(n, outer(mark, own))
}

// insideWord tells whether there are letters or digits on both sides of n.
func (in *inline) insideWord(n ast.Node) bool {
	before, isText := n.PreviousSibling().(*ast.Text)
	after, isTextToo := n.NextSibling().(*ast.Text)
	if !isText || !isTextToo || before.SoftLineBreak() {
		return false
	}
	last, _ := utf8.DecodeLastRune(before.Segment.Value(in.source))
	first, _ := utf8.DecodeRune(after.Segment.Value(in.source))
	return isWord(last) && isWord(first)
}

func isWord(c rune) bool { return unicode.IsLetter(c) || unicode.IsDigit(c) }

func outer(mark, own byte) byte {
	if mark != 0 {
		return mark
	}
	return own
}

func (in *inline) text(n *ast.Text, mark byte) {
	value := n.Segment.Value(in.source)
	if n.IsRaw() {
		in.add(string(value), mark)
	} else {
		in.add(unescape(value), mark)
	}
	if n.SoftLineBreak() || n.HardLineBreak() {
		in.add("\n", mark)
	}
}

// link writes a link or image: its text, and where it leads unless that is the
// text.
func (in *inline) link(n ast.Node, destination, title []byte, mark byte) {
	before := len(in.runs)
	in.children(n, mark)
	var shown strings.Builder
	for _, r := range in.runs[before:] {
		shown.WriteString(r.text)
	}
	to, name := unescape(destination), unescape(title)
	if to == shown.String() || "mailto:"+shown.String() == to {
		to = ""
	}
	if name != "" {
		to = strings.TrimPrefix(to+` "`+name+`"`, " ")
	}
	switch {
	case to == "":
	case shown.Len() == 0:
		in.add(to, 0)
	default:
		in.add(" ("+to+")", 0)
	}
}

// unescape resolves what Markdown escapes in a text: \* and &amp;.
func unescape(text []byte) string {
	var b strings.Builder
	w := bufio.NewWriter(&b)
	ghtml.DefaultWriter.Write(w, text)
	w.Flush() // a Builder takes all
	return html.UnescapeString(b.String())
}
