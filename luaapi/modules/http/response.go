package httpmod

import (
	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/luaapi/luaconv"
	"github.com/simplex-lua/simplex-lua/luaapi/module"
	"github.com/simplex-lua/simplex-lua/luaapi/modules/http/web"
	"github.com/simplex-lua/simplex-lua/luaapi/table"
)

// response is what the script gets.
func (ex *exchange) response(L *lua.LState) *lua.LTable {
	t := L.NewTable()
	t.RawSetString("status", lua.LNumber(ex.resp.StatusCode))
	t.RawSetString("ok", lua.LBool(ex.success()))
	t.RawSetString("headers", web.HeaderTable(L, ex.lib.headers, ex.resp.Header))
	t.RawSetString("url", lua.LString(ex.url.Redacted()))
	switch {
	case ex.streams():
		t.RawSetString("size", lua.LNumber(ex.size))
	case ex.target != "" && ex.success():
		t.RawSetString("size", lua.LNumber(ex.size))
		t.RawSetString("path", lua.LString(ex.target))
	default:
		t.RawSetString("size", lua.LNumber(len(ex.body)))
		t.RawSetString("body", lua.LString(ex.body))
	}
	t.RawSetString("json", ex.lib.jsonOf(L, ex.what+": the body of the response", t))
	return t
}

// jsonOf makes the function json of a request or response: it decodes the body
// of the table that it stands in. It may be called with a dot or a colon.
func (lib *library) jsonOf(L *lua.LState, what string, of *lua.LTable) *lua.LFunction {
	return L.NewFunction(func(L *lua.LState) int {
		text, ok := table.Field(of, "body").(lua.LString)
		if !ok {
			lib.vm.Raise(L, module.Errorf(module.ErrData, "%s was not kept, so there is no JSON to read", what))
		}
		v, err := luaconv.Decode([]byte(text), true, lib.vm.Step(L))
		if err != nil {
			lib.vm.Raise(L, module.Errorf(module.ErrData, "%s is no JSON: %v", what, err))
		}
		L.Push(v)
		return 1
	})
}
