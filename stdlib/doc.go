// Package stdlib carries what simplex-lua has in Lua: modules for require and,
// in meta/, types for editors. It holds the files and nothing else.
//
//	NAME.lua        require "NAME"
//	NAME/PART.lua   require "NAME.PART": parts of that module
//	meta/*.lua      read by editors, check and the documentation, never by require
package stdlib
