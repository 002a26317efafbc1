// Package check looks for mistakes in scripts without running them: syntax
// errors, modules that are not there, unknown globals, names that bot, bot.api
// and the modules do not have, methods that their objects do not have, unknown
// option keys, and literals of a wrong type.
//
//	script ─▶ lexer ─▶ parser ─▶ syntax tree ─┐
//	                                          ├─▶ checker ─▶ []Finding
//	stdlib/meta ─▶ luadoc.Doc ────────────────┘
//
// What scripts can call is what the type files say (package luadoc); the
// names of Lua itself are read from a state of package lua51. It reports only
// what is wrong whatever the script does: where a value is not written out,
// it is taken to be right.
//
// Permissions lists, from the same tree, what a script needs permissions for;
// rules.go has the functions that need any.
package check
