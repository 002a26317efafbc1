package native

// Secret is a text that must not be seen: an encryption key or a connection
// string. Printed, logged or marshalled it reads "[secret]".
type Secret string

const hidden = "[secret]"

// String hides the secret.
func (Secret) String() string { return hidden }

// GoString hides the secret.
func (Secret) GoString() string { return hidden }

// MarshalText hides the secret.
func (Secret) MarshalText() ([]byte, error) { return []byte(hidden), nil }

// Database says which chat database a controller opens: SQLite or Postgres.
type Database interface {
	// Backend is the variant of the library that can open it.
	Backend() Backend
	// String names it, without secrets.
	String() string
	// arguments are those of chat_migrate_init.
	arguments() (path string, key Secret)
}

// SQLite is a pair of files, PREFIX_chat.db and PREFIX_agent.db. While a
// controller has them open, the file PREFIX.lock is locked.
type SQLite struct {
	Prefix string // their common path; missing folders are made, for the owner only
	Key    Secret // encryption key; empty: not encrypted
}

// Backend returns BackendSQLite.
func (SQLite) Backend() Backend { return BackendSQLite }

// String returns the prefix.
func (d SQLite) String() string { return d.Prefix }

func (d SQLite) arguments() (string, Secret) { return d.Prefix, d.Key }

// Postgres is a pair of schemas on a PostgreSQL server. No lock is taken: the
// core does not refuse a second open, and nor do we as yet.
type Postgres struct {
	SchemaPrefix     string
	ConnectionString Secret
}

// Backend returns BackendPostgres.
func (Postgres) Backend() Backend { return BackendPostgres }

// String returns the schema prefix.
func (d Postgres) String() string { return d.SchemaPrefix }

func (d Postgres) arguments() (string, Secret) { return d.SchemaPrefix, d.ConnectionString }

// Confirmation says what the core may do to a database of another version.
type Confirmation string

// The confirmations that chat_migrate_init knows.
const (
	ConfirmUp     Confirmation = "yesUp"     // upgrade
	ConfirmUpDown Confirmation = "yesUpDown" // upgrade or downgrade
	ConfirmNone   Confirmation = "error"     // neither: KindMigration
	ConfirmAsk    Confirmation = "console"   // the core asks on standard input
)

var (
	_ Database = SQLite{}
	_ Database = Postgres{}
)
