package native

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/gofrs/flock"
)

// LockedError reports that somebody has the database open. The core would not
// refuse a second open, and both would then lose messages.
type LockedError struct {
	Database string // the SQLite prefix
	File     string // the lock file that is held
}

// Error names the database and the lock file.
func (e *LockedError) Error() string {
	return fmt.Sprintf("chat database %s is in use: %s is locked", e.Database, e.File)
}

// Hint tells what to do next.
func (e *LockedError) Hint() string {
	return "Stop the bot that has it open, or give this one a data folder of its own. " +
		"The lock goes with the process that holds it; removing the file does not help."
}

// lockDatabase takes the lock of db and returns how to give it back. The file
// stays: removing it would let two processes lock two files of one name.
func lockDatabase(db Database) (unlock func() error, err error) {
	sqlite, ok := db.(SQLite)
	if !ok {
		return func() error { return nil }, nil
	}
	file := absolute(sqlite.Prefix + ".lock")
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return nil, err
	}
	lock := flock.New(file)
	locked, err := lock.TryLock()
	if err != nil {
		return nil, err
	}
	if !locked {
		return nil, &LockedError{Database: sqlite.Prefix, File: file}
	}
	return lock.Unlock, nil
}
