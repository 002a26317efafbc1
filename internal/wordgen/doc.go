// Command wordgen collects the words of the messages that scripts can see.
//
//	luaapi/**.go, host/**.go, … ──→ words ──→ luaapi/redactwords_gen.go
//
// Logs above level debug show of an error the words of this list, beside those of
// the script itself: what people wrote is none of them. Run it after a message
// has got a new word; a test tells when it was forgotten.
package main

//go:generate go run . -root ../..
