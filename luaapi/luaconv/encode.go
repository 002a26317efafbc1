package luaconv

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"unicode/utf8"

	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/luaapi/table"
)

// maxInt64 is the bound of whole numbers that are written with all their digits:
// the core reads no exponents where it wants an integer.
const maxInt64 = 1 << 63

// PathError tells which part of a value cannot be written as JSON.
type PathError struct {
	// Path is as in Lua: "messages[2].text"; "" for the value itself.
	Path string
	// Reason is what is wrong there.
	Reason string
}

func (e *PathError) Error() string {
	if e.Path == "" {
		return e.Reason
	}
	return e.Path + ": " + e.Reason
}

// Encode writes v as compact JSON, object keys in sorted order. A table with
// the keys 1…n is an array, one with string keys an object, an empty one {}
// unless it is marked (see Array). The error is a *PathError: functions and
// threads, NaN and infinities, strings that are not UTF-8, tables that are
// half array half object or contain themselves, and a text of more than MaxText:
// tables that share others may stand for far more than the memory they take. A
// Step, where one is given, is asked at every value.
func Encode(v lua.LValue, step ...Step) ([]byte, error) {
	e := encoder{step: first(step)}
	if err := e.value(v); err != nil {
		return nil, err
	}
	return e.b, nil
}

// MaxText is how long a text Encode writes, in bytes.
const MaxText = 16 << 20

type encoder struct {
	step Step
	b    []byte
	path []byte
	open []*lua.LTable // the tables around the value being written
}

func (e *encoder) fail(format string, args ...any) error {
	return &PathError{Path: string(e.path), Reason: fmt.Sprintf(format, args...)}
}

func (e *encoder) value(v lua.LValue) error {
	if err := e.step(); err != nil {
		return err
	}
	if len(e.b) > MaxText {
		return e.fail("the text would be longer than %d MiB", MaxText>>20)
	}
	switch v := v.(type) {
	case *lua.LNilType:
		e.b = append(e.b, "null"...)
	case lua.LBool:
		e.b = strconv.AppendBool(e.b, bool(v))
	case lua.LNumber:
		return e.number(float64(v))
	case lua.LString:
		return e.string(string(v))
	case *lua.LTable:
		return e.table(v)
	default:
		if v == lua.LValue(Null) {
			e.b = append(e.b, "null"...)
			return nil
		}
		return e.fail("a %s cannot be written as JSON", v.Type())
	}
	return nil
}

func (e *encoder) number(n float64) error {
	switch {
	case math.IsNaN(n) || math.IsInf(n, 0):
		return e.fail("%v is no JSON number", n)
	case n == math.Trunc(n) && math.Abs(n) < maxInt64:
		e.b = strconv.AppendInt(e.b, int64(n), 10)
	default:
		e.b = strconv.AppendFloat(e.b, n, 'g', -1, 64)
	}
	return nil
}

func (e *encoder) string(s string) error {
	var bad int
	if e.b, bad = AppendString(e.b, s); bad >= 0 {
		return e.fail("the string is not UTF-8 at byte %d", bad)
	}
	return nil
}

func (e *encoder) table(t *lua.LTable) error {
	if slices.Contains(e.open, t) {
		return e.fail("the table contains itself")
	}
	if len(e.open) >= MaxDepth {
		return e.fail("tables nest more than %d deep", MaxDepth)
	}
	e.open = append(e.open, t)
	defer func() { e.open = e.open[:len(e.open)-1] }()

	keys, n, err := Keys(t)
	switch {
	case err != nil:
		return e.fail("%v", err)
	case n > 0 || len(keys) == 0 && IsArray(t):
		return e.array(t, n)
	}
	return e.object(t, keys)
}

// Keys returns the names in a table, sorted, or else the length of the list that
// it is. The error tells why it is neither.
func Keys(t *lua.LTable) (keys []string, n int, err error) {
	last := 0.0
	for k, v := table.Next(t, lua.LNil); k != lua.LNil; k, v = table.Next(t, k) {
		if v == lua.LNil {
			continue
		}
		switch k := k.(type) {
		case lua.LString:
			keys = append(keys, string(k))
		case lua.LNumber:
			if k < 1 || float64(k) != math.Trunc(float64(k)) {
				return nil, 0, fmt.Errorf("the key %v is neither a name nor an index", k)
			}
			n++
			last = max(last, float64(k))
		default:
			return nil, 0, fmt.Errorf("a %s as key is neither a name nor an index", k.Type())
		}
	}
	switch {
	case n > 0 && len(keys) > 0:
		return nil, 0, fmt.Errorf("the table is half list, half object: it has indexes and the key %q", slices.Min(keys))
	case float64(n) != last:
		return nil, 0, fmt.Errorf("the list has %d values, but its last index is %.0f", n, last)
	}
	slices.Sort(keys)
	return keys, n, nil
}

func (e *encoder) array(t *lua.LTable, n int) error {
	e.b = append(e.b, '[')
	at := len(e.path)
	for i := 1; i <= n; i++ {
		if i > 1 {
			e.b = append(e.b, ',')
		}
		e.path = append(strconv.AppendInt(append(e.path[:at], '['), int64(i), 10), ']')
		if err := e.value(table.At(t, i)); err != nil {
			return err
		}
	}
	e.path = e.path[:at]
	e.b = append(e.b, ']')
	return nil
}

func (e *encoder) object(t *lua.LTable, keys []string) error {
	e.b = append(e.b, '{')
	at := len(e.path)
	for i, k := range keys {
		if i > 0 {
			e.b = append(e.b, ',')
		}
		e.path = e.path[:at]
		if at > 0 {
			e.path = append(e.path, '.')
		}
		e.path = append(e.path, k...)
		if err := e.string(k); err != nil {
			return err
		}
		e.b = append(e.b, ':')
		if err := e.value(table.Field(t, k)); err != nil {
			return err
		}
	}
	e.path = e.path[:at]
	e.b = append(e.b, '}')
	return nil
}

const hexDigits = "0123456789abcdef"

// AppendString appends s as a JSON string to b. bad is the offset of the first
// byte that is not UTF-8, -1 where all are; then nothing is appended.
func AppendString(b []byte, s string) (out []byte, bad int) {
	from := len(b)
	b = append(b, '"')
	for i := 0; i < len(s); {
		c := s[i]
		switch {
		case c == '"' || c == '\\':
			b = append(b, '\\', c)
		case c == '\n':
			b = append(b, '\\', 'n')
		case c == '\r':
			b = append(b, '\\', 'r')
		case c == '\t':
			b = append(b, '\\', 't')
		case c < 0x20:
			b = append(b, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
		case c < utf8.RuneSelf:
			b = append(b, c)
		default:
			r, size := utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError && size == 1 {
				return b[:from], i
			}
			b = append(b, s[i:i+size]...)
			i += size
			continue
		}
		i++
	}
	return append(b, '"'), -1
}
