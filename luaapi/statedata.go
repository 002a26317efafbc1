package luaapi

import (
	"cmp"
	"encoding/json"
	"errors"
	"regexp"
	"slices"

	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/luaapi/luaconv"
	"github.com/simplex-lua/simplex-lua/luaapi/table"
)

// pairsKey is the only key of an object that stands for a table for which JSON
// has no form: its value is the list of the table's keys and values in turn.
const pairsKey = "\x00pairs"

// inPairs is such a list in the path of an error.
var inPairs = regexp.MustCompile(`\.?` + pairsKey + `(\[\d+\])?`)

// encodeData writes plain data as JSON for another Lua state. Keys of tables may
// be any numbers, texts and booleans, as in { [contact_id] = … }, unlike those of
// luaconv.Encode. The error is a *luaconv.PathError.
func encodeData(v lua.LValue) (json.RawMessage, error) {
	b, err := luaconv.Encode(packer{}.value(v, 0))
	if at := (*luaconv.PathError)(nil); errors.As(err, &at) {
		at.Path = inPairs.ReplaceAllString(at.Path, "[…]")
	}
	return b, err
}

// decodeData reads what encodeData wrote; nil where it was nil.
func decodeData(data json.RawMessage) (lua.LValue, error) {
	v, err := luaconv.Decode(data, true)
	if err != nil || v == lua.LValue(luaconv.Null) {
		return lua.LNil, err
	}
	return unpack(v), nil
}

// packer finds what stands for a table in JSON. It knows the tables that it has
// seen, so that those that share others take no longer than they are.
type packer map[*lua.LTable]*lua.LTable

// value returns v, or what stands for it. What cannot be written at all is left
// to luaconv.Encode, which says why.
func (p packer) value(v lua.LValue, depth int) lua.LValue {
	t, ok := v.(*lua.LTable)
	if !ok || depth > luaconv.MaxDepth {
		return v
	}
	if stands, ok := p[t]; ok {
		return stands
	}
	p[t] = t
	fields, changed := p.fields(t, depth)
	switch names, _, err := luaconv.Keys(t); {
	case err != nil && !slices.ContainsFunc(fields, isNoKey), len(names) == 1 && names[0] == pairsKey:
		p[t] = pairsOf(fields)
	case changed:
		p[t] = newTable()
		for _, f := range fields {
			p[t].RawSet(f.key, f.value)
		}
	}
	return p[t]
}

// dataField is a key of a table with what stands for its value.
type dataField struct{ key, value lua.LValue }

// fields returns what is in a table, and whether something else stands for any of
// its values.
func (p packer) fields(t *lua.LTable, depth int) (fields []dataField, changed bool) {
	for k, v := table.Next(t, lua.LNil); k != lua.LNil; k, v = table.Next(t, k) {
		if v == lua.LNil {
			continue
		}
		packed := p.value(v, depth+1)
		fields = append(fields, dataField{k, packed})
		changed = changed || packed != v
	}
	return fields, changed
}

func isNoKey(f dataField) bool {
	switch f.key.(type) {
	case lua.LNumber, lua.LString, lua.LBool:
		return false
	}
	return true
}

// pairsOf returns the fields as the object with the key pairsKey, in a fixed
// order: equal data has equal texts.
func pairsOf(fields []dataField) *lua.LTable {
	slices.SortFunc(fields, func(a, b dataField) int {
		x, isX := a.key.(lua.LNumber)
		y, isY := b.key.(lua.LNumber)
		if isX && isY {
			return cmp.Compare(x, y)
		}
		return cmp.Or(cmp.Compare(a.key.Type(), b.key.Type()), cmp.Compare(a.key.String(), b.key.String()))
	})
	list, object := newTable(), newTable()
	for _, f := range fields {
		list.Append(f.key)
		list.Append(f.value)
	}
	object.RawSetString(pairsKey, list)
	return object
}

// unpack puts the tables back that stood as pairs, at any depth. v is changed.
func unpack(v lua.LValue) lua.LValue {
	t, ok := v.(*lua.LTable)
	if !ok {
		return v
	}
	for k, v := table.Next(t, lua.LNil); k != lua.LNil; k, v = table.Next(t, k) {
		if inner := unpack(v); inner != v {
			t.RawSet(k, inner)
		}
	}
	first, inside := table.Next(t, lua.LNil)
	list, ok := inside.(*lua.LTable)
	if next, _ := table.Next(t, first); !ok || first != lua.LValue(lua.LString(pairsKey)) || next != lua.LNil {
		return t
	}
	whole := newTable()
	for i := 1; i < table.Len(list); i += 2 {
		whole.RawSet(table.At(list, i), table.At(list, i+1))
	}
	return whole
}
