package host

import (
	"github.com/simplex-lua/simplex-lua/luaapi"
)

var _ Runtime = (*luaapi.Runtime)(nil)
