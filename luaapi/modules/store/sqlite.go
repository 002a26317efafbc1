package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"zombiezen.com/go/sqlite"
)

// sqliteEngine is one connection to an SQLite file. Statements wait for each
// other here, so that they never meet a lock but that of another process, for
// which SQLite waits as long as ctx allows.
type sqliteEngine struct {
	conn chan *sqlite.Conn // holds the connection while nobody uses it
}

// openSQLite opens the file at path, and makes it where it is missing; "" is a
// database in memory.
func openSQLite(ctx context.Context, path string) (_ engine, err error) {
	name, flags := ":memory:", sqlite.OpenReadWrite|sqlite.OpenCreate
	if path != "" {
		// SQLite would make it readable for others; its other files follow it.
		f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
		if err != nil {
			return nil, fmt.Errorf("open the store: %w", err)
		}
		f.Close()
		name = path
	}
	conn, err := sqlite.OpenConn(name, flags)
	if err != nil {
		return nil, fmt.Errorf("open the store: %w", err)
	}
	e := &sqliteEngine{conn: make(chan *sqlite.Conn, 1)}
	e.conn <- conn
	for _, text := range append([]string{"PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL", "PRAGMA fullfsync = ON"}, schema("BLOB")...) {
		if _, err := e.exec(ctx, text); err != nil {
			return nil, errors.Join(fmt.Errorf("open the store %s: %w", path, err), e.close())
		}
	}
	return e, nil
}

func (e *sqliteEngine) exec(ctx context.Context, text string, args ...any) (changed int, err error) {
	err = e.run(ctx, text, args, func(conn *sqlite.Conn, stmt *sqlite.Stmt) error {
		for {
			if more, err := stmt.Step(); err != nil || !more {
				changed = conn.Changes()
				return err
			}
		}
	})
	return changed, err
}

func (e *sqliteEngine) query(ctx context.Context, each func(row) error, text string, args ...any) error {
	return e.run(ctx, text, args, func(_ *sqlite.Conn, stmt *sqlite.Stmt) error {
		for {
			more, err := stmt.Step()
			if err != nil || !more {
				return err
			}
			r := row{key: make([]byte, stmt.ColumnLen(0)), value: make([]byte, stmt.ColumnLen(1)), expires: stmt.ColumnInt64(2)}
			stmt.ColumnBytes(0, r.key)
			stmt.ColumnBytes(1, r.value)
			if err := each(r); err != nil {
				return err
			}
		}
	})
}

// run has fn run a statement, again where another process is in the way: SQLite
// waits for locks by itself, but not where that could be in vain, as when two
// turn a new file into one with a write-ahead log.
func (e *sqliteEngine) run(ctx context.Context, text string, args []any, fn func(*sqlite.Conn, *sqlite.Stmt) error) (err error) {
	var conn *sqlite.Conn
	select {
	case conn = <-e.conn:
	case <-ctx.Done():
		return ctx.Err()
	}
	conn.SetInterrupt(ctx.Done())
	defer func() {
		conn.SetInterrupt(nil)
		e.conn <- conn
		if err != nil && ctx.Err() != nil {
			err = ctx.Err()
		}
	}()
	for {
		err := bind(conn, text, args, fn)
		if sqlite.ErrCode(err).ToPrimary() != sqlite.ResultBusy {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(busyPause):
		}
	}
}

// busyPause is how long a statement that met a lock waits to begin again.
const busyPause = 5 * time.Millisecond

// bind prepares a statement, which the connection keeps for the next time,
// gives it its parameters and has fn run it.
func bind(conn *sqlite.Conn, text string, args []any, fn func(*sqlite.Conn, *sqlite.Stmt) error) error {
	stmt, err := conn.Prepare(text)
	if err != nil {
		return err
	}
	for i, arg := range args {
		switch arg := arg.(type) {
		case []byte:
			stmt.BindBytes(i+1, arg)
		case int64:
			stmt.BindInt64(i+1, arg)
		default:
			panic(fmt.Sprintf("store: parameter of type %T", arg))
		}
	}
	err = fn(conn, stmt)
	if e := stmt.Reset(); err == nil {
		err = e
	}
	if e := stmt.ClearBindings(); err == nil {
		err = e
	}
	return err
}

func (e *sqliteEngine) close() error { return (<-e.conn).Close() }
