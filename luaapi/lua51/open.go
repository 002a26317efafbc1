package lua51

import (
	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/luaapi/table"
)

// open defines the globals: by name what Lua 5.1 has and a bot may use. What
// reaches files, processes or other code (dofile, loadfile, module, io,
// package) is not there, nor what gopher-lua adds (channel, newproxy).
func (s *State) open(signedZero bool) {
	L := s.main
	G := L.G.Global

	lua.OpenCoroutine(L)
	up := table.Field(G, "coroutine").(*lua.LTable)
	s.create = table.Field(up, "create").(*lua.LFunction).GFunction
	s.resume = table.Field(up, "resume").(*lua.LFunction).GFunction
	L.SetTop(0)
	L.G.Registry = L.NewTable()

	s.nextFunction = L.NewFunction(s.next)
	s.ipairsStep = L.NewFunction(ipairsNext)
	G.RawSetString("_G", G)
	G.RawSetString("_VERSION", lua.LString("Lua 5.1"))
	G.RawSetString("next", s.nextFunction)
	s.register(G, map[string]lua.LGFunction{
		"assert": s.assert, "error": s.error, "getmetatable": s.getmetatable, "ipairs": s.ipairs,
		"load": s.load, "loadstring": s.loadstring, "pairs": s.pairs, "pcall": s.pcall,
		"rawequal": s.rawequal, "rawget": s.rawget, "rawset": s.rawset, "select": s.selectArgs,
		"setmetatable": s.setmetatable, "tonumber": s.tonumber, "tostring": s.tostring,
		"type": s.typeName, "unpack": s.unpack, "xpcall": s.xpcall,
	})
	s.module("coroutine", map[string]lua.LGFunction{
		"create": s.coCreate, "resume": s.coResume, "running": s.coRunning,
		"status": s.coStatus, "wrap": s.coWrap, "yield": s.coYield,
	})
	s.module("debug", map[string]lua.LGFunction{"traceback": s.debugTraceback})
	s.openString(signedZero)
	s.openTable()
	s.openMath()
	s.openOS()
	L.SetTop(0)
}

func (s *State) register(t *lua.LTable, functions map[string]lua.LGFunction) {
	for name, fn := range functions {
		t.RawSetString(name, s.main.NewFunction(fn))
	}
}

func (s *State) module(name string, functions map[string]lua.LGFunction) *lua.LTable {
	t := s.main.NewTable()
	s.register(t, functions)
	s.main.G.Global.RawSetString(name, t)
	return t
}
