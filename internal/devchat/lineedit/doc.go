// Package lineedit is the line that a person types on a terminal, while other
// text is printed above it.
//
// The line takes one row: a text that is too long for it scrolls sideways.
// That keeps what was typed in place whatever is printed and however the window
// changes, and needs no knowledge of the rows above.
//
//	bytes ──▶ keys.next ──▶ Editor.press ──▶ text before and after the cursor ──▶ view ──▶ the row
//	                                              ▲
//	Editor.Print ── erase the row, text, ─────────┘ draw the row again
//
// Characters are what people see as one (grapheme clusters), with the width
// that they have on a terminal.
//
// What it does not do: raw mode, colours, what lines mean. It writes only the
// few control sequences that every terminal knows.
package lineedit
