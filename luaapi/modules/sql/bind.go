package sql

import (
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"zombiezen.com/go/sqlite"

	"github.com/simplex-lua/simplex-lua/luaapi/module"
)

// bindAll gives a statement its parameters: ? and ?1 by their place, $1 by its
// number.
func bindAll(stmt *sqlite.Stmt, args []any) error {
	places, want := make([]int, stmt.BindParamCount()), 0
	for i := range places {
		places[i] = i + 1
		if name := stmt.BindParamName(i + 1); name != "" {
			n, err := strconv.Atoi(name[1:])
			if err != nil || n < 1 || name[0] != '?' && name[0] != '$' {
				return module.Errorf(module.ErrArgument, "the placeholder %s has a name; write ? or $1", name)
			}
			places[i] = n
		}
		want = max(want, places[i])
	}
	if want != len(args) {
		return wrongCount(want, len(args))
	}
	for i, place := range places {
		switch v := args[place-1].(type) {
		case nil:
			stmt.BindNull(i + 1)
		case bool:
			stmt.BindBool(i+1, v)
		case float64:
			if v == math.Trunc(v) && math.Abs(v) <= maxExact {
				stmt.BindInt64(i+1, int64(v))
			} else {
				stmt.BindFloat(i+1, v)
			}
		case string:
			if utf8.ValidString(v) && !strings.Contains(v, "\x00") {
				stmt.BindText(i+1, v)
			} else {
				stmt.BindBytes(i+1, []byte(v))
			}
		}
	}
	return nil
}

// columns reads the row that a statement is at.
func columns(stmt *sqlite.Stmt) []any {
	row := make([]any, stmt.ColumnCount())
	for i := range row {
		switch stmt.ColumnType(i) {
		case sqlite.TypeInteger:
			row[i] = integer(stmt.ColumnInt64(i))
		case sqlite.TypeFloat:
			row[i] = stmt.ColumnFloat(i)
		case sqlite.TypeText:
			row[i] = stmt.ColumnText(i)
		case sqlite.TypeBlob:
			b := make([]byte, stmt.ColumnLen(i))
			stmt.ColumnBytes(i, b)
			row[i] = string(b)
		}
	}
	return row
}
