// Package table reads tables that scripts hold: the one way for Go code to look
// into a table that it has not just made itself.
//
// A table of an event or a reply is empty until it is touched; then it is filled
// by one level from its text (luaconv.DecodeLazy). Lua code touches it through a
// metatable that goes with the filling (Untouched). Go code that used the methods
// of lua.LTable would see an empty table and say nothing, so it comes through here:
//
//	Lua ──── t.x, #t, t.x = 1 ── metatable ──┐
//	                                          ├─▶ Fill ─▶ a plain table
//	Go ───── Get, Field, At, Len, Next, … ───┘
//
// Tables that Go code makes and only writes to need none of it. A test in package
// tests finds reads that do not come through here.
//
// Nothing here locks: the caller holds the lock of the Lua state.
package table
