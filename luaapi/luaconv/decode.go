package luaconv

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	lua "github.com/yuin/gopher-lua"
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
	t.Metatable = emptyArray
	return t
}

// Decode turns one JSON text into a Lua value. With nulls, JSON's null becomes
// Null; without, as for chat data, a field that is null is absent. The error
// names the byte offset.
func Decode(data []byte, nulls bool) (lua.LValue, error) {
	d := decoder{Decoder: json.NewDecoder(bytes.NewReader(data)), nulls: nulls}
	d.UseNumber()
	v, err := d.value(0)
	if err != nil {
		return nil, d.at(err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("at byte %d: text after the end of the value", d.InputOffset())
	}
	return v, nil
}

type decoder struct {
	*json.Decoder
	nulls bool
}

func (d *decoder) at(err error) error {
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return fmt.Errorf("at byte %d: %w", d.InputOffset(), err)
}

func (d *decoder) value(depth int) (lua.LValue, error) {
	tok, err := d.Token()
	if err != nil {
		return nil, err
	}
	if depth >= MaxDepth {
		return nil, fmt.Errorf("more than %d levels deep", MaxDepth)
	}
	switch t := tok.(type) {
	case nil:
		if d.nulls {
			return Null, nil
		}
		return lua.LNil, nil
	case bool:
		return lua.LBool(t), nil
	case string:
		return lua.LString(t), nil
	case json.Number:
		n, err := t.Float64()
		if err != nil {
			return nil, fmt.Errorf("number %s is out of range", t)
		}
		return lua.LNumber(n), nil
	case json.Delim:
		if t == '[' {
			return d.array(depth)
		}
		return d.object(depth)
	}
	return nil, fmt.Errorf("unexpected %v", tok)
}

func (d *decoder) array(depth int) (lua.LValue, error) {
	t := newTable()
	for i := 1; d.More(); i++ {
		v, err := d.value(depth + 1)
		if err != nil {
			return nil, err
		}
		t.RawSetInt(i, v)
	}
	if _, err := d.Token(); err != nil {
		return nil, err
	}
	if t.Len() == 0 {
		Array(t)
	}
	return t, nil
}

func (d *decoder) object(depth int) (lua.LValue, error) {
	t := newTable()
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return nil, err
		}
		v, err := d.value(depth + 1)
		if err != nil {
			return nil, err
		}
		t.RawSetString(key.(string), v)
	}
	_, err := d.Token()
	return t, err
}

// newTable makes a table without a state: tables need none, and so decoding
// needs no lock.
func newTable() *lua.LTable { return &lua.LTable{Metatable: lua.LNil} }
