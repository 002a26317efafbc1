package sql

import (
	"strings"

	"zombiezen.com/go/sqlite"

	"github.com/simplex-lua/simplex-lua/luaapi/permission"
)

// authorizer decides what the statements of scripts may do. SQLite asks it while
// it compiles them, so it sees what no reading of their text could hide. The
// function load_extension needs no refusal: SQLite has it switched off.
type authorizer struct {
	// own is set while a statement of ours is compiled.
	own bool
	// denied is the first refusal of the statement that is compiled.
	denied error
	// does is what the statement writes.
	does writes
}

// writes tells what a statement writes into tables that are not SQLite's own.
type writes struct{ rows, inserts bool }

// Authorize implements sqlite.Authorizer.
func (a *authorizer) Authorize(action sqlite.Action) sqlite.AuthResult {
	if a.own {
		return sqlite.AuthResultOK
	}
	err := a.check(action)
	if err == nil {
		return sqlite.AuthResultOK
	}
	if a.denied == nil {
		a.denied = err
	}
	return sqlite.AuthResultDeny
}

func (a *authorizer) check(action sqlite.Action) error {
	switch action.Type() {
	case sqlite.OpAttach, sqlite.OpDetach:
		return refused("ATTACH, DETACH and VACUUM reach other files")
	case sqlite.OpTransaction, sqlite.OpSavepoint:
		return errOwnTransaction()
	case sqlite.OpInsert, sqlite.OpUpdate, sqlite.OpDelete:
		if !strings.HasPrefix(action.Table(), "sqlite_") {
			a.does.rows = true
			a.does.inserts = a.does.inserts || action.Type() == sqlite.OpInsert
		}
	case sqlite.OpPragma:
		name := strings.ToLower(action.Pragma())
		if !pragmas[name] || name == "journal_mode" && action.PragmaArg() != "" {
			return refused("PRAGMA " + action.Pragma())
		}
	case sqlite.OpCreateVTable:
		if !virtualTables[strings.ToLower(action.Module())] {
			return refused("the virtual table " + action.Module())
		}
	}
	return nil
}

func refused(what string) error {
	return &permission.Error{Message: what + ": not allowed in the SQL of scripts"}
}

// pragmas are those that stay within the file. Left out are those that reach
// others, change the walls or how SQLite uses memory.
var pragmas = set(
	"analysis_limit", "application_id", "auto_vacuum", "collation_list", "compile_options", "data_version",
	"database_list", "defer_foreign_keys", "encoding", "foreign_key_check", "foreign_key_list", "foreign_keys",
	"freelist_count", "function_list", "incremental_vacuum", "index_info", "index_list", "index_xinfo",
	"integrity_check", "journal_mode", "optimize", "page_count", "page_size", "quick_check",
	"recursive_triggers", "synchronous", "table_info", "table_list", "table_xinfo", "user_version", "wal_checkpoint",
)

// virtualTables are the kinds that keep what they hold in the file.
var virtualTables = set("fts3", "fts4", "fts5", "fts5vocab", "rtree", "rtree_i32", "geopoly")

func set(names ...string) map[string]bool {
	m := map[string]bool{}
	for _, name := range names {
		m[name] = true
	}
	return m
}
