// Package sql is the Lua module sql: SQLite files and PostgreSQL servers.
//
//	db:query(text, …) ──▶ handle ──▶ source ──take──▶ session ──▶ result ──▶ tables of Lua
//	  (Lua)               (checks,     ├ sqlite: one connection to a file
//	                       time-out)   └ postgres: a pool of connections
//	db:transaction(fn) ── holds one session until fn has ended; tx:query uses that one
//
// Texts come from scripts, and what they hold may come from anybody, so the
// walls are not in the reading of texts but where statements are compiled:
// SQLite asks authorize for each thing that a statement does, and refuses what
// would reach another file. A server is as safe as the rights of its user:
// COPY … PROGRAM and the like are for its administrator to forbid.
//
// Both engines refuse a second statement in a text, and take parameters as
// values only.
package sql
