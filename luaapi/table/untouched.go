package table

import (
	"slices"

	lua "github.com/yuin/gopher-lua"
)

// Untouched is what makes Lua code fill a table when it touches it. It is embedded
// in what fills the table, so that both take one allocation.
type Untouched struct {
	meta lua.LTable    // the table's metatable, which shares its functions with all others
	mark lua.LUserData // the metatable of meta, by which Fill finds the filler
}

// Table returns a table that filler fills. It is called once.
func (u *Untouched) Table(filler Filler) *lua.LTable {
	u.meta = *onTouch
	u.mark = lua.LUserData{Value: filler, Metatable: lua.LNil}
	u.meta.Metatable = &u.mark
	return &lua.LTable{Metatable: &u.meta}
}

// What Lua code calls when it touches a table for the first time. The functions
// are those of all states: they neither change nor know theirs.
var (
	index = &lua.LFunction{IsG: true, GFunction: func(L *lua.LState) int {
		L.Push(Get(L.CheckTable(1), L.Get(2)))
		return 1
	}}
	newIndex = &lua.LFunction{IsG: true, GFunction: func(L *lua.LState) int {
		t := L.CheckTable(1)
		Fill(t)
		L.RawSet(t, L.Get(2), L.Get(3)) // refuses nil and NaN, as an assignment does
		return 0
	}}
	length = &lua.LFunction{IsG: true, GFunction: func(L *lua.LState) int {
		L.Push(lua.LNumber(Len(L.CheckTable(1))))
		return 1
	}}
	onTouch = func() *lua.LTable {
		meta := &lua.LTable{Metatable: lua.LNil}
		meta.RawSetString("__index", index)
		meta.RawSetString("__newindex", newIndex)
		meta.RawSetString("__len", length)
		return meta
	}()
)

// Touches tells whether fn runs because Lua code touches a table. Tracebacks leave
// it out, for the script has not called it.
func Touches(fn *lua.LFunction) bool {
	return slices.Contains([]*lua.LFunction{index, newIndex, length}, fn)
}
