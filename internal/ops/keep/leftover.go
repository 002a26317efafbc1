package keep

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// leftoverEndings are after the names of files that the core leaves beside a
// database when its key is changed: a copy with the old key, which it never
// removes, and what it was writing with the new one.
var leftoverEndings = []string{".bak", ".exported"}

// Leftovers lists what a change of the key has left beside the database with
// that prefix. The files have all chats, with the old key or without one.
func Leftovers(prefix string) ([]string, error) {
	dir, base := filepath.Split(prefix)
	entries, err := os.ReadDir(filepath.Clean(dir))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, failed(dir, "the folder cannot be looked into", err)
	}
	var found []string
	for _, e := range entries {
		if rest, ok := strings.CutPrefix(e.Name(), base); ok && isLeftover(rest) && startsDatabase(rest) && e.Type().IsRegular() {
			found = append(found, filepath.Join(dir, e.Name()))
		}
	}
	return found, nil
}

// RemoveLeftovers removes them. Only a database that was opened with its new key
// can do without.
func RemoveLeftovers(prefix string) error {
	found, err := Leftovers(prefix)
	for _, path := range found {
		err = errors.Join(err, os.Remove(path))
	}
	return wrap(prefix, "a copy of the database with the old key cannot be removed", err)
}

// GiveBack gives the files of the database with that prefix, its lock and the
// folder for archives to who owns the folder: what root has written there, the
// bot's user could not open. Others than root can and need do nothing.
func GiveBack(prefix string) error {
	dir, base := filepath.Split(prefix)
	owner, err := os.Stat(dir)
	if err != nil {
		return failed(dir, "the folder cannot be looked into", err)
	}
	entries, err := os.ReadDir(dir)
	for _, e := range entries {
		rest, ours := strings.CutPrefix(e.Name(), base)
		if ours && (startsDatabase(rest) || rest == ".lock") || e.Name() == backupsFolder {
			err = errors.Join(err, chownLike(filepath.Join(dir, e.Name()), owner))
		}
	}
	return wrap(prefix, "the database cannot be given back to its owner", err)
}

// isLeftover tells it by the name, or by what comes after the prefix in it. The
// journal of such a file is one too.
func isLeftover(name string) bool {
	return slices.ContainsFunc(databaseEndings, func(end string) bool {
		_, after, found := strings.Cut(name, end)
		return found && slices.ContainsFunc(leftoverEndings, func(left string) bool {
			rest, ok := strings.CutPrefix(after, left)
			return ok && (rest == "" || strings.HasPrefix(rest, "-"))
		})
	})
}
