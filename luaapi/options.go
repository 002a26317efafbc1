package luaapi

import (
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"strings"
	"time"

	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/internal/nearest"
	"github.com/simplex-lua/simplex-lua/luaapi/luaconv"
	"github.com/simplex-lua/simplex-lua/luaapi/module"
	"github.com/simplex-lua/simplex-lua/luaapi/table"
)

// luaDecoder is implemented by option types that read their value themselves.
type luaDecoder interface {
	decodeLua(v lua.LValue) error
}

// decodeOptions fills the struct that dst points to from an options table.
// Fields are named by their `lua` tag; what the table leaves out keeps its
// value. An unknown key, a wrong type or a number that does not fit is an
// argument error that names the path ("profile.display_name") and, for
// unknown keys, the nearest known one.
func decodeOptions(path string, v lua.LValue, dst any) error {
	return decodeValue(path, v, reflect.ValueOf(dst).Elem())
}

func optionError(path, format string, args ...any) error {
	return &Error{Type: ErrArgument, Message: path + ": " + fmt.Sprintf(format, args...)}
}

func wantError(path, want string, v lua.LValue) error {
	return optionError(path, "want %s, got %s", want, describe(v))
}

// describe names a value in an error without quoting long texts.
func describe(v lua.LValue) string { return module.Describe(v) }

var (
	durationType = reflect.TypeFor[time.Duration]()
	contentType  = reflect.TypeFor[json.RawMessage]()
	functionType = reflect.TypeFor[*lua.LFunction]()
	tableType    = reflect.TypeFor[*lua.LTable]()
)

func decodeValue(path string, v lua.LValue, dst reflect.Value) error {
	if d, ok := dst.Addr().Interface().(luaDecoder); ok {
		if err := d.decodeLua(v); err != nil {
			return optionError(path, "%v", err)
		}
		return nil
	}
	if dst.Type() == durationType {
		d, err := decodeDuration(v)
		if err != nil {
			return optionError(path, "%v", err)
		}
		dst.SetInt(int64(d))
		return nil
	}
	if dst.Type() == functionType || dst.Type() == tableType {
		if reflect.TypeOf(v) != dst.Type() {
			return wantError(path, "a "+map[reflect.Type]string{functionType: "function", tableType: "table"}[dst.Type()], v)
		}
		dst.Set(reflect.ValueOf(v))
		return nil
	}
	if dst.Type() == contentType {
		c, err := messageContent(v)
		if err != nil {
			return optionError(path, "%v", err)
		}
		dst.SetBytes(c)
		return nil
	}
	switch dst.Kind() {
	case reflect.String:
		s, ok := v.(lua.LString)
		if !ok {
			return wantError(path, "a string", v)
		}
		dst.SetString(string(s))
	case reflect.Bool:
		b, ok := v.(lua.LBool)
		if !ok {
			return wantError(path, "true or false", v)
		}
		dst.SetBool(bool(b))
	case reflect.Int, reflect.Int64:
		n, ok := v.(lua.LNumber)
		if !ok || float64(n) != math.Trunc(float64(n)) || math.Abs(float64(n)) > 1<<53 {
			return wantError(path, "a whole number", v)
		}
		dst.SetInt(int64(n))
	case reflect.Float64:
		n, ok := v.(lua.LNumber)
		if !ok || math.IsNaN(float64(n)) || math.IsInf(float64(n), 0) {
			return wantError(path, "a number", v)
		}
		dst.SetFloat(float64(n))
	case reflect.Interface:
		dst.Set(reflect.ValueOf(v))
	case reflect.Map:
		return decodeMap(path, v, dst)
	case reflect.Pointer:
		p := reflect.New(dst.Type().Elem())
		if err := decodeValue(path, v, p.Elem()); err != nil {
			return err
		}
		dst.Set(p)
	case reflect.Slice:
		return decodeSlice(path, v, dst)
	case reflect.Struct:
		return decodeStruct(path, v, dst)
	default:
		panic("luaapi: option " + path + " has a field of kind " + dst.Kind().String())
	}
	return nil
}

func decodeSlice(path string, v lua.LValue, dst reflect.Value) error {
	t, ok := v.(*lua.LTable)
	if !ok {
		return wantError(path, "a list", v)
	}
	n := table.Len(t)
	for k, _ := table.Next(t, lua.LNil); k != lua.LNil; k, _ = table.Next(t, k) {
		if i, ok := k.(lua.LNumber); !ok || i < 1 || float64(i) > float64(n) {
			return optionError(path, "want a list, but it has the key %s", k.String())
		}
	}
	list := reflect.MakeSlice(dst.Type(), n, n)
	for i := range n {
		if err := decodeValue(fmt.Sprintf("%s[%d]", path, i+1), table.At(t, i+1), list.Index(i)); err != nil {
			return err
		}
	}
	dst.Set(list)
	return nil
}

// decodeMap fills a map from strings.
func decodeMap(path string, v lua.LValue, dst reflect.Value) error {
	t, ok := v.(*lua.LTable)
	if !ok {
		return wantError(path, "a table", v)
	}
	m := reflect.MakeMap(dst.Type())
	for k, v := table.Next(t, lua.LNil); k != lua.LNil; k, v = table.Next(t, k) {
		key, ok := k.(lua.LString)
		if !ok {
			return optionError(path, "want names as keys, got %s", describe(k))
		}
		e := reflect.New(dst.Type().Elem()).Elem()
		if err := decodeValue(path+"."+string(key), v, e); err != nil {
			return err
		}
		m.SetMapIndex(reflect.ValueOf(string(key)), e)
	}
	dst.Set(m)
	return nil
}

func decodeStruct(path string, v lua.LValue, dst reflect.Value) error {
	t, ok := v.(*lua.LTable)
	if !ok {
		return wantError(path, "a table", v)
	}
	fields, names := optionFields(dst.Type())
	for k, v := table.Next(t, lua.LNil); k != lua.LNil; k, v = table.Next(t, k) {
		key, ok := k.(lua.LString)
		if !ok {
			return optionError(path, "the key %s is no option", k.String())
		}
		i, ok := fields[string(key)]
		if !ok {
			return optionError(path, "unknown option %q%s", string(key), nearest.Hint(string(key), names))
		}
		if err := decodeValue(path+"."+string(key), v, dst.Field(i)); err != nil {
			return err
		}
	}
	return nil
}

func optionFields(t reflect.Type) (byName map[string]int, names []string) {
	byName = map[string]int{}
	for i := range t.NumField() {
		if name := t.Field(i).Tag.Get("lua"); name != "" {
			byName[name] = i
			names = append(names, name)
		}
	}
	return byName, names
}

// maxDuration keeps sums of durations far from overflow.
const maxDuration = 10 * 365 * 24 * time.Hour

// decodeDuration reads seconds (5, 0.25) or a text as "250ms", "5m", "1h30m", "2d".
func decodeDuration(v lua.LValue) (time.Duration, error) {
	switch v := v.(type) {
	case lua.LNumber:
		s := float64(v)
		if math.IsNaN(s) || s < 0 || s > maxDuration.Seconds() {
			return 0, fmt.Errorf("want seconds from 0 to %.0f, got %v", maxDuration.Seconds(), s)
		}
		return time.Duration(s * float64(time.Second)), nil
	case lua.LString:
		text := string(v)
		if days, ok := strings.CutSuffix(text, "d"); ok {
			var n int
			if _, err := fmt.Sscanf(days+" ", "%d ", &n); err == nil && fmt.Sprint(n) == days && n >= 0 && n <= 3650 {
				return time.Duration(n) * 24 * time.Hour, nil
			}
		}
		if d, err := time.ParseDuration(text); err == nil && d >= 0 && d <= maxDuration {
			return d, nil
		}
		return 0, fmt.Errorf("want a duration as 2.5 (seconds), \"250ms\", \"5m\" or \"2d\", got %q", text)
	}
	return 0, fmt.Errorf("want a duration (seconds or \"5m\"), got %s", describe(v))
}

// messageContent encodes what a script gives as a message: a text, a number,
// or a MsgContent table with type and text.
func messageContent(v lua.LValue) ([]byte, error) {
	switch v := v.(type) {
	case lua.LString, lua.LNumber:
		if i := strings.IndexByte(v.String(), 0); i >= 0 {
			return nil, fmt.Errorf("the text has a NUL at byte %d", i)
		}
		b, bad := luaconv.AppendString([]byte(`{"type":"text","text":`), v.String())
		if bad >= 0 {
			return nil, fmt.Errorf("the text is not UTF-8 at byte %d", bad)
		}
		return append(b, '}'), nil
	case *lua.LTable:
		if _, ok := table.Field(v, "type").(lua.LString); !ok {
			return nil, fmt.Errorf("a message content needs a type, as { type = \"text\", text = \"…\" }")
		}
		return luaconv.Encode(v)
	}
	return nil, fmt.Errorf("want a text or a message content, got %s", describe(v))
}

// Brief writes a duration as scripts do, without what is zero: 5m, not 5m0s.
func Brief(d time.Duration) string {
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}
