package luaapi

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/luaapi/lua51"
	"github.com/simplex-lua/simplex-lua/luaapi/luaconv"
	"github.com/simplex-lua/simplex-lua/luaapi/table"
)

// print writes its arguments, joined by tabs, as one line to Options.Print or
// to the log.
func (rt *Runtime) print(L *lua.LState) int {
	parts := make([]string, L.GetTop())
	for i := range parts {
		parts[i] = rt.text(L, L.Get(i+1))
	}
	line := strings.Join(parts, "\t")
	if out := callOf(L).print; out != nil {
		fmt.Fprintln(out, line)
		return 0
	}
	if rt.opts.Print == nil {
		rt.log.Info(line)
		return 0
	}
	fmt.Fprintln(rt.opts.Print, line)
	return 0
}

// text turns a value into text as Lua's tostring does.
func (rt *Runtime) text(L *lua.LState, v lua.LValue) string {
	if s, ok := v.(lua.LString); ok {
		return string(s)
	}
	L.Push(rt.tostring)
	L.Push(v)
	L.Call(1, 1)
	s := lua.LVAsString(L.Get(-1))
	L.Pop(1)
	return s
}

// sleep is sleep(duration): waits; other handlers go on meanwhile.
func (rt *Runtime) sleep(L *lua.LState) int {
	d := rt.checkDuration(L, 1, "sleep")
	if rt.sim != nil {
		rt.raisef(L, ErrArgument, "sleep: a test moves the time with net:advance(%v)", d.Seconds())
	}
	c := callOf(L)
	rt.unlocked(L, func(context.Context) { c.sleep(d) })
	return 0
}

// openLog makes log: log.debug, log.info, log.warn, log.error(message[, fields]).
func openLog(rt *Runtime, L *lua.LState) lua.LValue {
	t := L.NewTable()
	for name, level := range map[string]slog.Level{
		"debug": slog.LevelDebug, "info": slog.LevelInfo, "warn": slog.LevelWarn, "error": slog.LevelError,
	} {
		t.RawSetString(name, L.NewFunction(rt.dotted(t, "log."+name, func(L *lua.LState) int {
			if !rt.log.Enabled(context.Background(), level) {
				return 0
			}
			var attrs []any
			if fields, ok := L.Get(2).(*lua.LTable); ok {
				table.Each(fields, func(k, v lua.LValue) { attrs = append(attrs, rt.text(L, k), rt.text(L, v)) })
			} else if L.Get(2) != lua.LNil {
				rt.raisef(L, ErrArgument, "log.%s: the fields must be a table, got %s", name, describe(L.Get(2)))
			}
			rt.log.Log(context.Background(), level, rt.text(L, L.Get(1)), attrs...)
			return 0
		})))
	}
	rt.protect(L, t, "log", nil, nil)
	return t
}

// openJSON makes json: json.encode(v), json.decode(text), json.array(t), json.null.
func openJSON(rt *Runtime, L *lua.LState) lua.LValue {
	t := L.NewTable()
	t.RawSetString("null", luaconv.Null)
	for name, fn := range map[string]lua.LGFunction{
		"encode": func(L *lua.LState) int {
			b, err := luaconv.Encode(L.Get(1), step(L))
			if err != nil {
				rt.raiseJSON(L, "json.encode", err)
			}
			L.Push(lua.LString(b))
			return 1
		},
		"decode": func(L *lua.LState) int {
			s, ok := L.Get(1).(lua.LString)
			if !ok {
				rt.raisef(L, ErrArgument, "json.decode: want a string, got %s", describe(L.Get(1)))
			}
			v, err := luaconv.Decode([]byte(s), true, step(L))
			if err != nil {
				rt.raiseJSON(L, "json.decode", err)
			}
			L.Push(v)
			return 1
		},
		"array": func(L *lua.LState) int {
			a, ok := L.Get(1).(*lua.LTable)
			if !ok && L.Get(1) != lua.LNil {
				rt.raisef(L, ErrArgument, "json.array: want a table, got %s", describe(L.Get(1)))
			}
			if a == nil {
				a = L.NewTable()
			}
			if table.Meta(a) != nil && !luaconv.IsArray(a) { // as bot and modules, which it protects
				rt.raisef(L, ErrArgument, "json.array: the table has a metatable of its own; copy its values into a plain one")
			}
			L.Push(luaconv.Array(a))
			return 1
		},
	} {
		t.RawSetString(name, L.NewFunction(rt.dotted(t, "json."+name, fn)))
	}
	rt.protect(L, t, "json", nil, nil)
	return t
}

// step counts the values of a text against the budget of the call that runs L.
func step(L *lua.LState) luaconv.Step {
	b := lua51.BudgetOf(L)
	return func() error {
		if b != nil && b.Done() != nil {
			return b.Err()
		}
		return nil
	}
}

// raiseJSON raises what ended the reading or writing of a text: an argument
// error, or the limit that was reached.
func (rt *Runtime) raiseJSON(L *lua.LState, what string, err error) {
	if limit := (*lua51.LimitError)(nil); errors.As(err, &limit) {
		rt.raise(L, err)
	}
	rt.raisef(L, ErrArgument, "%s: %v", what, err)
}

// getenv answers os.getenv: only names that the operator allows. A variable that
// is set and not allowed is logged once, for the script sees the same as of one
// that is missing. Called with mu held.
func (rt *Runtime) getenv(name string) (string, bool) {
	if rt.opts.Getenv == nil {
		return "", false
	}
	value, ok := rt.opts.Getenv(name)
	if ok && !rt.opts.Grants.Env(name) {
		if !rt.hidden[name] {
			rt.hidden[name] = true
			rt.log.Warn("os.getenv answers nil: the variable is set, but not allowed", "name", name, "hint", "allow it with --allow env="+name)
		}
		return "", false
	}
	return value, ok
}
