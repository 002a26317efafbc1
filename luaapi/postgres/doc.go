// Package postgres reads the URLs of PostgreSQL servers: those that scripts give
// to the modules store and sql and to bot.configure, and the operator's.
//
//	"postgres://bot@db.example.org/bots" ──▶ Config ──▶ a pgxpool.Config whose hosts are all allowed
//
// What a URL may say is a list: pgx knows parameters that make it read files,
// which a script may not choose.
package postgres
