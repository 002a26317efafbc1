// Package luadoc reads the type files of stdlib/meta, which are written for
// lua-language-server (---@class, ---@field, ---@param and so on), and gives
// what they say to everything else that explains or checks scripts.
//
//	stdlib/meta/*.lua ─▶ Read ─▶ Doc ─▶ Problems   every name resolves
//	                              ├──▶ Markdown    docs/lua-api.md
//	                              ├──▶ Text        simplex-lua api NAME
//	                              └──▶ luaapi/check, which holds calls against it
//
// It understands the part of the notation that those files use.
package luadoc
