// Package re is the Lua module re: regular expressions as Go's regexp package
// has them (RE2).
//
//	re.compile "…" ──▶ Regexp ──▶ match, find, captures, gmatch, replace, split, test
//	re.match("…", text)           the same with the pattern given each time
//
// One search takes time in proportion to the text times the size of the
// expression, and both are bounded (expression.go). Functions that look for
// several matches search for one at a time: there the time can grow with the
// square of the text, so the CPU limit of the handler is asked between two.
//
// A Regexp is also a filter, as what bot.re returns: both hold a
// *regexp.Regexp.
package re
