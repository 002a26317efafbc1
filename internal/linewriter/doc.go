// Package linewriter cuts what is written into lines, for who shows or sends
// whole lines only.
//
//	Write("hel") Write("lo\nwor") ──▶ "hello"    Flush() ──▶ "wor"
package linewriter
