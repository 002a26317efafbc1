// Package security tries what docs/security.md says that nobody can do.
//
//	testdata/*.lua ──▶ internal/bottest    floods, on the simulated network
//	scripts in Go ───▶ luaapi.Load         escapes, on a core that only takes notes
//	docs/security.md ▶ TestDocs            each line names tests that exist
package security
