package luaconv

import (
	"bytes"
	"math"
	"slices"

	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/internal/jsonscan"
)

// document is a text that has been checked, with the places of its objects and
// arrays, so that none is read again to find out where it ends.
type document struct {
	text  []byte
	parts []part // in the order of their beginnings
	// decoder fills one table after the other; next is the part that it comes to.
	decoder decoder
	cursor  jsonscan.Cursor
	next    int
}

func newDocument(text []byte, parts []part) *document {
	doc := &document{text: text, parts: parts}
	doc.decoder = decoder{Cursor: &doc.cursor, step: first(nil), inner: doc.inner}
	return doc
}

// part is one object or array.
type part struct {
	begin, end int32 // in the text
	next       int32 // the first part that begins behind the end
}

// maxHeld is how many bytes of text a small part may keep in memory.
const maxHeld = 8 << 10

// keptFields is how many fields a document has room for between two tables.
const keptFields = 64

// of returns the text of a part.
func (doc *document) of(at int) []byte { return doc.text[doc.parts[at].begin:doc.parts[at].end] }

// fill decodes a part; the objects and arrays in it become tables that are filled
// later.
func (doc *document) fill(at int) lua.LValue {
	doc.cursor, doc.next = *jsonscan.New(doc.of(at)), at+1
	v := doc.decoder.value(0)
	if fields := doc.decoder.fields; cap(fields) > keptFields {
		doc.decoder.fields = nil
	} else {
		clear(fields[:cap(fields)]) // they would keep tables in memory
	}
	return v
}

// inner goes behind the next part.
func (doc *document) inner() lua.LValue {
	at := doc.next
	doc.cursor.Same(doc.of(at))
	doc.next = int(doc.parts[at].next)
	return doc.later(at)
}

// excerpt returns a document that has only one part and those in it, and keeps
// nothing else in memory.
func (doc *document) excerpt(at int) *document {
	from := doc.parts[at].begin
	parts := slices.Clone(doc.parts[at:doc.parts[at].next])
	for i, p := range parts {
		parts[i] = part{p.begin - from, p.end - from, p.next - int32(at)}
	}
	return newDocument(bytes.Clone(doc.of(at)), parts)
}

// outline checks a text and finds its parts. It is false where Decode would refuse
// the text, where that is no object or array, and where it has 2 GiB.
func outline(text []byte) (*document, bool) {
	if len(text) > math.MaxInt32 {
		return nil, false
	}
	o := outliner{Cursor: jsonscan.New(text), parts: make([]part, 0, 8+len(text)/40)}
	o.value(0)
	if o.End() != nil || o.refused || len(o.parts) == 0 {
		return nil, false
	}
	return newDocument(text, o.parts), true
}

// outliner goes over a text as decoder does, and makes no values of it.
type outliner struct {
	*jsonscan.Cursor
	parts   []part
	refused bool // it is JSON, but nests too deeply
}

func (o *outliner) value(depth int) {
	if depth >= MaxDepth {
		o.refused = true
		o.Stop()
		return
	}
	switch o.Kind() {
	case jsonscan.Array:
		at := o.open()
		o.Array(func() { o.value(depth + 1) })
		o.close(at)
	case jsonscan.Object:
		at := o.open()
		o.Object(func([]byte) { o.value(depth + 1) })
		o.close(at)
	default:
		o.Skip()
	}
}

func (o *outliner) open() (at int) {
	o.parts = append(o.parts, part{begin: int32(o.Pos())})
	return len(o.parts) - 1
}

// close notes the end of a part, with the white space behind it.
func (o *outliner) close(at int) {
	o.parts[at].end, o.parts[at].next = int32(o.Pos()), int32(len(o.parts))
}
