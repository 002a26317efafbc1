package luaapi

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/internal/chat/api"
	"github.com/simplex-lua/simplex-lua/luaapi/luaconv"
	"github.com/simplex-lua/simplex-lua/luaapi/table"
)

// argValue reads an argument of a method. Where a chat or an item is asked for,
// a message is one.
func (rt *Runtime) argValue(L *lua.LState, a api.Arg, v lua.LValue) (any, error) {
	if ud, ok := v.(*lua.LUserData); ok {
		if m, ok := ud.Value.(*message); ok {
			rt.loadSent(L, m)
			switch a.Type {
			case "Chat":
				return m.item.Chat.String(), nil
			case "AChatItem":
				return decodeGo(m.item.Raw)
			}
		}
	}
	return toGo(v, a.Name)
}

// decodeGo reads JSON into the values that the encoder takes.
func decodeGo(raw []byte) (v any, err error) {
	dec := json.NewDecoder(strings.NewReader(string(raw)))
	dec.UseNumber()
	err = dec.Decode(&v)
	return v, err
}

// toGo turns a Lua value into what the encoder of commands takes: an empty
// table stays undecided (api.Empty), whole numbers are integers. The error
// names the path, which begins with name: "messages[2].msgContent: …".
func toGo(v lua.LValue, name string) (any, error) {
	c := converter{path: []byte(name)}
	return c.value(v)
}

// maxValues bounds the parameters of a command: tables that share others may
// stand for far more values than the memory they take.
const maxValues = 1 << 18

type converter struct {
	path []byte
	n    int           // values so far
	open []*lua.LTable // the tables around the value
}

func (c *converter) fail(format string, args ...any) error {
	reason := fmt.Sprintf(format, args...)
	if len(c.path) == 0 {
		return fmt.Errorf("params: %s", reason)
	}
	return fmt.Errorf("%s: %s", c.path, reason)
}

func (c *converter) value(v lua.LValue) (any, error) {
	if c.n++; c.n > maxValues {
		return nil, c.fail("more than %d values", maxValues)
	}
	switch v := v.(type) {
	case *lua.LNilType:
		return nil, nil
	case lua.LBool:
		return bool(v), nil
	case lua.LString:
		return string(v), nil
	case lua.LNumber:
		n := float64(v)
		switch {
		case math.IsNaN(n) || math.IsInf(n, 0):
			return nil, c.fail("%v is no number that JSON has", n)
		case n == math.Trunc(n) && math.Abs(n) <= 1<<53:
			return int64(n), nil
		}
		return n, nil
	case *lua.LTable:
		return c.table(v)
	}
	if v == lua.LValue(luaconv.Null) {
		return nil, nil
	}
	return nil, c.fail("a %s cannot be sent", v.Type())
}

func (c *converter) table(t *lua.LTable) (any, error) {
	if slices.Contains(c.open, t) {
		return nil, c.fail("the table contains itself")
	}
	if len(c.open) >= luaconv.MaxDepth {
		return nil, c.fail("tables nest more than %d deep", luaconv.MaxDepth)
	}
	c.open = append(c.open, t)
	defer func() { c.open = c.open[:len(c.open)-1] }()

	keys, n, err := luaconv.Keys(t)
	switch {
	case err != nil:
		return nil, c.fail("%v", err)
	case n > 0:
		return c.list(t, n)
	case len(keys) == 0:
		return emptyValue(t), nil
	}
	return c.object(t, keys)
}

// emptyValue is undecided unless the table is marked as an array.
func emptyValue(t *lua.LTable) any {
	if b, err := luaconv.Encode(t); err == nil && string(b) == "[]" {
		return []any{}
	}
	return api.Empty{}
}

func (c *converter) list(t *lua.LTable, n int) (any, error) {
	out := make([]any, n)
	at := len(c.path)
	for i := range n {
		c.path = fmt.Appendf(c.path[:at], "[%d]", i+1)
		v, err := c.value(table.At(t, i+1))
		if err != nil {
			return nil, err
		}
		out[i] = v
	}
	c.path = c.path[:at]
	return out, nil
}

func (c *converter) object(t *lua.LTable, keys []string) (any, error) {
	out := make(map[string]any, len(keys))
	at := len(c.path)
	for _, k := range keys {
		c.path = c.path[:at]
		if at > 0 {
			c.path = append(c.path, '.')
		}
		c.path = append(c.path, k...)
		v, err := c.value(table.Field(t, k))
		if err != nil {
			return nil, err
		}
		out[k] = v
	}
	c.path = c.path[:at]
	return out, nil
}
