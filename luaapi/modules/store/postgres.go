package store

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5/pgxpool"
)

// postgresEngine is a pool of connections to a PostgreSQL server.
type postgresEngine struct{ pool *pgxpool.Pool }

// openPostgres connects and makes the table where it is missing.
func openPostgres(ctx context.Context, config *pgxpool.Config) (engine, error) {
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("open the store: %w", err)
	}
	e := &postgresEngine{pool}
	if err := e.prepare(ctx); err != nil {
		pool.Close()
		return nil, fmt.Errorf("open the store: %w", err)
	}
	return e, nil
}

// schemaLock is the advisory lock under which the table is made: two that make
// it at once would disturb each other.
const schemaLock = 0x73696d706c6578

func (e *postgresEngine) prepare(ctx context.Context) error {
	tx, err := e.pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx) // after the commit it does nothing
	if _, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock($1)`, int64(schemaLock)); err != nil {
		return err
	}
	// Asked first, for IF NOT EXISTS needs the right to create even where it does.
	var there bool
	if err := tx.QueryRow(ctx, `SELECT to_regclass('simplex_lua_store') IS NOT NULL`).Scan(&there); err != nil || there {
		return err
	}
	for _, text := range schema("BYTEA") {
		if _, err := tx.Exec(ctx, text); err != nil {
			return err
		}
	}
	return tx.Commit(ctx)
}

func (e *postgresEngine) exec(ctx context.Context, text string, args ...any) (int, error) {
	tag, err := e.pool.Exec(ctx, text, args...)
	return int(tag.RowsAffected()), err
}

func (e *postgresEngine) query(ctx context.Context, each func(row) error, text string, args ...any) error {
	rows, err := e.pool.Query(ctx, text, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var r row
		if err := rows.Scan(&r.key, &r.value, &r.expires); err != nil {
			return err
		}
		if err := each(r); err != nil {
			return err
		}
	}
	return rows.Err()
}

func (e *postgresEngine) close() error {
	e.pool.Close()
	return nil
}
