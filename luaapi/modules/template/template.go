package template

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"strings"
	"text/template"

	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/luaapi/luaconv"
	"github.com/simplex-lua/simplex-lua/luaapi/module"
	"github.com/simplex-lua/simplex-lua/luaapi/table"
)

// Module is require "template".
var Module = module.Module{Name: "template", Stability: module.Stable, Open: open}

const (
	maxText   = 1 << 20 // bytes of a template, and of what it makes
	maxValues = 100_000 // values in the data
	maxDepth  = 50      // of the data
	maxCalls  = 100
	cached    = 100
)

type templates struct {
	vm    module.VM
	class *lua.LTable
	cache map[string]*template.Template
	calls int // how many templates are in each other in the one that is rendered
}

func open(vm module.VM, L *lua.LState) lua.LValue {
	t := &templates{vm: vm, cache: map[string]*template.Template{}}
	t.class = vm.Class(L, "template", map[string]lua.LGFunction{"render": func(L *lua.LState) int {
		return t.render(L, module.This[*template.Template](vm, L, "template", "render"))
	}})
	return vm.Table(L, "template", map[string]lua.LGFunction{
		"compile": func(L *lua.LState) int {
			L.Push(&lua.LUserData{Value: t.compile(L, "template.compile"), Metatable: t.class})
			return 1
		},
		"render": func(L *lua.LState) int { return t.render(L, t.compile(L, "template.render")) },
	}, nil)
}

// compile reads argument 1.
func (t *templates) compile(L *lua.LState, what string) *template.Template {
	text := module.String(t.vm, L, 1, what)
	if made := t.cache[text]; made != nil {
		return made
	}
	if len(text) > maxText {
		t.vm.Raise(L, module.Errorf(module.ErrLimit, "%s: the template has %d bytes, at most %d are taken", what, len(text), maxText))
	}
	made, err := template.New("template").Option("missingkey=error").Funcs(functions).Parse(text)
	if err != nil {
		module.Argument(t.vm, L, "%s: %s", what, strings.TrimPrefix(err.Error(), "template: "))
	}
	t.bound(made)
	if len(t.cache) >= cached {
		clear(t.cache)
	}
	t.cache[text] = made
	return made
}

// render fills the template with the data in argument 2.
func (t *templates) render(L *lua.LState, made *template.Template) int {
	r := reader{}
	data, err := r.value(L.Get(2), 0)
	if err != nil {
		module.Argument(t.vm, L, "template: the data: %v", err)
	}
	out := limited{step: t.vm.Step(L)}
	t.calls = 0
	if err := made.Execute(&out, data); err != nil {
		if out.err != nil {
			t.vm.Raise(L, out.err)
		}
		t.vm.Raise(L, module.Errorf(module.ErrData, "%s", strings.TrimPrefix(err.Error(), "template: ")))
	}
	L.Push(lua.LString(out.String()))
	return 1
}

// limited takes what a template writes, until it is too much.
type limited struct {
	bytes.Buffer
	step luaconv.Step
	err  error
}

func (w *limited) Write(p []byte) (int, error) {
	if w.err = w.step(); w.err == nil && w.Len()+len(p) > maxText {
		w.err = module.Errorf(module.ErrLimit, "template: the text gets longer than %d bytes", maxText)
	}
	if w.err != nil {
		return 0, w.err
	}
	return w.Buffer.Write(p)
}

// reader turns Lua's values into what templates read.
type reader struct{ values int }

func (r *reader) value(v lua.LValue, depth int) (any, error) {
	if r.values++; r.values > maxValues || depth > maxDepth {
		return nil, fmt.Errorf("more than %d values, or more than %d levels", maxValues, maxDepth)
	}
	switch v := v.(type) {
	case lua.LString:
		return string(v), nil
	case lua.LBool:
		return bool(v), nil
	case lua.LNumber:
		if f := float64(v); f == math.Trunc(f) && math.Abs(f) < 1<<53 {
			return int64(f), nil
		}
		return float64(v), nil
	case *lua.LNilType:
		return nil, nil
	case *lua.LTable:
		return r.table(v, depth)
	}
	return nil, errors.New("want texts, numbers, booleans and tables, got " + module.Describe(v))
}

// table gives a list for a table with a first element, else a map.
func (r *reader) table(t *lua.LTable, depth int) (any, error) {
	if n := table.Len(t); n > 0 {
		list := make([]any, 0, min(n, maxValues))
		for i := 1; i <= n; i++ {
			v, err := r.value(table.At(t, i), depth+1)
			if err != nil {
				return nil, err
			}
			list = append(list, v)
		}
		return list, nil
	}
	m := map[string]any{}
	for k, v := table.Next(t, lua.LNil); k != lua.LNil; k, v = table.Next(t, k) {
		value, err := r.value(v, depth+1)
		if err != nil {
			return nil, err
		}
		m[k.String()] = value
	}
	return m, nil
}
