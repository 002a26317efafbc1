package markdown

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	east "github.com/yuin/goldmark/extension/ast"
	gtext "github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

var reader = goldmark.New(goldmark.WithExtensions(extension.GFM)).Parser()

// How blocks are shown.
const (
	bullet = "• "
	undone = "☐ " // tasks
	done   = "☑ "
	rule   = "———"
	quote  = "> "
	column = " | "
)

// toSimplex turns Markdown into a text for SimpleX.
func toSimplex(text string) string {
	source := []byte(tame(clean(text)))
	w := writer{source: source, used: map[string]bool{}}
	doc := reader.Parse(gtext.NewReader(source))
	w.findReferences(doc)
	w.blocks(doc, true)
	return strings.TrimSuffix(w.out.String(), "\n")
}

// writer writes blocks line by line.
type writer struct {
	source []byte
	out    strings.Builder
	// head stands before the next line, rest before those after it.
	head, rest string
	used       map[string]bool // labels of link definitions
}

// findReferences notes which link definitions have a link; the others are
// shown, for they may be meant as text.
func (w *writer) findReferences(doc ast.Node) {
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		var ref *ast.ReferenceLink
		switch n := n.(type) {
		case *ast.Link:
			ref = n.Reference
		case *ast.Image:
			ref = n.Reference
		}
		if ref != nil {
			w.used[util.ToLinkReference(ref.Value)] = true
		}
		return ast.WalkContinue, nil
	})
}

func (w *writer) line(s string) {
	if w.out.Len() <= maxOut { // what is longer is refused
		w.out.WriteString(strings.TrimRight(w.head+s, " "))
		w.out.WriteByte('\n')
	}
	w.head = w.rest
}

// inside writes what stands in a container, behind its marker.
func (w *writer) inside(marker, indent string, write func()) {
	rest := w.rest
	w.head, w.rest = w.head+marker, w.rest+indent
	size := w.out.Len()
	write()
	if w.out.Len() == size {
		w.line("") // an empty item
	}
	w.head, w.rest = rest, rest
}

// blocks writes the children of a container, with blank lines between them
// where it is loose.
func (w *writer) blocks(parent ast.Node, loose bool) {
	size := w.out.Len()
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		if d, ok := n.(*ast.LinkReferenceDefinition); ok && w.used[util.ToLinkReference(d.Label)] {
			continue
		}
		if loose && w.out.Len() > size {
			w.line("")
		}
		w.block(n)
	}
}

func (w *writer) block(n ast.Node) {
	switch n := n.(type) {
	case *ast.Heading:
		w.runs(n, '*')
	case *ast.ThematicBreak:
		w.line(rule)
	case *ast.List:
		w.list(n)
	case *ast.Blockquote:
		w.inside(quote, quote, func() { w.blocks(n, true) })
	case *ast.FencedCodeBlock:
		if n.Info != nil {
			w.line(plainLine(unescape(n.Info.Segment.Value(w.source)) + ":"))
		}
		w.raw(n, codeLine)
	case *ast.CodeBlock:
		w.raw(n, codeLine)
	case *ast.HTMLBlock:
		w.raw(n, plainLine)
		if n.HasClosure() {
			w.line(plainLine(strings.TrimRight(string(n.ClosureLine.Value(w.source)), "\n")))
		}
	case *ast.LinkReferenceDefinition:
		w.raw(n, plainLine)
	case *east.Table:
		for row := n.FirstChild(); row != nil; row = row.NextSibling() {
			w.row(row)
		}
	default: // paragraphs
		w.runs(n, 0)
	}
}

// runs writes a block of text.
func (w *writer) runs(n ast.Node, mark byte) {
	in := inline{source: w.source}
	in.children(n, mark)
	for _, line := range breakLines(in.runs) {
		w.line(markLine(line))
	}
}

// raw writes the lines of a block as they stand.
func (w *writer) raw(n ast.Node, format func(string) string) {
	for i := range n.Lines().Len() {
		s := n.Lines().At(i)
		w.line(format(strings.TrimRight(string(s.Value(w.source)), "\n")))
	}
}

func (w *writer) list(n *ast.List) {
	number := n.Start
	for item := n.FirstChild(); item != nil; item = item.NextSibling() {
		marker := bullet
		if n.IsOrdered() {
			marker = strconv.Itoa(number) + string(n.Marker) + " "
			number++
		}
		if !n.IsTight && item != n.FirstChild() {
			w.line("")
		}
		w.inside(marker, strings.Repeat(" ", utf8.RuneCountInString(marker)), func() { w.blocks(item, !n.IsTight) })
	}
}

// row writes a row of a table, the names of the columns in bold.
func (w *writer) row(row ast.Node) {
	mark := byte(0)
	if row.Kind() == east.KindTableHeader {
		mark = '*'
	}
	in := inline{source: w.source}
	for cell := row.FirstChild(); cell != nil; cell = cell.NextSibling() {
		if cell != row.FirstChild() {
			in.add(column, 0)
		}
		in.children(cell, mark)
	}
	for _, line := range breakLines(in.runs) {
		w.line(markLine(line))
	}
}
