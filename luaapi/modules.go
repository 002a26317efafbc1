package luaapi

import (
	lua "github.com/yuin/gopher-lua"
)

// Module is a module for Lua that is written in Go. It is one file or folder
// here, one type file in stdlib/meta, and one row in the table below.
type Module struct {
	// Name is what require takes.
	Name string
	// Stability is "stable", "experimental" or "removed"; a removed name stays in
	// the table and its error names Replacement.
	Stability   string
	Replacement string
	// Global is the name under which scripts find it without require, "" for none.
	Global string
	// open makes the module's value, once per Runtime, with the lock held.
	open func(rt *Runtime, L *lua.LState) lua.LValue
}

// modules are all modules written in Go.
var modules = []Module{
	{Name: "json", Stability: "stable", Global: "json", open: openJSON},
	{Name: "log", Stability: "stable", Global: "log", open: openLog},
	{Name: "map", Stability: "stable", open: openMap},
	{Name: "simplex.sim", Stability: "experimental", open: openSim},
}

// loadedModule is the value of a module that was required.
type loadedModule struct {
	value   lua.LValue
	loading bool
}

// openGlobals gives the state what scripts find in it beside Lua's own.
func (rt *Runtime) openGlobals() {
	L := rt.lua.L()
	rt.find = L.GetField(L.GetGlobal("string"), "find").(*lua.LFunction)
	rt.tostring = L.GetGlobal("tostring").(*lua.LFunction)
	rt.errorMeta = newErrorMeta(L)
	for _, m := range modules {
		if m.Global != "" {
			v := m.open(rt, L)
			rt.modules[m.Name] = &loadedModule{value: v}
			L.SetGlobal(m.Global, v)
		}
	}
	L.SetGlobal("print", L.NewFunction(rt.print))
	L.SetGlobal("sleep", L.NewFunction(rt.sleep))
	L.SetGlobal("require", L.NewFunction(rt.require))
	if !rt.opts.NoBot {
		rt.openBot(L)
	}
	rt.lua.Strict(nil)
}

// require is require(name) → the module's value, the same at each call.
func (rt *Runtime) require(L *lua.LState) int {
	s, ok := L.Get(1).(lua.LString)
	if !ok {
		rt.raisef(L, ErrArgument, "require: want a module's name, got %s", describe(L.Get(1)))
	}
	name := string(s)
	if m := rt.modules[name]; m != nil {
		if m.loading {
			rt.raisef(L, ErrArgument, "require: module %q requires itself, directly or through others", name)
		}
		L.Push(m.value)
		return 1
	}
	v := rt.openModule(L, name)
	if v == lua.LNil {
		v = lua.LTrue
	}
	rt.modules[name] = &loadedModule{value: v}
	L.Push(v)
	return 1
}

func (rt *Runtime) openModule(L *lua.LState, name string) lua.LValue {
	for _, m := range modules {
		if m.Name != name {
			continue
		}
		if m.Stability == "removed" {
			rt.raisef(L, ErrArgument, "require: module %q was removed; use %s", name, m.Replacement)
		}
		return m.open(rt, L)
	}
	src, err := rt.findModule(name)
	if err != nil {
		rt.raisef(L, ErrArgument, "require: %v", err)
	}
	rt.sources = append(rt.sources, src)
	proto, err := rt.lua.Compile(src.name, src.text)
	if err != nil {
		rt.raise(L, &Error{Type: ErrScript, Message: err.Error(), Where: " "})
	}
	rt.modules[name] = &loadedModule{loading: true}
	defer func() {
		if rt.modules[name].loading {
			delete(rt.modules, name) // it failed: the next require tries again
		}
	}()
	L.Push(L.NewFunctionFromProto(proto))
	L.Push(lua.LString(name))
	L.Call(1, 1)
	v := L.Get(-1)
	L.Pop(1)
	rt.modules[name].loading = false
	return v
}
