package store

import "context"

// engine runs statements on one kind of database. Parameters are written $1,
// $2 … and are []byte or int64. Its methods are safe for use by several
// goroutines, block, and end with ctx.
type engine interface {
	// exec runs a statement and tells how many rows it changed.
	exec(ctx context.Context, text string, args ...any) (changed int, err error)
	// query calls each with the rows of a statement that returns key, value and
	// expires; an error of it ends the query.
	query(ctx context.Context, each func(row) error, text string, args ...any) error
	// close waits for the statements under way.
	close() error
}

// row is one row of a query.
type row struct {
	key, value []byte
	// expires is when the entry ends, in milliseconds since 1970; 0 is never.
	expires int64
}

// schema makes the table on both engines. Keys and values are bytes, so that
// all strings of Lua fit, in the order of their bytes.
func schema(bytes string) []string {
	return []string{
		`CREATE TABLE IF NOT EXISTS simplex_lua_store (
			space ` + bytes + ` NOT NULL, key ` + bytes + ` NOT NULL, value ` + bytes + ` NOT NULL,
			expires BIGINT NOT NULL, PRIMARY KEY (space, key))`,
		`CREATE INDEX IF NOT EXISTS simplex_lua_store_expires ON simplex_lua_store (space, expires) WHERE expires > 0`,
	}
}
