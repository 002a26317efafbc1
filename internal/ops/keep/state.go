package keep

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"
)

// CopyState copies what a bot keeps besides the chat database into the snapshot
// folder dir: received files, the store, other SQLite databases, and the rest. The bot
// may run and go on to write: of a database the copy has all that was committed
// before. Received files are linked where that is possible, so it is quick. Prefix
// is the chat database's below the data folder, with slashes, "" where there is
// none.
func CopyState(ctx context.Context, data, prefix, dir string) error {
	if err := os.MkdirAll(filepath.Join(dir, stateName), 0o700); err != nil {
		return err
	}
	return walk(data, func(name, path string, _ fs.FileInfo) error {
		if prefix != "" && isOf(prefix, name) {
			return nil // the core exports it
		}
		to := filepath.Join(dir, stateName, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
			return err
		}
		if strings.HasPrefix(name, filesFolder+"/") && os.Link(path, to) == nil {
			return ctx.Err()
		}
		err := copyOne(ctx, path, to)
		if errors.Is(err, fs.ErrNotExist) {
			return nil // it was a passing one
		}
		return err
	})
}

// copyOne copies one file; a database with SQLite's help.
func copyOne(ctx context.Context, from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	start := make([]byte, len(sqliteMagic))
	n, err := io.ReadFull(in, start)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return err
	}
	if bytes.Equal(start[:n], []byte(sqliteMagic)) {
		return copyDatabase(ctx, from, to)
	}
	if base, ok := strings.CutSuffix(from, "-wal"); ok && isSQLite(base) {
		return nil // the copy of its database has what stands there
	}
	if base, ok := strings.CutSuffix(from, "-journal"); ok && isSQLite(base) {
		return nil
	}
	out, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, io.MultiReader(bytes.NewReader(start[:n]), in))
	return errors.Join(err, out.Close())
}

// sqliteMagic begins every SQLite file that has something in it.
const sqliteMagic = "SQLite format 3\x00"

func isSQLite(path string) bool {
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	start := make([]byte, len(sqliteMagic))
	_, err = io.ReadFull(f, start)
	return err == nil && string(start) == sqliteMagic
}

// copyDatabase writes a copy of a database that others may have open.
func copyDatabase(ctx context.Context, from, to string) error {
	conn, err := sqlite.OpenConn(from, sqlite.OpenReadWrite)
	if err != nil {
		return failed(from, "the database cannot be opened for a copy", err)
	}
	conn.SetInterrupt(ctx.Done())
	err = sqlitex.ExecuteTransient(conn, "VACUUM INTO ?", &sqlitex.ExecOptions{Args: []any{to}})
	if sqlite.ErrCode(err).ToPrimary() == sqlite.ResultFull {
		err = errNoSpace
	}
	if err = errors.Join(err, conn.Close()); err != nil {
		return failed(from, "the database cannot be copied", err)
	}
	return os.Chmod(to, 0o600)
}
