// Package check is the Lua module check: how modules written in Lua look at
// their arguments and raise errors, with the same words and at the same place,
// the line of the script that called them, as modules written in Go.
//
//	check.arg(value, "form.new.title", "string?") ──▶ the value, or an error of type argument
//	check.options(t, "form.new", { … })           ──▶ the same for each key of an options table
//	check.fail("limit", "form: too many")         ──▶ an error table
package check
