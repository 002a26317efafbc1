package luaconv

import (
	"bytes"

	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/luaapi/table"
)

// DecodeLazy is Decode without nulls, but its tables are filled when they are
// first touched, one level at a time: making tables takes nearly all of the time
// of Decode, and scripts look at few of them. To a script they are the same, and
// to Go code that reads them through package table.
//
// The text is checked as a whole, with Decode's errors, so that filling cannot
// fail. Tables keep it until they are filled, and it must not change.
func DecodeLazy(text []byte) (lua.LValue, error) {
	doc, ok := outline(text)
	if !ok {
		return Decode(text, false)
	}
	return doc.later(0), nil
}

// untouched is the place of a table that nobody has touched in its document.
type untouched struct {
	table.Untouched
	doc *document
	at  int // in the parts of doc
}

var _ table.Filler = (*untouched)(nil)

// Fill implements table.Filler.
func (u *untouched) Fill(t *lua.LTable) {
	if full, ok := u.doc.fill(u.at).(*lua.LTable); ok {
		*t = *full
	}
}

// later makes the table of a part.
func (doc *document) later(at int) *lua.LTable {
	text := doc.of(at)
	switch bytes.TrimLeft(text[1:], " \t\r\n")[0] {
	case '}':
		return newTable()
	case ']':
		return Array(newTable())
	}
	if len(doc.text) > maxHeld && len(text) < len(doc.text)/2 {
		doc, at = doc.excerpt(at), 0
	}
	u := &untouched{doc: doc, at: at}
	return u.Table(u)
}
