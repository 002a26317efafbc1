// Package stdlib tests the modules of the standard library that are written in
// Lua, with a small bot for each, and msg:download over a kill.
//
//	NAME.lua, NAME_test.lua ──▶ internal/bottest TestStdlib   what they do
//	testdata/fuzzed.lua ──────▶ FuzzMenu, FuzzForm            what people may write to them
package stdlib
