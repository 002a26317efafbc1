package luaapi

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"context"

	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/internal/chat"
	"github.com/simplex-lua/simplex-lua/internal/chat/syntax"
	"github.com/simplex-lua/simplex-lua/luaapi/luaconv"
)

var _ = fs.ErrInvalid
var _ = os.ErrInvalid
var _ = filepath.Join
var _ = fmt.Sprint
var _ json.Number
var _ context.Context
var _ chat.Core
var _ = luaconv.Null
var _ syntax.Class

func (rt *Runtime) fileFunctions() map[string]lua.LGFunction { return nil }
