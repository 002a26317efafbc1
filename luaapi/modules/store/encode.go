package store

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"

	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/luaapi/luaconv"
	"github.com/simplex-lua/simplex-lua/luaapi/table"
)

// The first byte of a value tells its kind. Lengths and counts are uvarints.
const (
	tagFalse  = 'f'
	tagTrue   = 't'
	tagNumber = 'n' // 8 bytes, IEEE 754, big endian
	tagString = 's' // length, bytes
	tagList   = 'l' // count, values
	tagTable  = 'm' // count, then key and value in turn
	tagNull   = '0' // json.null
)

const (
	// maxValue is how long a value may be when it is written down, in bytes.
	maxValue = 16 << 20
	// maxDepth is how deeply tables may nest.
	maxDepth = luaconv.MaxDepth
)

// encode writes v down. The error is one of the argument and names the part of
// v that is no plain data.
func encode(v lua.LValue, step luaconv.Step) ([]byte, error) {
	e := encoder{step: step}
	if err := e.value(v); err != nil {
		return nil, err
	}
	return e.b, nil
}

type encoder struct {
	step luaconv.Step
	b    []byte
	path []byte
	open []*lua.LTable // the tables around the value being written
}

func (e *encoder) fail(format string, args ...any) error {
	return &luaconv.PathError{Path: string(e.path), Reason: fmt.Sprintf(format, args...)}
}

func (e *encoder) value(v lua.LValue) error {
	if err := e.step(); err != nil {
		return err
	}
	switch v := v.(type) {
	case lua.LBool:
		tag := byte(tagFalse)
		if v {
			tag = tagTrue
		}
		e.b = append(e.b, tag)
	case lua.LNumber:
		e.b = binary.BigEndian.AppendUint64(append(e.b, tagNumber), math.Float64bits(float64(v)))
	case lua.LString:
		e.b = binary.AppendUvarint(append(e.b, tagString), uint64(len(v)))
		e.b = append(e.b, v...)
	case *lua.LTable:
		return e.table(v)
	default:
		if v != lua.LValue(luaconv.Null) {
			return e.fail("a %s cannot be stored", v.Type())
		}
		e.b = append(e.b, tagNull)
	}
	if len(e.b) > maxValue {
		return e.fail("the value is larger than %d MiB", maxValue>>20)
	}
	return nil
}

func (e *encoder) table(t *lua.LTable) error {
	switch {
	case slices.Contains(e.open, t):
		return e.fail("the table contains itself")
	case len(e.open) >= maxDepth:
		return e.fail("tables nest more than %d deep", maxDepth)
	case table.Meta(t) != nil && !luaconv.IsArray(t):
		return e.fail("a table with a metatable cannot be stored; copy its fields into a plain one")
	}
	e.open = append(e.open, t)
	defer func() { e.open = e.open[:len(e.open)-1] }()
	at := len(e.path)
	defer func() { e.path = e.path[:at] }()

	count, list := extent(t)
	if list {
		e.b = binary.AppendUvarint(append(e.b, tagList), uint64(count))
		for i := 1; i <= count; i++ {
			e.path = fmt.Appendf(e.path[:at], "[%d]", i)
			if err := e.value(table.At(t, i)); err != nil {
				return err
			}
		}
		return nil
	}
	e.b = binary.AppendUvarint(append(e.b, tagTable), uint64(count))
	for k, v := table.Next(t, lua.LNil); k != lua.LNil; k, v = table.Next(t, k) {
		if v == lua.LNil {
			continue
		}
		e.path = fmt.Appendf(e.path[:at], "[%s]", k.String())
		switch k := k.(type) {
		case lua.LString:
			e.path = append(e.path[:at], k...)
			if at > 0 {
				e.path = append(append(e.path[:at], '.'), k...)
			}
		case lua.LNumber, lua.LBool:
		default:
			return e.fail("a %s as key cannot be stored", k.Type())
		}
		if err := e.value(k); err != nil {
			return err
		}
		if err := e.value(v); err != nil {
			return err
		}
	}
	return nil
}

// extent counts the entries of a table, and tells whether their keys are 1…n.
func extent(t *lua.LTable) (count int, list bool) {
	last, whole := 0.0, true
	for k, v := table.Next(t, lua.LNil); k != lua.LNil; k, v = table.Next(t, k) {
		if v == lua.LNil {
			continue
		}
		count++
		n, ok := k.(lua.LNumber)
		whole = whole && ok && n >= 1 && float64(n) == math.Trunc(float64(n))
		last = max(last, float64(n))
	}
	if count == 0 {
		return 0, luaconv.IsArray(t)
	}
	return count, whole && float64(count) == last
}
