package store

import (
	"encoding/binary"
	"errors"
	"math"

	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/luaapi/luaconv"
	"github.com/simplex-lua/simplex-lua/luaapi/module"
)

// errDamaged is what decode says of bytes that encode did not write.
var errDamaged = errors.New("the stored value is damaged, or written by a later version")

// decode reads what encode wrote.
func decode(b []byte, step luaconv.Step) (lua.LValue, error) {
	d := decoder{b: b, step: step}
	v, err := d.value(0)
	if err == nil && len(d.b) > 0 {
		err = errDamaged
	}
	if errors.Is(err, errDamaged) {
		return nil, module.Errorf(module.ErrData, "%v", err)
	}
	return v, err
}

type decoder struct {
	b    []byte // what is left
	step luaconv.Step
}

func (d *decoder) value(depth int) (lua.LValue, error) {
	if err := d.step(); err != nil {
		return nil, err
	}
	if len(d.b) == 0 || depth > maxDepth {
		return nil, errDamaged
	}
	tag := d.b[0]
	d.b = d.b[1:]
	switch tag {
	case tagFalse, tagTrue:
		return lua.LBool(tag == tagTrue), nil
	case tagNull:
		return luaconv.Null, nil
	case tagNumber:
		if len(d.b) < 8 {
			return nil, errDamaged
		}
		bits := binary.BigEndian.Uint64(d.b)
		d.b = d.b[8:]
		return lua.LNumber(math.Float64frombits(bits)), nil
	case tagString:
		n, err := d.count()
		if err != nil {
			return nil, err
		}
		s := lua.LString(d.b[:n])
		d.b = d.b[n:]
		return s, nil
	case tagList:
		return d.list(depth)
	case tagTable:
		return d.table(depth)
	}
	return nil, errDamaged
}

// count reads a length or a count: never more than there are bytes left, as
// each value takes one at least.
func (d *decoder) count() (int, error) {
	n, size := binary.Uvarint(d.b)
	if size <= 0 || n > uint64(len(d.b)-size) {
		return 0, errDamaged
	}
	d.b = d.b[size:]
	return int(n), nil
}

// tables makes tables of a given size; CreateTable does not look at its receiver.
var tables lua.LState

func (d *decoder) list(depth int) (lua.LValue, error) {
	n, err := d.count()
	if err != nil {
		return nil, err
	}
	t := tables.CreateTable(n, 0)
	if n == 0 {
		return luaconv.Array(t), nil
	}
	for i := 1; i <= n; i++ {
		v, err := d.value(depth + 1)
		if err != nil {
			return nil, err
		}
		t.RawSetInt(i, v)
	}
	return t, nil
}

func (d *decoder) table(depth int) (lua.LValue, error) {
	n, err := d.count()
	if err != nil {
		return nil, err
	}
	t := tables.CreateTable(0, n/2) // more where keys are short; it grows
	for range n {
		k, err := d.value(maxDepth)
		if err != nil {
			return nil, err
		}
		switch key := k.(type) {
		case lua.LString, lua.LBool:
		case lua.LNumber:
			if math.IsNaN(float64(key)) {
				return nil, errDamaged
			}
		default:
			return nil, errDamaged
		}
		v, err := d.value(depth + 1)
		if err != nil {
			return nil, err
		}
		t.RawSet(k, v)
	}
	return t, nil
}
