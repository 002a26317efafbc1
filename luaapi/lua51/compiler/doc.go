// Package compiler compiles Lua 5.1 source to function prototypes of
// gopher-lua's virtual machine, in place of gopher-lua's own parser and
// compiler.
//
// Those compute wrong results from common code: boolean chains, multiple
// assignment, loops of a lone break, conditions on constants, breaks out of
// blocks with captured variables, tables of fifty elements, octal numbers. The
// faults lie in how registers and jumps are assigned, so rewriting the syntax
// tree around them would have to undo nearly every construct. This package
// assigns them the way the reference implementation describes: expressions stay
// pending until the place for their value is known, and jumps are lists that
// are bound when their target is.
//
//	source ─ scan ─→ tokens ─ parser ─→ operands, jumps ─ function ─→ code ─ finish ─→ lua.FunctionProto
//
// It is one pass, linear in the source, with bounds on depth and on the
// operators of an expression. Lines in messages and names of variables are
// those of Lua 5.1.
//
// A prototype has one part that only gopher-lua's compiler can fill: the
// strings behind the names of globals and fields. Therefore each function gets
// its prototype from lua.Compile, called with a chunk that does nothing but
// mention these names in order; everything else in it is replaced.
//
// Three operators differ in the virtual machine itself: ".." formats numbers
// another way, "%" and "^" round another way. They become calls of functions,
// see Operators.
//
// Added to Lua 5.1: goto and labels as in 5.2 ("goto" stays usable as a name),
// and the escapes \xXX, \z and \u{XXX} in strings.
package compiler
