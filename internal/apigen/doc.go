// Command apigen turns facts about the chat API into Go tables and into type
// files for editors.
//
//	facts/v*.json ────────────┐
//	facts/chatapi-methods.json ├─▶ model (all versions in one) ─▶ internal/chat/api/*_gen.go
//	facts/additions.txt ──────┤                              └─▶ stdlib/meta/api.gen.lua ─┐
//	facts/descriptions.txt ───┘   stdlib/meta/*.lua (by hand) ──────────────────────────┴─▶ docs/lua-api.md
//
// The files in facts/ are data: what each release documents, the methods of
// the official libraries, and, written by hand, what cores understand beyond
// their documentation. The generator adds nothing to them.
//
// # A new release of SimpleX
//
//	go run ./internal/apigen -upstream ../simplex-chat/bots/api -version v7.1.0
//
// reads the Markdown files of that release (COMMANDS.md, EVENTS.md, TYPES.md),
// writes facts/v7.1.0.json beside the others and prints what changed. Then
// go generate ./internal/apigen writes the tables anew, and the tests say
// which decisions are left to a person.
package main

//go:generate go run . -root ../..
