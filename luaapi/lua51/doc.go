// Package lua51 is Lua 5.1 on the virtual machine of gopher-lua v1.1.2, made
// sound from outside: the upstream module as it is, no fork and no copy of it.
//
// Stock gopher-lua computes wrong results from common code, prints numbers
// another way than Lua, and can be stalled or ended by one hostile string. A
// State uses its virtual machine, values and tables, and replaces what is wrong
// at the edges:
//
//	source ─ compiler ─→ FunctionProto ─┐
//	                                     ├─ Call(Budget) ─→ thread from the pool ─→ results or *Error
//	Go functions: this package's library ┘        │ each instruction asks Budget.Done
//	                                              ├ clock, heap, Go stack (every 10,000)
//	                                              └ watchdog: one goroutine while handlers run
//
// What it does not do: locking (the owner holds one lock around everything, see
// State.Call), printing, modules, and the bot. Those are package luaapi's.
//
// # Files
//
//	state, call, budget, watch    running code under limits; limits names them, errors says what went wrong
//	compile, compiler/            source to prototypes
//	protect, coroutine            pcall and xpcall, coroutines
//	raise, translate, names,      errors in Lua 5.1's words: lines, names of variables, tracebacks
//	frames, traceback
//	operators                     "..", "%", "^", t[k] = nil, arithmetic on strings
//	baselib, iterate, load,       the library
//	stringlib, strmatch, gsub,
//	format, pattern/, number/,
//	tablelib, sort, mathlib,
//	oslib, strftime, strict
//	difftest/                     generated programs compared with lua5.1
//
// # Faults of gopher-lua and their repairs
//
// Each fault has a test by the name given here, in TestUpstream unless another
// is named. It fails when stock gopher-lua does the right thing: then upstream
// has mended the fault and the repair can go.
//
// The compiler (package compiler replaces it; see there why a pass over the
// syntax tree is not enough):
//
//   - "boolean chain": ok = ok and f() keeps the old value when f() is false.
//   - "multiple assignment": targets are written before all values are read.
//   - "loop of a lone break", "constant condition": jumps to jumps go astray.
//   - "break out of a block with a captured variable": the variable is not
//     closed, the closure then sees whatever takes its register.
//   - "fifty elements and a call": constructors with a multiple of fifty
//     elements before the last lose some; above 25,550 all are misplaced.
//   - "local variable in its own function": local f = function … sees itself.
//   - "syntax message", "escapes": messages as Lua's; \x, \z and \u{}.
//   - Expressions of many terms take quadratic time, deep nesting ends the
//     process: TestHostile "long sum", "many parentheses".
//
// The virtual machine (operators and translate):
//
//   - "number to string": ".." writes shortest digits, not "%.14g". Chains of
//     ".." are compiled to calls.
//   - "modulo": exact remainder where Lua rounds. "%" is compiled to a call,
//     except for the variable of a numeric for by an integer, where both agree.
//   - "octal strings", "binary strings": strings in arithmetic are read as Go
//     literals. Strings get metamethods for arithmetic.
//   - "bounds of for as strings": the compiler subtracts 0 from bounds first.
//   - "name in index error" and others: messages without the variable's name.
//     Each instruction's line is packed together with its index, and the Panic
//     hook looks up what the instruction names.
//   - "removal of the last element": t[#t] = nil leaves the nil in the array,
//     which # then passes over. It is compiled to a call.
//
// Errors and coroutines (protect, coroutine):
//
//   - "captured variables after an error": pcall detaches variables of
//     functions still active. The callee gets a thread of its own. LState.PCall
//     must not be used with this package: with a call stack that grows it also
//     loses frames at depths that are multiples of eight.
//   - "level of an error", "pcall of nothing", "error in a handler",
//     "overflow in xpcall", "deep recursion".
//   - "few values for a yield", "yield as a tail call": both crash.
//   - "yield across pcall", "yield in a metamethod": end the caller silently.
//   - "resume of a dead coroutine"; TestUpstreamFatal "resume of a normal
//     coroutine": recurses until the process dies.
//   - TestUpstreamGoroutines: with a context each coroutine starts a goroutine
//     that never ends. Coroutines are made from a thread without one.
//
// The library: "tonumber", "math.huge", "find at the end", "frontier",
// "quoted format", "format of numbers", "concat of many", "order of equal
// elements", "maxn", "day of the year", "char out of range", "load of a
// string". Patterns backtrack without end and gsub is quadratic: TestHostile
// "trim", "optional items" (package pattern).
//
// What remains different from Lua 5.1 is listed in docs/lua51.md.
package lua51
