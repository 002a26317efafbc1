package table

import (
	"testing"

	lua "github.com/yuin/gopher-lua"
)

// list fills a table with "a" and "b", and x = 1.
type list struct{ filled int }

func (f *list) Fill(t *lua.LTable) {
	f.filled++
	t.Metatable = lua.LNil
	t.RawSetInt(1, lua.LString("a"))
	t.RawSetInt(2, lua.LString("b"))
	t.RawSetString("x", lua.LNumber(1))
}

// Each way to read a table fills it first, once.
func TestFills(t *testing.T) {
	t.Parallel()
	for name, reads := range map[string]func(*lua.LTable) bool{
		"Get":   func(t *lua.LTable) bool { return Get(t, lua.LString("x")) == lua.LNumber(1) },
		"Field": func(t *lua.LTable) bool { return Field(t, "x") == lua.LNumber(1) },
		"At":    func(t *lua.LTable) bool { return At(t, 2) == lua.LString("b") },
		"Len":   func(t *lua.LTable) bool { return Len(t) == 2 },
		"Next": func(t *lua.LTable) bool {
			k, v := Next(t, lua.LNil)
			return k == lua.LNumber(1) && v == lua.LString("a")
		},
		"Each": func(t *lua.LTable) bool {
			n := 0
			Each(t, func(_, _ lua.LValue) { n++ })
			return n == 3
		},
		"Meta": func(t *lua.LTable) bool { return Meta(t) == nil },
	} {
		filler := &list{}
		meta := &lua.LTable{Metatable: &lua.LUserData{Value: filler, Metatable: lua.LNil}}
		empty := &lua.LTable{Metatable: meta}
		for range 2 {
			if !reads(empty) {
				t.Errorf("%s does not see what the table holds", name)
			}
		}
		if filler.filled != 1 || empty.Metatable != lua.LNil {
			t.Errorf("%s filled the table %d times, want once", name, filler.filled)
		}
	}
}

// Other tables, with and without metatables, stay as they are.
func TestPlainTables(t *testing.T) {
	t.Parallel()
	meta := &lua.LTable{Metatable: &lua.LUserData{Value: "of a script's host", Metatable: lua.LNil}}
	for _, mt := range []lua.LValue{nil, lua.LNil, &lua.LTable{Metatable: lua.LNil}, meta} {
		plain := &lua.LTable{Metatable: mt}
		plain.RawSetString("x", lua.LTrue)
		if Field(plain, "x") != lua.LTrue || plain.Metatable != mt {
			t.Errorf("a table with the metatable %v was changed", mt)
		}
		if want, _ := mt.(*lua.LTable); Meta(plain) != want {
			t.Errorf("got the metatable %v, want %v", Meta(plain), want)
		}
	}
}
