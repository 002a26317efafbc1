package table

import lua "github.com/yuin/gopher-lua"

// Filler fills tables that were left empty. It stands in a userdata that is the
// metatable of the table's metatable, where no script can put one.
type Filler interface {
	// Fill gives t its contents and takes its metatable away. It cannot fail.
	Fill(t *lua.LTable)
}

// Fill gives t its contents if it has not been touched yet. After that the
// methods of lua.LTable see what a script sees.
func Fill(t *lua.LTable) {
	meta, ok := t.Metatable.(*lua.LTable)
	if !ok {
		return
	}
	if mark, ok := meta.Metatable.(*lua.LUserData); ok {
		if filler, ok := mark.Value.(Filler); ok {
			filler.Fill(t)
		}
	}
}

// Get returns the value of a key, as rawget.
func Get(t *lua.LTable, key lua.LValue) lua.LValue {
	Fill(t)
	return t.RawGet(key)
}

// Field returns the value of a key that is a string.
func Field(t *lua.LTable, name string) lua.LValue {
	Fill(t)
	return t.RawGetString(name)
}

// At returns the value of a list at an index from 1 on, nil beyond its end.
func At(t *lua.LTable, i int) lua.LValue {
	Fill(t)
	return t.RawGetInt(i)
}

// Len returns the length of a list, as rawlen.
func Len(t *lua.LTable) int {
	Fill(t)
	return t.Len()
}

// Next returns the key after key and its value, as next; nil begins, and nil is
// the end.
func Next(t *lua.LTable, key lua.LValue) (lua.LValue, lua.LValue) {
	Fill(t)
	return t.Next(key)
}

// Each calls fn with each key and its value, indexes first, the others in any
// order. Fn may remove the key it is called with.
func Each(t *lua.LTable, fn func(key, value lua.LValue)) {
	Fill(t)
	t.ForEach(fn)
}

// Meta returns the metatable of t, nil where it has none.
func Meta(t *lua.LTable) *lua.LTable {
	Fill(t)
	meta, _ := t.Metatable.(*lua.LTable)
	return meta
}
