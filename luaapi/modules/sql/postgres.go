package sql

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/simplex-lua/simplex-lua/luaapi/module"
	"github.com/simplex-lua/simplex-lua/luaapi/permission"
)

// postgresSource is a pool of connections to a server.
type postgresSource struct{ pool *pgxpool.Pool }

type postgresSession struct {
	conn *pgxpool.Conn
	inTx bool // between begin and end
}

// openPostgres makes the pool; it connects with the first take.
func openPostgres(ctx context.Context, config *pgxpool.Config) (source, error) {
	params := config.ConnConfig.RuntimeParams
	params["timezone"], params["datestyle"] = "UTC", "ISO"
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, err
	}
	return &postgresSource{pool}, nil
}

func (src *postgresSource) take(ctx context.Context) (session, error) {
	conn, err := src.pool.Acquire(ctx)
	if err != nil {
		return nil, err
	}
	return &postgresSession{conn: conn}, nil
}

func (src *postgresSource) close() { src.pool.Close() }

func (s *postgresSession) release() { s.conn.Release() }

func (s *postgresSession) begin(ctx context.Context) error {
	err := s.own(ctx, "BEGIN")
	s.inTx = err == nil
	return err
}

func (s *postgresSession) end(ctx context.Context, commit bool) error {
	s.inTx = false
	if !commit {
		return s.own(ctx, "ROLLBACK")
	}
	if s.pg().TxStatus() == txFailed {
		return module.Errorf(errSQL, "the transaction cannot be committed, since a statement in it failed")
	}
	return s.own(ctx, "COMMIT")
}

// States of a transaction, as the server tells them after each statement.
const (
	txIdle   = 'I'
	txFailed = 'E'
)

func (s *postgresSession) pg() *pgconn.PgConn { return s.conn.Conn().PgConn() }

func (s *postgresSession) own(ctx context.Context, text string) error {
	return s.pg().Exec(ctx, text).Close()
}

func (s *postgresSession) run(ctx context.Context, q query) (*result, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	r, err := s.once(ctx, cancel, q)
	if idle := s.pg().TxStatus() == txIdle; idle == s.inTx && !s.pg().IsClosed() {
		// The text began or ended a transaction.
		return nil, errors.Join(errOwnTransaction(), s.own(ctx, "ROLLBACK"))
	}
	return r, postgresError(err)
}

// once runs a statement by the protocol that takes a single one and its
// parameters apart from the text. cancel gives up the connection.
func (s *postgresSession) once(ctx context.Context, cancel func(), q query) (*result, error) {
	if blank(q.text) {
		return nil, module.Errorf(module.ErrArgument, "the text has no statement")
	}
	stmt, err := s.pg().Prepare(ctx, "", q.text, nil)
	if err != nil {
		return nil, err
	}
	if len(stmt.ParamOIDs) != len(q.args) {
		return nil, wrongCount(len(stmt.ParamOIDs), len(q.args))
	}
	values, formats := make([][]byte, len(q.args)), make([]int16, len(q.args))
	for i, v := range q.args {
		values[i], formats[i] = parameter(v, stmt.ParamOIDs[i])
	}
	r := &result{}
	shown := make([]int16, len(stmt.Fields))
	for i, f := range stmt.Fields {
		r.columns = append(r.columns, f.Name)
		if f.DataTypeOID == pgtype.ByteaOID {
			shown[i] = binaryFormat
		}
	}
	rows := s.pg().ExecPrepared(ctx, "", values, formats, shown)
	for rows.NextRow() {
		if q.first && len(r.rows) == 1 {
			continue
		}
		row := make([]any, len(stmt.Fields))
		for i, v := range rows.Values() {
			row[i] = column(v, stmt.Fields[i].DataTypeOID)
		}
		if err := r.add(q, row); err != nil {
			cancel() // rather than read all that is left
			rows.Close()
			return nil, err
		}
	}
	tag, err := rows.Close()
	r.changed = tag.RowsAffected()
	if tag.Select() {
		r.changed = 0
	}
	return r, err
}

// binaryFormat shows a value as its bytes; 0 is text.
const binaryFormat = 1

// parameter writes a value for a parameter of a type: as the text that the
// server reads, and bytes as they are.
func parameter(v any, oid uint32) (value []byte, format int16) {
	switch v := v.(type) {
	case bool:
		return strconv.AppendBool([]byte{}, v), 0
	case float64:
		return []byte(numberText(v)), 0
	case string:
		if oid == pgtype.ByteaOID {
			format = binaryFormat
		}
		return []byte(v), format
	}
	return nil, 0
}

// column reads a value of a type. What Lua has no type for stays the text that
// the server wrote.
func column(v []byte, oid uint32) any {
	if v == nil {
		return nil
	}
	text := string(v)
	switch oid {
	case pgtype.BoolOID:
		return text == "t"
	case pgtype.Int2OID, pgtype.Int4OID, pgtype.Int8OID, pgtype.OIDOID:
		if n, err := strconv.ParseInt(text, 10, 64); err == nil {
			return integer(n)
		}
	case pgtype.Float4OID, pgtype.Float8OID:
		if f, err := strconv.ParseFloat(text, 64); err == nil {
			return f
		}
	case pgtype.NumericOID:
		if f, err := strconv.ParseFloat(text, 64); err == nil && numberText(f) == text {
			return f
		}
	case pgtype.TimestampOID:
		return strings.Replace(text, " ", "T", 1)
	case pgtype.TimestamptzOID:
		return strings.Replace(strings.Replace(text, " ", "T", 1), "+00", "Z", 1)
	}
	return text
}

// postgresError tells what is wrong with a statement apart from what is wrong
// with the connection.
func postgresError(err error) error {
	var refused *pgconn.PgError
	switch {
	case err == nil, errors.As(err, new(*module.Error)), errors.As(err, new(*permission.Error)):
		return err
	case !errors.As(err, &refused):
		return module.Errorf(module.ErrIO, "%v", err)
	case refused.Code == "42601" && strings.Contains(refused.Message, "multiple commands"):
		return errSeveral()
	case refused.Code == "57014": // query_canceled, by the administrator or statement_timeout
		return module.Errorf(module.ErrTimeout, "%s", refused.Message)
	}
	return module.Errorf(errSQL, "%s (%s)", refused.Message, refused.Code)
}
