package crypto

import (
	"encoding/base64"
	"encoding/hex"

	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/luaapi/module"
)

// Module is require "crypto".
var Module = module.Module{Name: "crypto", Stability: module.Stable, Open: open}

type crypto struct{ vm module.VM }

func open(vm module.VM, L *lua.LState) lua.LValue {
	c := crypto{vm}
	functions := map[string]lua.LGFunction{
		"hash": c.hash, "hmac": c.hmac, "equal": c.equal,
		"random": c.random, "uuid": c.uuid,
		"key": c.key, "seal": c.seal, "unseal": c.unseal,
	}
	for name, e := range encodings {
		functions[name+"_encode"] = func(L *lua.LState) int {
			L.Push(lua.LString(e.encode([]byte(module.String(vm, L, 1, "crypto."+name+"_encode")))))
			return 1
		}
		functions[name+"_decode"] = func(L *lua.LState) int {
			what := "crypto." + name + "_decode"
			data, err := e.decode(module.String(vm, L, 1, what))
			if err != nil {
				vm.Raise(L, module.Errorf(module.ErrData, "%s: %v", what, err))
			}
			L.Push(lua.LString(data))
			return 1
		}
	}
	return vm.Table(L, "crypto", functions, nil)
}

// encoding writes bytes as text and reads them back.
type encoding struct {
	encode func([]byte) string
	decode func(string) ([]byte, error)
}

var encodings = map[string]encoding{
	"hex":       {hex.EncodeToString, hex.DecodeString},
	"base64":    {base64.StdEncoding.EncodeToString, base64.StdEncoding.DecodeString},
	"base64url": {base64.RawURLEncoding.EncodeToString, base64.RawURLEncoding.DecodeString},
}

// written gives bytes in the encoding that argument n names: "hex" unless
// given, "base64", "base64url" or "raw".
func (c crypto) written(L *lua.LState, n int, what string, data []byte) lua.LValue {
	name := "hex"
	if L.Get(n) != lua.LNil {
		name = module.String(c.vm, L, n, what+": the encoding")
	}
	if name == "raw" {
		return lua.LString(data)
	}
	e, ok := encodings[name]
	if !ok {
		module.Argument(c.vm, L, "%s: want the encoding hex, base64, base64url or raw, got %q", what, name)
	}
	return lua.LString(e.encode(data))
}
