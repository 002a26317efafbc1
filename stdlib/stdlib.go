package stdlib

import "embed"

// FS has each file at its path. Modules stand at the top: require "a.b" reads
// a/b.lua. Files in meta/ are read by editors, never by require; modules in
// folders are parts of the one of that name.
//
//go:embed meta irc lime llm queue relay rpc store *.lua
var FS embed.FS
