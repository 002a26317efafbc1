package table

import (
	"testing"

	lua "github.com/yuin/gopher-lua"
)

// list fills a table with "a" and "b", and x = 1.
type list struct {
	Untouched
	filled int
}

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
		empty := filler.Table(filler)
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

// Lua code fills a table by whatever it does first.
func TestTouches(t *testing.T) {
	t.Parallel()
	L := lua.NewState(lua.Options{SkipOpenLibs: true})
	defer L.Close()
	for _, code := range []string{"return T.x == 1", "return #T == 2", "T.x = 2 return T.x == 2", "T.y = 1 return T.x == 1", "return T[3] == nil and T[2] == 'b'"} {
		filler := &list{}
		L.SetGlobal("T", filler.Table(filler))
		if err := L.DoString(code); err != nil || !lua.LVAsBool(L.Get(-1)) || filler.filled != 1 {
			t.Errorf("%s: got %v, %v, filled %d times", code, L.Get(-1), err, filler.filled)
		}
	}
	if !Touches(newIndex) || Touches(nil) || Touches(&lua.LFunction{}) {
		t.Error("other functions are taken for those that fill tables")
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
