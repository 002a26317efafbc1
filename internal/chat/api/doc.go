// Package api knows the commands of the chat core: their names, parameters and
// strings, the types of what they take and answer, and the methods that
// scripts find under bot.api. All of it is tables, made by internal/apigen from
// the documentation of several releases; one encoder interprets them.
//
//	For("7.0.0.6") ─▶ *Facts (what that core has)
//	                    │
//	Encode("APISendMessages", params) ─▶ check each value by its type
//	                    │                 └─▶ *ParamError{Path: "composedMessages[1].msgContent.text"}
//	                    ▼
//	"/_send @4 json [{…}]"
//
// It sends nothing and decodes no replies; package chat does.
//
// # Notation of the tables
//
// Types: bool, string, int, int64, word32, double, time (a string), object (any
// JSON object), the name of another type, []T, [+]T (not empty), map[K]V.
//
// Fields: "name type", separated by commas. "name?" may be missing,
// "name=false" is a flag that is written only when it differs, "-name?" is
// never written into the string. "!path", "!host" and "!key" mark what reaches
// outside the chat. "@7.0.0" says since which version something exists,
// "@-6.5.1" up to which.
//
// Unions have one row per member: its tag, a colon and its fields. The tag
// stands in the field type.
//
// Syntax of a command, or of a type inside one:
//
//	/_send                  literal text
//	<userId>                a value: a number, a string as it is, on or off, a
//	                        list with commas, or by the syntax of its type
//	<query:json>            a value as JSON
//	[ttl| ttl=<ttl>]        a part that is there if ttl is given
//	[live=on| live=on]      a part that is there if the flag is on (or off)
//	{type|a=@|b=#<x>|*=…}   a part for each tag (or, with self, enum value)
package api
