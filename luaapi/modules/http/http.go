package httpmod

import (
	"net/http"

	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/luaapi/module"
	"github.com/simplex-lua/simplex-lua/luaapi/modules/http/web"
	"github.com/simplex-lua/simplex-lua/luaapi/permission"
)

// Module is require "http".
var Module = module.Module{Name: "http", Stability: module.Stable, Open: open}

// library is the module in one generation of a script.
type library struct {
	vm        module.VM
	transport *http.Transport
	headers   *lua.LTable // the metatable of headers
	class     *lua.LTable // of servers
	// served counts the servers by address.
	served map[string]int
}

func open(vm module.VM, L *lua.LState) lua.LValue {
	lib := &library{
		vm: vm, transport: web.Transport(permission.Dialer{Set: vm.Allowed()}, nil),
		headers: web.HeaderMeta(L), served: map[string]int{},
	}
	lib.class = lib.serverClass(L)
	vm.OnClose(lib.transport.CloseIdleConnections)
	functions := map[string]lua.LGFunction{"request": lib.request, "serve": lib.serve}
	for name, method := range map[string]string{"get": "GET", "post": "POST", "put": "PUT", "delete": "DELETE"} {
		functions[name] = func(L *lua.LState) int { return lib.short(L, "http."+name, method) }
	}
	return vm.Table(L, "http", functions, nil)
}
