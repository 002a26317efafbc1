package sql

import (
	"context"
	"math"
	"strconv"

	"github.com/simplex-lua/simplex-lua/luaapi/module"
)

// source is an open database. Its methods are safe for use by several
// goroutines, block, and end with ctx.
type source interface {
	// take returns a session that nobody else has, until it is released.
	take(ctx context.Context) (session, error)
	// close waits for the sessions that are taken.
	close()
}

// session is one connection. One goroutine at a time uses it.
type session interface {
	// run runs one statement. ctx ends it on the server, too.
	run(ctx context.Context, q query) (*result, error)
	// begin begins a transaction and end ends it.
	begin(ctx context.Context) error
	end(ctx context.Context, commit bool) error
	release()
}

// query is a statement with its parameters: nil, bool, float64 or string.
type query struct {
	text string
	args []any
	// limit is how many rows the result may have; first stops after one instead.
	limit int
	first bool
}

// result is what a statement returned: values are nil, bool, float64 or string.
type result struct {
	columns []string
	rows    [][]any
	// changed counts the rows that were written; lastID is the row id of the last
	// one inserted, on SQLite.
	changed int64
	lastID  int64
	hasID   bool
	size    int // of the texts in rows, in bytes
}

// maxResult is how large the texts of a result may be, in bytes.
const maxResult = 32 << 20

// add adds a row and refuses one too many.
func (r *result) add(q query, row []any) error {
	for _, v := range row {
		if s, ok := v.(string); ok {
			r.size += len(s)
		}
	}
	switch {
	case len(r.rows) == q.limit:
		return module.Errorf(module.ErrLimit, "the result has more than %d rows; add LIMIT to the text, or raise limit in sql.open", q.limit)
	case r.size > maxResult:
		return module.Errorf(module.ErrLimit, "the result is larger than %d MiB; add LIMIT to the text, or ask for fewer columns", maxResult>>20)
	}
	r.rows = append(r.rows, row)
	return nil
}

// errSQL is the type of errors of statements: wrong SQL, a violated constraint.
const errSQL = "sql"

// maxExact is the largest number up to which all whole ones are exact in Lua.
const maxExact = 1 << 53

// integer is a whole number as Lua gets it: as text where it would be inexact.
func integer(n int64) any {
	if n > maxExact || n < -maxExact {
		return strconv.FormatInt(n, 10)
	}
	return float64(n)
}

// numberText writes a number down so that it is read again exactly; whole ones
// without a point.
func numberText(f float64) string {
	if f == math.Trunc(f) && math.Abs(f) <= maxExact {
		return strconv.FormatInt(int64(f), 10)
	}
	return strconv.FormatFloat(f, 'g', -1, 64)
}

// wrongCount is the error of too many or too few parameters.
func wrongCount(want, got int) error {
	return module.Errorf(module.ErrArgument, "the text has placeholders for %d parameters, but %d were given", want, got)
}

// errSeveral is the error of a text with more than one statement.
func errSeveral() error {
	return module.Errorf(module.ErrArgument, "the text has more than one statement; run them one by one")
}

// errOwnTransaction is the error of BEGIN, COMMIT and the like in a text.
func errOwnTransaction() error {
	return module.Errorf(module.ErrArgument, "transactions are made with db:transaction(function(tx) … end)")
}
