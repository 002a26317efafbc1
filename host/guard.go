package host

import (
	"github.com/simplex-lua/simplex-lua/internal/chat"
	"github.com/simplex-lua/simplex-lua/luaapi"
	"github.com/simplex-lua/simplex-lua/native"
)

// native imports nothing of ours, so what it must satisfy is said here.
var (
	_ chat.Core = (*native.Controller)(nil)
	_ Runtime   = (*luaapi.Runtime)(nil)
)
