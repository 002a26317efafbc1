package native

import (
	"encoding/json"
	"strings"
)

// Kinds of InitError. A kind that the core may add later is its tag as it came.
const (
	// KindNotADatabase: the key is wrong, or the file is no database.
	KindNotADatabase Kind = "errorNotADatabase"
	// KindMigration: the database is of another version; see Migration.
	KindMigration Kind = "errorMigration"
	// KindSQL: the database could not be opened or changed.
	KindSQL Kind = "errorSQL"
	// KindConfirmation: the Confirmation is none that the core knows.
	KindConfirmation Kind = "invalidConfirmation"
	// KindKeychain: the core could not use the system's store of keys.
	KindKeychain Kind = "errorKeychain"

	// KindWrongBackend: the database is not for the loaded variant.
	KindWrongBackend Kind = "wrong backend"
	// KindLockFile: the lock file could not be made.
	KindLockFile Kind = "lock file cannot be made"
	// KindBadAnswer: the core's answer cannot be understood.
	KindBadAnswer Kind = "unexpected answer of the core"
	// KindArgument: an argument cannot be handed to the core.
	KindArgument Kind = "argument refused"
)

// Migration values of InitError: what the core found.
const (
	MigrationUpgrade   = "upgrade"   // the database is older, and was not to be changed
	MigrationDowngrade = "downgrade" // it is newer, and was not to be changed
	MigrationNoDown    = "noDown"    // it is newer, and there is no way back
	MigrationDifferent = "different" // it has another history
)

// InitError says why a database was not opened. Its text has no key in it.
type InitError struct {
	Kind      Kind
	Database  string // SQLite prefix or Postgres schema prefix
	File      string // the database of the two that the core names, if it did
	Migration string // for KindMigration, the Migration values or a newer one
	Detail    string // the database's own message, if any
	Raw       []byte // the core's answer in JSON; nil if it was not asked
	Cause     error  // may be nil
}

// Error describes the problem in one line.
func (e *InitError) Error() string {
	s := "open chat database " + e.Database + ": " + string(e.Kind)
	if e.Migration != "" {
		s += " (" + e.Migration + ")"
	}
	if e.File != "" && e.File != e.Database {
		s += ": " + e.File
	}
	if e.Detail != "" {
		s += ": " + e.Detail
	}
	if e.Cause != nil {
		s += ": " + e.Cause.Error()
	}
	return s
}

// Unwrap returns the cause.
func (e *InitError) Unwrap() error { return e.Cause }

// Is tells whether target is the error's Kind.
func (e *InitError) Is(target error) bool { return target == error(e.Kind) }

// Hint tells what to do next.
func (e *InitError) Hint() string {
	switch e.Kind {
	case KindNotADatabase:
		return "Check the encryption key. If it is right, the file is damaged or no chat database: restore a backup."
	case KindMigration:
		return e.migrationHint()
	case KindSQL:
		return "Check that the database's folder can be written, that the disk is not full, and for PostgreSQL that the server answers."
	case KindConfirmation:
		return `confirm_migrations is "yesUp", "yesUpDown", "error", or "console" on a terminal.`
	case KindKeychain:
		return "Check the system's store of keys, or give the encryption key in the configuration."
	case KindWrongBackend:
		return "Choose the database that fits the library, or install the other one, for PostgreSQL with `simplex-lua install --backend postgres`."
	case KindLockFile:
		return "Make the database's folder writable, or choose another data folder."
	case KindArgument:
		return "Correct the database's path or key."
	}
	return "Check that the library is of the version " + Version + "."
}

func (e *InitError) migrationHint() string {
	switch e.Migration {
	case MigrationUpgrade:
		return `The database is of an older version. Back it up and set confirm_migrations to "yesUp".`
	case MigrationDowngrade:
		return "A newer version has used the database. Use that version again, " +
			`or back it up and set confirm_migrations to "yesUpDown": what only the newer version knows is lost.`
	}
	return "This version cannot open the database. Use the version that made it, or restore a backup."
}

// initAnswer is what chat_migrate_init answers.
type initAnswer struct {
	Type              string `json:"type"`
	DBFile            string `json:"dbFile"`
	MigrationSQLError string `json:"migrationSQLError"`
	MigrationError    struct {
		Type     string `json:"type"`
		MTRError struct {
			Type string `json:"type"`
		} `json:"mtrError"`
	} `json:"migrationError"`
}

// parseInit returns nil for the core's "ok", else what it says as an InitError.
func parseInit(db Database, raw []byte) error {
	_, key := db.arguments()
	raw = []byte(withoutSecret(string(raw), key))
	e := &InitError{Kind: KindBadAnswer, Database: db.String(), Raw: raw}
	var a initAnswer
	if err := json.Unmarshal(raw, &a); err != nil {
		e.Cause = err
		return e
	}
	switch a.Type {
	case "ok":
		return nil
	case "":
		return e
	}
	e.Kind, e.File, e.Detail = Kind(a.Type), a.DBFile, a.MigrationSQLError
	e.Migration = a.MigrationError.Type
	if sub := a.MigrationError.MTRError.Type; sub != "" {
		e.Migration = sub
	}
	return e
}

// withoutSecret hides the secret where the core repeats it. Very short ones are
// left: they would be found inside other words.
func withoutSecret(s string, secret Secret) string {
	if len(secret) < 6 {
		return s
	}
	return strings.ReplaceAll(s, string(secret), hidden)
}
