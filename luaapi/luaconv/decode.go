package luaconv

import (
	"fmt"
	"math"

	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/internal/jsonscan"
	"github.com/simplex-lua/simplex-lua/luaapi/table"
)

// MaxDepth is how deeply arrays and objects may nest in either direction.
const MaxDepth = 200

// null stands for JSON's null. Its type in Lua is userdata.
type null struct{}

// Null is the value of json.null; one for all states, for it holds nothing.
var Null = &lua.LUserData{Value: null{}, Metatable: lua.LNil}

// emptyArray marks tables decoded from [] (and those of json.array), so that
// Encode writes them as [] again.
var emptyArray = func() *lua.LTable {
	mt := newTable()
	// One table for all states must not be changed by a script.
	mt.RawSetString("__metatable", lua.LFalse)
	return mt
}()

// Array marks t as an array also while it is empty, and returns it.
func Array(t *lua.LTable) *lua.LTable {
	table.Fill(t)
	t.Metatable = emptyArray
	return t
}

// IsArray tells whether t is marked by Array.
func IsArray(t *lua.LTable) bool { return table.Meta(t) == emptyArray }

// Decode turns one JSON text into a Lua value. With nulls, JSON's null becomes
// Null; without, as for chat data, a field that is null is absent, and a number out
// of range, with which strangers could make a message unreadable, is the largest
// or the least that there is. Bytes that are not UTF-8 become U+FFFD. The error names the byte offset. A Step, where one is
// given, is asked at every value.
func Decode(data []byte, nulls bool, step ...Step) (lua.LValue, error) {
	d := decoder{Cursor: jsonscan.New(data), nulls: nulls, step: first(step)}
	v := d.value(0)
	if d.err != nil {
		return nil, d.err
	}
	if err := d.End(); err != nil {
		return nil, err
	}
	return v, nil
}

// Step is asked at every value whether to go on; an error ends the work with it.
// Whoever bounds the time of scripts gives one.
type Step func() error

func first(step []Step) Step {
	if len(step) > 0 {
		return step[0]
	}
	return func() error { return nil }
}

type decoder struct {
	*jsonscan.Cursor
	step  Step
	nulls bool
	err   error // of what is JSON, but cannot be a Lua value
	// fields are those of the objects and arrays that are not finished yet.
	fields []field
	// inner reads the objects and arrays in the outermost one, nil for value.
	inner func() lua.LValue
}

type field struct {
	name  string
	value lua.LValue
}

func (d *decoder) fail(reason string) lua.LValue {
	if d.err == nil {
		d.err = &jsonscan.Error{Offset: d.Pos(), Reason: reason}
	}
	d.Skip()
	return lua.LNil
}

func (d *decoder) value(depth int) lua.LValue {
	if d.err != nil {
		d.Stop()
		return lua.LNil
	}
	if err := d.step(); err != nil {
		d.err = err
		d.Stop()
		return lua.LNil
	}
	switch kind := d.Kind(); {
	case depth >= MaxDepth && kind != jsonscan.None:
		return d.fail(fmt.Sprintf("more than %d levels deep", MaxDepth))
	case kind == jsonscan.Bool:
		return lua.LBool(d.Bool())
	case kind == jsonscan.String:
		return lua.LString(d.String())
	case kind == jsonscan.Number:
		return d.number()
	case (kind == jsonscan.Array || kind == jsonscan.Object) && d.inner != nil && depth > 0:
		return d.inner()
	case kind == jsonscan.Array:
		return d.array(depth)
	case kind == jsonscan.Object:
		return d.object(depth)
	case kind == jsonscan.Null && d.nulls:
		d.Skip()
		return Null
	}
	d.Skip() // null, or no value, which End tells about
	return lua.LNil
}

func (d *decoder) number() lua.LValue {
	at := d.Pos()
	n, ok := d.Float()
	switch {
	case ok:
	case !d.nulls:
		n = max(min(n, math.MaxFloat64), -math.MaxFloat64)
	case d.err == nil:
		d.err = &jsonscan.Error{Offset: at, Reason: "a number out of range"}
	}
	return lua.LNumber(n)
}

// object collects the fields first, so that the table gets the size it needs.
func (d *decoder) object(depth int) lua.LValue {
	from := len(d.fields)
	d.Object(func(key []byte) {
		k := string(key)
		v := d.value(depth + 1)
		d.fields = append(d.fields, field{k, v})
	})
	t := tables.CreateTable(0, len(d.fields)-from)
	for _, f := range d.fields[from:] {
		t.RawSetString(f.name, f.value)
	}
	d.fields = d.fields[:from]
	return t
}

func (d *decoder) array(depth int) lua.LValue {
	from := len(d.fields)
	d.Array(func() { d.fields = append(d.fields, field{"", d.value(depth + 1)}) })
	t := tables.CreateTable(len(d.fields)-from, 0)
	for i, f := range d.fields[from:] {
		t.RawSetInt(i+1, f.value)
	}
	if len(d.fields) == from {
		Array(t)
	}
	d.fields = d.fields[:from]
	return t
}

// tables makes tables of a given size. Tables need no state, and so decoding
// needs no lock; CreateTable does not look at its receiver.
var tables lua.LState

func newTable() *lua.LTable { return tables.CreateTable(0, 0) }
