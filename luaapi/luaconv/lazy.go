package luaconv

import (
	"bytes"

	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/internal/jsonscan"
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
	c := checker{Cursor: jsonscan.New(text)}
	kind, from := c.Kind(), c.Pos()
	if kind != jsonscan.Object && kind != jsonscan.Array || !c.sound() {
		return Decode(text, false)
	}
	return later(text[from:], len(text)), nil
}

// onTouch is what Lua code calls when it touches a table for the first time. It
// holds for all states: the functions neither change nor know their state.
var onTouch = func() lua.LTable {
	meta := newTable()
	for event, fn := range map[string]lua.LGFunction{
		"__index": func(L *lua.LState) int {
			L.Push(table.Get(L.CheckTable(1), L.Get(2)))
			return 1
		},
		"__newindex": func(L *lua.LState) int {
			t := L.CheckTable(1)
			table.Fill(t)
			L.RawSet(t, L.Get(2), L.Get(3)) // refuses nil and NaN, as an assignment does
			return 0
		},
		"__len": func(L *lua.LState) int {
			L.Push(lua.LNumber(table.Len(L.CheckTable(1))))
			return 1
		},
	} {
		meta.RawSetString(event, &lua.LFunction{IsG: true, GFunction: fn})
	}
	return *meta
}()

// untouched is the text of a table that nobody has touched, with the metatable
// that the table has until then.
type untouched struct {
	meta lua.LTable    // a copy of onTouch, which shares its functions
	mark lua.LUserData // the metatable of meta, by which package table finds this
	text []byte        // begins with the object or array
	held int           // bytes that text keeps in memory
}

var _ table.Filler = (*untouched)(nil)

// Fill implements table.Filler.
func (u *untouched) Fill(t *lua.LTable) {
	d := decoder{Cursor: jsonscan.New(u.text), step: first(nil)}
	d.inner = func(text []byte) lua.LValue { return later(u.part(text)) }
	if full, ok := d.value(0).(*lua.LTable); ok {
		*t = *full
	}
}

// later makes the table of an object or array that text begins with; text keeps
// held bytes in memory.
func later(text []byte, held int) *lua.LTable {
	switch bytes.TrimLeft(text[1:], " \t\r\n")[0] {
	case '}':
		return newTable()
	case ']':
		return Array(newTable())
	}
	u := &untouched{meta: onTouch, text: text, held: held}
	u.mark = lua.LUserData{Value: u, Metatable: lua.LNil}
	u.meta.Metatable = &u.mark
	return &lua.LTable{Metatable: &u.meta}
}

// maxHeld is how many bytes a small part of a text may keep in memory.
const maxHeld = 8 << 10

// part returns a part of the text for a table of its own, copied where it would
// keep much more in memory than itself.
func (u *untouched) part(text []byte) (part []byte, held int) {
	if u.held > maxHeld && len(text) < u.held/2 {
		return bytes.Clone(text), len(text)
	}
	return text, u.held
}

// checker goes over a text as decoder does, and makes nothing of it.
type checker struct {
	*jsonscan.Cursor
	bad bool // it is JSON, but cannot be a Lua value
}

// sound tells whether Decode would take the text.
func (c *checker) sound() bool {
	c.value(0)
	return c.End() == nil && !c.bad
}

func (c *checker) value(depth int) {
	if depth >= MaxDepth {
		c.bad = true
		c.Stop()
		return
	}
	switch c.Kind() {
	case jsonscan.Number:
		_, ok := c.Float()
		c.bad = c.bad || !ok
	case jsonscan.Array:
		c.Array(func() { c.value(depth + 1) })
	case jsonscan.Object:
		c.Object(func([]byte) { c.value(depth + 1) })
	default:
		c.Skip()
	}
}
