// Package number reads and writes Lua 5.1 numbers the way the reference
// interpreter does on Linux: Format is C's "%.14g", Parse is C's strtod with
// the rules of lua_str2number around it.
//
//	"0x10", " 1e3 ", "inf" ── Parse ──→ float64 ── Format ──→ "16", "1000", "inf"
//
// Stock gopher-lua prints shortest round-trip digits and reads Go's literals
// (octal, binary, underscores); both differ from Lua 5.1 in plain sight.
package number
