// Package language is the Lua module language: which of its plural forms a
// language wants for a number, and which language suits somebody best, by the
// rules of Unicode's CLDR in golang.org/x/text. Module i18n builds on it.
//
//	"ru", 3                    ── plural ──▶ "few"
//	"de-AT", { "en", "de" }    ── match  ──▶ "de"
package language
