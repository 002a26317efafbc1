// Package re is the Lua module re: regular expressions as Go's regexp package
// has them (RE2), which take time in proportion to the text, whatever the
// pattern.
//
//	re.compile "…" ──▶ Regexp ──▶ match, find, captures, gmatch, replace, split, test
//	re.match("…", text)           the same with the pattern given each time
//
// A Regexp is also a filter, as what bot.re returns: both hold a
// *regexp.Regexp.
package re
