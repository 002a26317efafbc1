package luaapi

import (
	"maps"
	"slices"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/internal/nearest"
	"github.com/simplex-lua/simplex-lua/luaapi/table"
)

// protect makes a table of ours strict: reading an unknown name is an error
// that gives the nearest known one, and so is changing a name of ours. computed
// names are made when they are read, settable ones take a value.
func (rt *Runtime) protect(L *lua.LState, t *lua.LTable, name string, computed map[string]func() lua.LValue, settable map[string]func(lua.LValue) error) {
	// The functions move behind the metatable, so that assigning to one is seen too.
	members := map[string]lua.LValue{}
	table.Each(t, func(k, v lua.LValue) { members[k.String()] = v })
	for k := range members {
		t.RawSetString(k, lua.LNil)
	}
	known := slices.Concat(slices.Collect(maps.Keys(members)), slices.Collect(maps.Keys(computed)))
	rt.vocabulary.add([]byte(strings.Join(known, " "))) // which errors suggest
	mt := L.NewTable()
	mt.RawSetString("__index", L.NewFunction(func(L *lua.LState) int {
		key := L.Get(2).String()
		if v, ok := members[key]; ok {
			L.Push(v)
		} else if get, ok := computed[key]; ok {
			L.Push(get())
		} else {
			rt.raisef(L, ErrArgument, "%s has no %q%s", name, key, nearest.Hint(key, known))
		}
		return 1
	}))
	mt.RawSetString("__newindex", L.NewFunction(func(L *lua.LState) int {
		key := L.Get(2).String()
		set, ok := settable[key]
		if !ok {
			rt.raisef(L, ErrArgument, "%s.%s cannot be set", name, key)
		}
		if err := set(L.Get(3)); err != nil {
			rt.raisef(L, ErrArgument, "%v", err)
		}
		return 0
	}))
	mt.RawSetString("__metatable", lua.LString(name))
	mt.RawSetString("protected", &lua.LUserData{Value: &protected{members, known}, Metatable: lua.LNil})
	t.Metatable = mt
}

// protected is what a protected table holds, for those that look at it from
// outside of Lua.
type protected struct {
	members map[string]lua.LValue
	known   []string // members and computed names
}

// protectedOf returns nil for tables that protect did not make.
func protectedOf(t *lua.LTable) *protected {
	if mt := table.Meta(t); mt != nil {
		if u, ok := table.Field(mt, "protected").(*lua.LUserData); ok {
			p, _ := u.Value.(*protected)
			return p
		}
	}
	return nil
}
