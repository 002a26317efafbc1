package sql

import (
	"context"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/luaapi/luaconv"
	"github.com/simplex-lua/simplex-lua/luaapi/module"
	"github.com/simplex-lua/simplex-lua/luaapi/table"
)

// target is what a statement runs on: a database or a transaction.
type target struct {
	handle *handle
	run    func(handler context.Context, q query) (*result, error)
	what   string // in errors
}

// query is db:query(text, …) → a list of rows.
func (m *databases) query(L *lua.LState, t target) int {
	r := m.run(L, t, false)
	list := L.CreateTable(len(r.rows), 0)
	for i, row := range r.rows {
		list.RawSetInt(i+1, m.row(L, r, row))
	}
	L.Push(list)
	return 1
}

// one is db:one(text, …) → the first row, nil where there is none.
func (m *databases) one(L *lua.LState, t target) int {
	r := m.run(L, t, true)
	if len(r.rows) == 0 {
		L.Push(lua.LNil)
		return 1
	}
	L.Push(m.row(L, r, r.rows[0]))
	return 1
}

// exec is db:exec(text, …) → { rows_affected =, last_insert_id = }.
func (m *databases) exec(L *lua.LState, t target) int {
	r := m.run(L, t, false)
	done := L.CreateTable(0, 2)
	done.RawSetString("rows_affected", lua.LNumber(r.changed))
	if r.hasID {
		done.RawSetString("last_insert_id", value(integer(r.lastID)))
	}
	L.Push(done)
	return 1
}

// run reads the arguments of a method and runs the statement.
func (m *databases) run(L *lua.LState, t target, first bool) *result {
	q := query{text: module.String(m.vm, L, 2, t.what+": the text"), limit: t.handle.limit, first: first}
	if i := strings.IndexByte(q.text, 0); i >= 0 {
		module.Argument(m.vm, L, "%s: the text has a NUL at byte %d", t.what, i)
	}
	if len(q.text) > maxText {
		module.Argument(m.vm, L, "%s: the text has more than %d MiB", t.what, maxText>>20)
	}
	q.args = m.parameters(L, t.what)
	var r *result
	m.wait(L, t.what, func(handler context.Context) (err error) {
		r, err = t.run(handler, q)
		return err
	})
	return r
}

// parameters reads the values behind the text, or the list of them.
func (m *databases) parameters(L *lua.LState, what string) []any {
	given := make([]lua.LValue, 0, L.GetTop())
	for i := 3; i <= L.GetTop(); i++ {
		given = append(given, L.Get(i))
	}
	if list, ok := L.Get(3).(*lua.LTable); ok && len(given) == 1 {
		given = given[:0]
		table.Each(list, func(k, _ lua.LValue) {
			if n, ok := k.(lua.LNumber); !ok || n < 1 || int(n) > table.Len(list) {
				module.Argument(m.vm, L, "%s: the parameters must be a list, but it has the key %s; write sql.null for nil", what, k)
			}
		})
		for i := 1; i <= table.Len(list); i++ {
			given = append(given, table.At(list, i))
		}
	}
	args := make([]any, len(given))
	for i, v := range given {
		switch v := v.(type) {
		case *lua.LNilType:
		case lua.LBool:
			args[i] = bool(v)
		case lua.LNumber:
			args[i] = float64(v)
		case lua.LString:
			args[i] = string(v)
		default:
			if v != lua.LValue(luaconv.Null) {
				module.Argument(m.vm, L, "%s: parameter %d: want a string, a number, a boolean or nil, got %s", what, i+1, module.Describe(v))
			}
		}
	}
	return args
}

// row makes the table of a row; NULL is nil.
func (m *databases) row(L *lua.LState, r *result, row []any) *lua.LTable {
	if err := m.vm.Step(L)(); err != nil {
		m.vm.Raise(L, err)
	}
	t := L.CreateTable(0, len(row))
	for i, v := range row {
		t.RawSetString(r.columns[i], value(v))
	}
	return t
}

// value turns a value of a result into one of Lua.
func value(v any) lua.LValue {
	switch v := v.(type) {
	case bool:
		return lua.LBool(v)
	case float64:
		return lua.LNumber(v)
	case string:
		return lua.LString(v)
	}
	return lua.LNil
}
