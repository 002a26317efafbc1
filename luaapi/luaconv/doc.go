// Package luaconv turns JSON into Lua values and back.
//
// Tables get the wire's names and absent fields stay nil. JSON's null, empty
// array and empty object stay apart both ways: null is the value Null, an empty
// array carries a mark that Encode sees. Integers beyond 2^53 are inexact, as
// all Lua numbers are.
//
//	JSON text ─▶ Decode ─▶ Lua value ─▶ Encode ─▶ JSON text
//	    └──────▶ DecodeLazy ──▲
//
// DecodeLazy makes tables that are filled when something touches them, one level
// at a time:
//
//	{"type":"x","item":{…},"list":[…]}     checked; the table has a metatable
//	      │ touched
//	      ▼
//	type = "x"   item = {…}   list = […]   a plain table; the inner ones wait
//
// Nothing here locks: the caller holds the lock of the Lua state.
package luaconv
