package host

import (
	"cmp"
	"log/slog"
	"path/filepath"

	"github.com/simplex-lua/simplex-lua/luaapi"
)

// Database says which chat database to open: either SQLite files or schemas in
// Postgres.
type Database struct {
	// Postgres tells which of the two it is.
	Postgres bool
	// Prefix is the absolute path that the SQLite files' names begin with
	// (Prefix_chat.db, Prefix_agent.db), or the prefix of the two schemas.
	Prefix string
	// Key is the key of encrypted SQLite files, "" for plain ones.
	Key string
	// Connection is the Postgres connection string.
	Connection string
	// Confirm is the core's word for how to go about migrations: yesUp,
	// yesUpDown, error or console.
	Confirm string
}

// LogValue leaves the key and the connection string out of logs.
func (d Database) LogValue() slog.Value {
	kind := "sqlite"
	if d.Postgres {
		kind = "postgres"
	}
	return slog.GroupValue(slog.String("kind", kind), slog.String("prefix", d.Prefix), slog.Bool("encrypted", d.Key != ""))
}

// String leaves the key and the connection string out.
func (d Database) String() string { return d.LogValue().String() }

// GoString is String, so that %#v shows no secret either.
func (d Database) GoString() string { return d.String() }

// place names the database without its secrets. In the data folder it is told from
// there, so that the folder may be moved. owned is Core.Owned.
func (d Database) place(data string, owned bool) string {
	switch {
	case !owned:
		return "of another program"
	case d.Postgres:
		return "postgres " + d.Prefix
	}
	if rel, err := filepath.Rel(data, d.Prefix); err == nil && filepath.IsLocal(rel) {
		return "sqlite " + filepath.ToSlash(rel)
	}
	return "sqlite " + filepath.Clean(d.Prefix)
}

// database puts what the operator sets in the place of what the script says,
// value by value where both name the same backend.
func (o Options) database(s luaapi.Settings) luaapi.Settings {
	if o.ConfirmMigrations != "" {
		s.ConfirmMigrations = o.ConfirmMigrations
	}
	if o.Database == nil {
		return s
	}
	db := *o.Database
	if db.Postgres != nil {
		p := *db.Postgres
		if script := s.Database.Postgres; script != nil {
			p.ConnectionString = cmp.Or(p.ConnectionString, script.ConnectionString)
			p.SchemaPrefix = cmp.Or(p.SchemaPrefix, script.SchemaPrefix)
		}
		db.Postgres = &p
	}
	if db.SQLite != nil {
		q := *db.SQLite
		if script := s.Database.SQLite; script != nil {
			q.FilePrefix = cmp.Or(q.FilePrefix, script.FilePrefix)
			q.EncryptionKey = cmp.Or(q.EncryptionKey, script.EncryptionKey)
		}
		db.SQLite = &q
	}
	s.Database = db
	return s
}

// resolveDatabase fills in what the script left open. A relative prefix counts
// from the data folder: the working directory of a service is nobody's choice.
func resolveDatabase(s luaapi.Settings, data string) Database {
	db := Database{Confirm: s.ConfirmMigrations, Prefix: filepath.Join(data, "chat")}
	switch {
	case s.Database.Postgres != nil:
		p := s.Database.Postgres
		db.Postgres, db.Connection, db.Prefix = true, p.ConnectionString, p.SchemaPrefix
		if db.Prefix == "" {
			db.Prefix = "simplex"
		}
	case s.Database.SQLite != nil:
		q := s.Database.SQLite
		db.Key = q.EncryptionKey
		if q.FilePrefix != "" {
			db.Prefix = q.FilePrefix
		}
		if !filepath.IsAbs(db.Prefix) {
			db.Prefix = filepath.Join(data, db.Prefix)
		}
	}
	return db
}

// ResolveDatabase is the database that a bot with these options and settings of
// its script has. o.Data must be an absolute path.
func ResolveDatabase(o Options, s luaapi.Settings) Database {
	return resolveDatabase(o.database(s), o.Data)
}
