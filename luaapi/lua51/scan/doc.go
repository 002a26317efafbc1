// Package scan cuts Lua source into tokens, for the compiler and for tools that
// read scripts: what a string holds must be the same for both.
//
//	source ─ Lexer.Next ─▶ Token{Kind, Text, Number, Start, End, Line}
//
// It takes Lua 5.1's tokens and adds \xXX, \z and \u{XXX} in strings and "::".
// Messages and lines are those of Lua 5.1.
package scan
