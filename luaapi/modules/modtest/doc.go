// Package modtest runs the test scripts of a module written in Go.
//
//	testdata/*.lua ──▶ Run ──▶ luaapi.Load, one runtime and folder per script ──▶ a subtest each
//
// A script is plain Lua that may wait at once; it fails where it raises. It
// knows what the test gives it as globals. Tests of modules import this package
// from their external test package, since luaapi imports the modules.
package modtest
