package keep

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Entry is one file for an archive. Its size must not change any more.
type Entry struct {
	Name string // below the data folder, with slashes
	Size int64
	Open func() (io.ReadCloser, error)
}

// Names of folders in a data folder.
const (
	filesFolder = "files" // received files; they are not changed, once they are there
	tempFolder  = "tmp"
	// backupsFolder has the archives that were made before something was changed.
	backupsFolder = "backups"
)

// Endings of the two files of a chat database.
var databaseEndings = []string{"_chat.db", "_agent.db"}

// Stopped lists the files of the data folder of a bot that does not run, without
// what only a running one needs. What lies elsewhere is not found.
func Stopped(data string) ([]Entry, error) {
	var list []Entry
	err := walk(data, func(name, path string, info fs.FileInfo) error {
		list = append(list, fileEntry(name, path, info.Size()))
		return nil
	})
	return list, err
}

// DatabaseFiles lists the files of one chat database, named by their base names.
// They may lie anywhere.
func DatabaseFiles(prefix string) ([]Entry, error) {
	dir, base := filepath.Split(prefix)
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var list []Entry
	for _, e := range entries {
		if !isOf(base, e.Name()) || transient(e.Name()) || !e.Type().IsRegular() {
			continue
		}
		info, err := e.Info()
		if err != nil {
			return nil, err
		}
		list = append(list, fileEntry(e.Name(), filepath.Join(dir, e.Name()), info.Size()))
	}
	return list, nil
}

// isOf tells whether a file is one of the chat database with that prefix, or
// belongs to one, as its journal does.
func isOf(prefix, name string) bool {
	rest, ok := strings.CutPrefix(name, prefix)
	return ok && startsDatabase(rest)
}

// startsDatabase tells whether that comes after the prefix of a chat database in
// the names of its files.
func startsDatabase(rest string) bool {
	return slices.ContainsFunc(databaseEndings, func(end string) bool { return strings.HasPrefix(rest, end) })
}

// HasDatabase tells what of a chat database is among the entries: of the one with
// that prefix below the data folder, of any where the prefix is "".
func HasDatabase(list []Entry, prefix string) Database {
	missing := slices.ContainsFunc(databaseEndings, func(end string) bool {
		return !slices.ContainsFunc(list, func(e Entry) bool {
			return e.Name == prefix+end || prefix == "" && strings.HasSuffix(e.Name, end) && !strings.HasPrefix(e.Name, filesFolder+"/")
		})
	})
	if missing {
		return Missing
	}
	return SQLite
}

// Below is the name that a path has below the data folder, with slashes; false
// where it lies elsewhere. The folder may be a link.
func Below(data, path string) (name string, ok bool) {
	for _, real := range []func(string) (string, error){filepath.Abs, filepath.EvalSymlinks} {
		dir, err := real(data)
		if err != nil {
			continue // nothing there
		}
		parent, err := real(filepath.Dir(path))
		if err != nil {
			continue
		}
		if rel, err := filepath.Rel(dir, filepath.Join(parent, filepath.Base(path))); err == nil && filepath.IsLocal(rel) {
			return filepath.ToSlash(rel), true
		}
	}
	return "", false
}

// Databases returns the prefixes of the chat databases in a data folder, which
// need not be there.
func Databases(data string) ([]string, error) {
	root, err := filepath.EvalSymlinks(data) // WalkDir goes into no link
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var prefixes []string
	err = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || path == root {
			return err
		}
		rel, err := filepath.Rel(root, path)
		switch name := filepath.ToSlash(rel); {
		case err != nil:
			return err
		case d.IsDir() && (transient(name) || name == filesFolder):
			return filepath.SkipDir
		}
		if p, ok := strings.CutSuffix(path, databaseEndings[0]); ok && d.Type().IsRegular() {
			prefixes = append(prefixes, p)
		}
		return nil
	})
	return prefixes, err
}

// transient tells whether a file or folder belongs into no archive: it is of the
// running process, half written, or an archive itself.
func transient(name string) bool {
	switch base := filepath.Base(name); {
	case name == tempFolder, name == backupsFolder, name == diskFolder, strings.HasPrefix(base, "."):
		return true
	case !strings.Contains(name, "/") && (strings.HasSuffix(base, ".lock") || strings.HasSuffix(base, "-shm")):
		return true
	case !strings.HasPrefix(name, filesFolder+"/"):
		return isLeftover(base)
	}
	return false
}

// walk calls fn for each file of a data folder that belongs into an archive. The
// folder may be a link, as that of a systemd service with a user of its own.
func walk(data string, fn func(name, path string, info fs.FileInfo) error) error {
	data, err := filepath.EvalSymlinks(data) // WalkDir goes into no link
	if err != nil {
		return err
	}
	if err := Unfinished(data); err != nil {
		return err
	}
	return filepath.WalkDir(data, func(path string, d fs.DirEntry, err error) error {
		if err != nil || path == data {
			return err
		}
		rel, err := filepath.Rel(data, path)
		if err != nil {
			return err
		}
		name := filepath.ToSlash(rel)
		switch {
		case transient(name) && d.IsDir():
			return filepath.SkipDir
		case transient(name), d.IsDir(), d.Type() == fs.ModeSocket, isLock(path):
			return nil
		case !d.Type().IsRegular():
			return &Error{Path: path, Problem: "it is neither a file nor a folder, and cannot be saved", Advice: "Move it out of the data folder."}
		case !validName(name):
			return &Error{Path: path, Problem: "a file of that name cannot be restored everywhere", Advice: "Rename it."}
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		return fn(name, path, info)
	})
}

// isLock tells whether a file is the lock of the chat database beside it.
func isLock(path string) bool {
	prefix, ok := strings.CutSuffix(path, ".lock")
	if ok {
		_, err := os.Lstat(prefix + databaseEndings[0])
		ok = err == nil
	}
	return ok
}

func fileEntry(name, path string, size int64) Entry {
	return Entry{name, size, func() (io.ReadCloser, error) { return os.Open(path) }}
}

// Parts of the folder that a running bot is saved to.
const (
	exportName = "export.zip"
	stateName  = "state"
)

// exportPrefix begins the names of the databases inside the core's archive.
const exportPrefix = "simplex_v1"

// ExportPath is where in the snapshot folder dir the core's archive belongs.
func ExportPath(dir string) string { return filepath.Join(dir, exportName) }

// Snapshot lists the files of a snapshot: what CopyState has put into the folder
// dir, and the core's archive, if there is one. Prefix is the database's, below
// the data folder. Close it when the entries have been read.
func Snapshot(dir, prefix string) (list []Entry, closer io.Closer, err error) {
	if err := walk(filepath.Join(dir, stateName), func(name, path string, info fs.FileInfo) error {
		list = append(list, fileEntry(name, path, info.Size()))
		return nil
	}); err != nil {
		return nil, nil, err
	}
	archive, err := zip.OpenReader(ExportPath(dir))
	if errors.Is(err, fs.ErrNotExist) {
		return list, io.NopCloser(nil), nil
	}
	if err != nil {
		return nil, nil, failed(ExportPath(dir), "the core's archive cannot be read", err)
	}
	exported, err := exportEntries(archive, prefix)
	if err != nil {
		return nil, nil, errors.Join(failed(ExportPath(dir), "the core's archive is not as expected", err), archive.Close())
	}
	return append(list, exported...), archive, nil
}

// exportEntries gives the databases of the core's archive their names in the
// data folder. All else in it is in the snapshot already.
func exportEntries(archive *zip.ReadCloser, prefix string) ([]Entry, error) {
	var list []Entry
	for _, end := range databaseEndings {
		i := slices.IndexFunc(archive.File, func(f *zip.File) bool { return f.Name == exportPrefix+end })
		if i < 0 {
			return nil, fmt.Errorf("%s%s is not in it", exportPrefix, end)
		}
		f := archive.File[i]
		list = append(list, Entry{prefix + end, int64(f.UncompressedSize64), f.Open})
	}
	return list, nil
}
