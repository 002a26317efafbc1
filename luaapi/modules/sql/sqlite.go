package sql

import (
	"context"
	"errors"
	"strings"
	"time"

	"zombiezen.com/go/sqlite"

	"github.com/simplex-lua/simplex-lua/luaapi/module"
	"github.com/simplex-lua/simplex-lua/luaapi/permission"
)

// sqliteSource is one connection to a file. Its users wait for each other, and
// SQLite waits for other processes, as long as ctx allows.
type sqliteSource struct {
	conn   chan *sqliteSession // holds the session while nobody has it
	closed chan struct{}       // closed with the connection
}

type sqliteSession struct {
	source *sqliteSource
	conn   *sqlite.Conn
	auth   *authorizer
	inTx   bool // between begin and end
}

const (
	// maxText is how long a statement may be, in bytes.
	maxText = 1 << 20
	memory  = ":memory:"
)

// openSQLite opens a file, whose path has been checked, or a database in memory.
func openSQLite(ctx context.Context, path string, readOnly bool) (source, error) {
	flags := sqlite.OpenReadWrite | sqlite.OpenCreate
	if readOnly {
		flags = sqlite.OpenReadOnly
	} else if err := checkJournal(path); err != nil {
		return nil, err
	}
	conn, err := sqlite.OpenConn(path, flags)
	if err != nil {
		return nil, err
	}
	s := &sqliteSession{source: &sqliteSource{make(chan *sqliteSession, 1), make(chan struct{})}, conn: conn, auth: &authorizer{}}
	if err := s.harden(ctx, readOnly); err != nil {
		conn.Close()
		return nil, err
	}
	s.release()
	return s.source, nil
}

// harden sets what a script must not be able to: what is in the file may come
// from anybody.
func (s *sqliteSession) harden(ctx context.Context, readOnly bool) error {
	s.conn.Limit(sqlite.LimitLength, maxResult)
	s.conn.Limit(sqlite.LimitSQLLength, maxText)
	s.conn.Limit(sqlite.LimitAttached, 0)
	if err := s.conn.SetDefensive(true); err != nil {
		return err
	}
	texts := []string{
		"PRAGMA trusted_schema = OFF", "PRAGMA cell_size_check = ON", "PRAGMA temp_store = MEMORY",
		"PRAGMA foreign_keys = ON", "PRAGMA synchronous = FULL", "PRAGMA fullfsync = ON",
	}
	if !readOnly {
		texts = append(texts, "PRAGMA journal_mode = WAL")
	}
	for _, text := range texts {
		if err := s.own(ctx, text); err != nil {
			return err
		}
	}
	return s.conn.SetAuthorizer(s.auth)
}

func (src *sqliteSource) take(ctx context.Context) (session, error) {
	select {
	case s := <-src.conn:
		return s, nil
	case <-src.closed:
		return nil, errClosed()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (src *sqliteSource) close() {
	s := <-src.conn
	s.conn.Close()
	close(src.closed)
}

func (s *sqliteSession) release() { s.source.conn <- s }

// begin takes the write lock at once, so that a transaction that read first does
// not fail when it writes.
func (s *sqliteSession) begin(ctx context.Context) error {
	err := s.own(ctx, "BEGIN IMMEDIATE")
	s.inTx = err == nil
	return err
}

func (s *sqliteSession) end(ctx context.Context, commit bool) error {
	if s.inTx = false; commit {
		return s.own(ctx, "COMMIT")
	}
	if s.conn.AutocommitEnabled() {
		return nil // SQLite has rolled it back by itself
	}
	return s.own(ctx, "ROLLBACK")
}

// own runs a statement that scripts may not.
func (s *sqliteSession) own(ctx context.Context, text string) error {
	s.auth.own = true
	defer func() { s.auth.own = false }()
	_, err := s.run(ctx, query{text: text, limit: 1})
	return err
}

func (s *sqliteSession) run(ctx context.Context, q query) (*result, error) {
	s.conn.SetInterrupt(ctx.Done())
	defer s.conn.SetInterrupt(nil)
	for {
		if s.inTx && s.conn.AutocommitEnabled() {
			return nil, module.Errorf(errSQL, "the transaction was rolled back, since a statement in it was cut or failed")
		}
		r, err := s.once(q)
		switch {
		case ctx.Err() != nil && err != nil:
			return nil, ctx.Err()
		case err == nil:
			return r, nil
		case sqlite.ErrCode(err).ToPrimary() != sqlite.ResultBusy || s.inTx:
			return nil, sqliteError(err)
		}
		// Where waiting for the lock could be in vain, SQLite does not; nothing was done.
		select {
		case <-ctx.Done():
		case <-time.After(busyPause):
		}
	}
}

// busyPause is how long a statement that met a lock waits to begin again.
const busyPause = 5 * time.Millisecond

func (s *sqliteSession) once(q query) (r *result, err error) {
	stmt, err := s.prepare(q.text)
	if err != nil {
		return nil, err
	}
	wrote := s.auth.does
	defer func() {
		// The commit of a statement outside of a transaction is here.
		if e := stmt.Finalize(); err == nil && e != nil {
			err = e
		}
	}()
	if err := bindAll(stmt, q.args); err != nil {
		return nil, err
	}
	r = &result{}
	for i := range stmt.ColumnCount() {
		r.columns = append(r.columns, stmt.ColumnName(i))
	}
	for len(r.rows) == 0 || !q.first {
		more, err := stmt.Step()
		if s.auth.denied != nil { // VACUUM compiles statements of its own
			return nil, s.auth.denied
		}
		if err != nil {
			return nil, err
		}
		if !more {
			break
		}
		if err := r.add(q, columns(stmt)); err != nil {
			return nil, err
		}
	}
	if wrote.rows { // SQLite tells these of the last statement that did
		r.changed = int64(s.conn.Changes())
	}
	r.lastID, r.hasID = s.conn.LastInsertRowID(), wrote.inserts
	return r, nil
}

// prepare compiles a text, which has one statement.
func (s *sqliteSession) prepare(text string) (*sqlite.Stmt, error) {
	if blank(text) {
		return nil, module.Errorf(module.ErrArgument, "the text has no statement")
	}
	s.auth.denied, s.auth.does = nil, writes{}
	stmt, trailing, err := s.conn.PrepareTransient(text)
	if s.auth.denied != nil {
		if err == nil {
			stmt.Finalize()
		}
		return nil, s.auth.denied
	}
	if err != nil {
		return nil, err
	}
	if !blank(text[len(text)-trailing:]) {
		stmt.Finalize()
		return nil, errSeveral()
	}
	return stmt, nil
}

// blank tells whether a text has nothing but spaces, comments and semicolons.
func blank(text string) bool {
	for {
		text = strings.TrimLeft(text, " \t\r\n\f;")
		switch {
		case strings.HasPrefix(text, "--"):
			_, text, _ = strings.Cut(text, "\n")
		case strings.HasPrefix(text, "/*"):
			_, text, _ = strings.Cut(text[2:], "*/")
		default:
			return text == ""
		}
	}
}

// sqliteError turns an error of SQLite into one for scripts: what is wrong with
// a statement is told apart from what is wrong with the file.
func sqliteError(err error) error {
	if errors.As(err, new(*module.Error)) || errors.As(err, new(*permission.Error)) {
		return err
	}
	typ, text := module.ErrIO, strings.ReplaceAll(err.Error(), "sqlite: ", "")
	switch sqlite.ErrCode(err).ToPrimary() {
	case sqlite.ResultError, sqlite.ResultConstraint, sqlite.ResultMismatch, sqlite.ResultRange, sqlite.ResultTooBig, sqlite.ResultAuth:
		typ = errSQL
	}
	return module.Errorf(typ, "%s", strings.TrimPrefix(text, "step: "))
}
