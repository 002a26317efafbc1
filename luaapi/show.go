package luaapi

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/luaapi/table"
)

// What show writes of one value at most.
const (
	shownDepth   = 4
	shownEntries = 100
	shownText    = 2000 // bytes of a string
	shownBytes   = 64 << 10
)

// showAll writes all values on L's stack as people read them. It may run
// __tostring, so it belongs into a call.
func (rt *Runtime) showAll(L *lua.LState) string {
	n := L.GetTop()
	parts := make([]string, n)
	for i := range parts {
		p := printer{rt: rt, L: L}
		p.show(L.Get(i+1), 0)
		parts[i] = p.out.String()
	}
	return strings.Join(parts, "\t")
}

// printer writes one value.
type printer struct {
	rt  *Runtime
	L   *lua.LState
	out strings.Builder
}

func (p *printer) show(v lua.LValue, depth int) {
	switch v := v.(type) {
	case lua.LString:
		s := string(v)
		if len(s) > shownText {
			s = strings.ToValidUTF8(s[:shownText], "") + "…"
		}
		p.out.WriteString(strconv.Quote(s))
	case *lua.LTable:
		p.table(v, depth)
	default:
		p.out.WriteString(p.rt.text(p.L, v))
	}
}

func (p *printer) table(t *lua.LTable, depth int) {
	mt := table.Meta(t)
	switch {
	case protectedOf(t) != nil:
		p.out.WriteString(lua.LVAsString(table.Field(mt, "__metatable")))
		return
	case mt != nil && table.Field(mt, "__tostring") != lua.LNil:
		p.out.WriteString(p.rt.text(p.L, t))
		return
	case depth == shownDepth || p.out.Len() > shownBytes:
		p.out.WriteString("{…}")
		return
	}
	p.out.WriteByte('{')
	first := true
	for _, k := range sortedKeys(t) {
		if !first {
			p.out.WriteString(", ")
		}
		first = false
		if k == nil {
			p.out.WriteString("…")
			break
		}
		switch k := k.(type) {
		case lua.LNumber:
			if k < 1 || float64(k) > float64(table.Len(t)) {
				p.out.WriteString("[" + k.String() + "] = ")
			}
		case lua.LString:
			if isName(string(k)) {
				p.out.WriteString(string(k) + " = ")
			} else {
				p.out.WriteString("[" + strconv.Quote(string(k)) + "] = ")
			}
		default:
			p.out.WriteString("[" + k.Type().String() + "] = ")
		}
		p.show(table.Get(t, k), depth+1)
	}
	p.out.WriteByte('}')
}

// sortedKeys returns a table's keys, numbers first; nil after the last one tells
// that there are more.
func sortedKeys(t *lua.LTable) []lua.LValue {
	var keys []lua.LValue
	more := false
	for k, _ := table.Next(t, lua.LNil); k != lua.LNil; k, _ = table.Next(t, k) {
		if more = len(keys) == shownEntries; more {
			break
		}
		keys = append(keys, k)
	}
	rank := func(k lua.LValue) int {
		switch k.(type) {
		case lua.LNumber:
			return 0
		case lua.LString:
			return 1
		}
		return 2
	}
	slices.SortStableFunc(keys, func(a, b lua.LValue) int {
		if c := cmp.Compare(rank(a), rank(b)); c != 0 || rank(a) == 2 {
			return c
		}
		if n, ok := a.(lua.LNumber); ok {
			return cmp.Compare(n, b.(lua.LNumber))
		}
		return cmp.Compare(a.String(), b.String())
	})
	if more {
		keys = append(keys, nil)
	}
	return keys
}
