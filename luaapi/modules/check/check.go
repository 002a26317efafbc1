package check

import (
	"math"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/luaapi/module"
	"github.com/simplex-lua/simplex-lua/luaapi/table"
)

// Module is require "check".
var Module = module.Module{Name: "check", Stability: module.Stable, Open: open}

func open(vm module.VM, L *lua.LState) lua.LValue {
	c := checker{vm}
	return vm.Table(L, "check", map[string]lua.LGFunction{
		"fail": c.fail, "arg": c.arg, "options": c.options,
	}, nil)
}

type checker struct{ vm module.VM }

// fail is check.fail(type, message[, hint]).
func (c checker) fail(L *lua.LState) int {
	e := module.Errorf(module.String(c.vm, L, 1, "check.fail: the type"), "%s", module.String(c.vm, L, 2, "check.fail: the message"))
	if L.Get(3) != lua.LNil {
		e.Hint = module.String(c.vm, L, 3, "check.fail: the hint")
	}
	c.vm.Raise(L, e)
	return 0
}

// arg is check.arg(value, what, type) → value.
func (c checker) arg(L *lua.LState) int {
	L.Push(c.value(L, L.Get(1), module.String(c.vm, L, 2, "check.arg: the name"), module.String(c.vm, L, 3, "check.arg: the type")))
	return 1
}

// options is check.options(t, what, types) → a copy of t, durations in seconds.
func (c checker) options(L *lua.LState) int {
	what, types := module.String(c.vm, L, 2, "check.options: the name"), module.TableArg(c.vm, L, 3, "check.options: the types")
	given, ok := L.Get(1).(*lua.LTable)
	if !ok && L.Get(1) != lua.LNil {
		c.wrong(L, what, "a table of options", L.Get(1))
	}
	if given == nil {
		given = L.NewTable()
	}
	var known []string
	table.Each(types, func(k, _ lua.LValue) { known = append(known, k.String()) })
	table.Each(given, func(k, _ lua.LValue) {
		if table.Get(types, k) == lua.LNil {
			module.Argument(c.vm, L, "%s: unknown option %q%s", what, k.String(), c.vm.DidYouMean(k.String(), known))
		}
	})
	read := L.NewTable()
	table.Each(types, func(k, typ lua.LValue) {
		read.RawSet(k, c.value(L, table.Get(given, k), what+"."+k.String(), lua.LVAsString(typ)))
	})
	L.Push(read)
	return 1
}

// value holds v against "string", "number|function", "duration?" and so on.
func (c checker) value(L *lua.LState, v lua.LValue, what, types string) lua.LValue {
	names, optional := strings.CutSuffix(types, "?")
	if v == lua.LNil && optional {
		return v
	}
	alternatives := strings.Split(names, "|")
	for _, name := range alternatives {
		if name == "duration" && (v.Type() == lua.LTNumber || len(alternatives) == 1) {
			return c.duration(L, v, what)
		}
		fits, known := kinds[name]
		if !known {
			module.Argument(c.vm, L, "check: %q is no type for %s", name, what)
		}
		if fits(v) {
			return v
		}
	}
	c.wrong(L, what, article(strings.Join(alternatives, " or ")), v)
	return lua.LNil
}

// duration reads seconds or a text as "5m" and returns seconds.
func (c checker) duration(L *lua.LState, v lua.LValue, what string) lua.LValue {
	top := L.GetTop()
	L.Push(v)
	d := c.vm.Duration(L, top+1, what)
	L.SetTop(top)
	return lua.LNumber(d.Seconds())
}

func (c checker) wrong(L *lua.LState, what, want string, got lua.LValue) {
	module.Argument(c.vm, L, "%s: want %s, got %s", what, want, module.Describe(got))
}

// kinds are the types that an argument can have.
var kinds = map[string]func(lua.LValue) bool{
	"string":   func(v lua.LValue) bool { return v.Type() == lua.LTString },
	"number":   func(v lua.LValue) bool { return v.Type() == lua.LTNumber },
	"integer":  func(v lua.LValue) bool { n, ok := v.(lua.LNumber); return ok && float64(n) == math.Trunc(float64(n)) },
	"boolean":  func(v lua.LValue) bool { return v.Type() == lua.LTBool },
	"function": func(v lua.LValue) bool { return v.Type() == lua.LTFunction },
	"table":    func(v lua.LValue) bool { return v.Type() == lua.LTTable },
	"list":     isList,
	"any":      func(v lua.LValue) bool { return v != lua.LNil },
	// A text is taken as a duration where it is the only type.
	"duration": func(lua.LValue) bool { return false },
}

func isList(v lua.LValue) bool {
	t, ok := v.(*lua.LTable)
	if !ok {
		return false
	}
	n := 0
	table.Each(t, func(_, _ lua.LValue) { n++ })
	return n == table.Len(t)
}

// article puts a or an before a word.
func article(words string) string {
	if strings.ContainsRune("aeiou", rune(words[0])) {
		return "an " + words
	}
	return "a " + words
}
