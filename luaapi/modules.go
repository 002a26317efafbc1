package luaapi

import (
	"errors"

	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/luaapi/lua51"
	"github.com/simplex-lua/simplex-lua/luaapi/module"
	"github.com/simplex-lua/simplex-lua/luaapi/modules/check"
	"github.com/simplex-lua/simplex-lua/luaapi/modules/crypto"
	"github.com/simplex-lua/simplex-lua/luaapi/modules/csv"
	"github.com/simplex-lua/simplex-lua/luaapi/modules/exec"
	"github.com/simplex-lua/simplex-lua/luaapi/modules/feed"
	"github.com/simplex-lua/simplex-lua/luaapi/modules/fs"
	httpmod "github.com/simplex-lua/simplex-lua/luaapi/modules/http"
	"github.com/simplex-lua/simplex-lua/luaapi/modules/image"
	"github.com/simplex-lua/simplex-lua/luaapi/modules/language"
	"github.com/simplex-lua/simplex-lua/luaapi/modules/markdown"
	netmod "github.com/simplex-lua/simplex-lua/luaapi/modules/net"
	"github.com/simplex-lua/simplex-lua/luaapi/modules/re"
	"github.com/simplex-lua/simplex-lua/luaapi/modules/sql"
	storemod "github.com/simplex-lua/simplex-lua/luaapi/modules/store"
	"github.com/simplex-lua/simplex-lua/luaapi/modules/template"
	"github.com/simplex-lua/simplex-lua/luaapi/modules/time"
	"github.com/simplex-lua/simplex-lua/luaapi/modules/url"
	websocketmod "github.com/simplex-lua/simplex-lua/luaapi/modules/websocket"
)

// modules are all modules written in Go: those that need the Runtime itself,
// and those of luaapi/modules.
var modules = []module.Module{
	check.Module,
	{Name: "json", Stability: module.Stable, Open: own(openJSON)},
	{Name: "log", Stability: module.Stable, Open: own(openLog)},
	{Name: "map", Stability: module.Stable, Open: own(openMap)},
	re.Module,
	url.Module,
	httpmod.Module,
	netmod.Module,
	websocketmod.Module,
	crypto.Module,
	csv.Module,
	image.Module,
	fs.Module,
	exec.Module,
	time.Module,
	template.Module,
	markdown.Module,
	feed.Module,
	storemod.Module,
	sql.Module,
	language.Module,
	{Name: "promise", Stability: module.Stable, Open: own(openPromise)},
	{Name: "simplex.sim", Stability: module.Experimental, Open: own(openSim)},
}

// globalModules are found without require.
var globalModules = []string{"json", "log"}

// own is the opener of a module of this package.
func own(open func(rt *Runtime, L *lua.LState) lua.LValue) func(module.VM, *lua.LState) lua.LValue {
	return func(m module.VM, L *lua.LState) lua.LValue { return open(m.(vm).rt, L) }
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
	for _, name := range globalModules {
		v := rt.openModule(L, name)
		rt.modules[name] = &loadedModule{value: v}
		L.SetGlobal(name, v)
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
		if m.Stability == module.Removed {
			rt.raisef(L, ErrArgument, "require: module %q was removed; use %s", name, m.Replacement)
		}
		return m.Open(vm{rt}, L)
	}
	src, err := rt.findModule(name)
	if err != nil {
		rt.raisef(L, ErrArgument, "require: %v", err)
	}
	rt.sources = append(rt.sources, src)
	rt.vocabulary.add(src.text)
	proto, err := rt.lua.Compile(src.name, src.text)
	if err != nil {
		rt.raise(L, moduleError(err))
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

// moduleError points at the mistake in a module, not at the line that requires it.
func moduleError(err error) *Error {
	e := &Error{Type: ErrScript, Message: err.Error()}
	if syntax := (*lua51.SyntaxError)(nil); errors.As(err, &syntax) {
		e.Where, e.Message = placeOf(syntax.Chunk, syntax.Line), syntax.Text()
	}
	return e
}
