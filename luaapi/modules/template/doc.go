// Package template is the Lua module template: texts with gaps, in the notation
// of Go's text/template.
//
//	template.compile text ──▶ Template:render(data) ──▶ text
//	template.render(text, data)   both in one; texts are kept compiled
//
// What a template makes is bounded (functions.go), and counts against the CPU
// limit of the handler while it is made, whatever it writes (bound.go).
package template
