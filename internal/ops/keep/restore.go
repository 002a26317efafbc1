package keep

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"filippo.io/age"
	"github.com/gofrs/flock"

	"github.com/simplex-lua/simplex-lua/internal/atomicfile"
)

// RestoreOptions say what is restored where.
type RestoreOptions struct {
	Archive string
	Key     age.Identity // nil for an archive that is not encrypted
	// Data is the data folder: missing, empty, or with Force that of a bot that
	// does not run, which is kept beside it.
	Data  string
	Force bool

	inside bool // restores inside the folder wherever it lies
	// move renames; nil is os.Rename.
	move func(from, to string) error
}

const (
	// stagingEnding is after the name of a folder that is being restored.
	stagingEnding = ".restoring"
	// stagingMark is a file in it, locked by who restores.
	stagingMark = ".restoring.lock"
	// spare is how much room must be left on the disk, in bytes.
	spare = 16 << 20
)

// Restore unpacks an archive beside the data folder, checks it wholly, and puts
// it in the folder's place; where that cannot be, it does so inside the folder.
// Aside is where the old files are now, "" if there were none. It blocks until
// all is on the disk. The error is an *Error, or that of ctx; the data folder is
// then as it was, or says by Unfinished that the restore must be run again.
func Restore(ctx context.Context, o RestoreOptions) (m Manifest, aside string, err error) {
	data, err := realPath(o.Data)
	if err != nil {
		return m, "", failed(o.Data, "its place cannot be told", err)
	}
	entries, err := os.ReadDir(data)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return m, "", failed(data, "the folder cannot be looked into", err)
	}
	used := slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return !isKept(e.Name()) })
	unfinished := Unfinished(data)
	if used && !o.Force && unfinished == nil {
		return m, "", &Error{Path: data, Problem: "there is something in it", Advice: "Name an empty folder, or give --force: the old one is kept beside it."}
	}
	unlock, err := lockAll(data)
	if err != nil {
		return m, "", err
	}
	defer unlock()
	if unfinished != nil || o.inside || isMount(data) || !canMakeBeside(data) {
		return o.restoreInside(ctx, data, used)
	}
	if err := room(o.Archive, filepath.Dir(data)); err != nil {
		return m, "", err
	}
	staging := data + stagingEnding
	if err := makeStaging(staging, data); err != nil {
		return m, "", err
	}
	mark := flock.New(filepath.Join(staging, stagingMark))
	if held, err := mark.TryLock(); err != nil || !held {
		return m, "", failed(staging, "the folder cannot be locked", err)
	}
	defer mark.Close()
	if m, err = unpack(ctx, o.Archive, o.Key, staging); err != nil {
		_ = os.RemoveAll(staging) // nobody needs a part
		return m, "", err
	}
	if err := settle(staging, data); err != nil {
		_ = os.RemoveAll(staging) // nobody needs a part
		return m, "", failed(staging, "the restored files cannot be kept", err)
	}
	if err := errors.Join(mark.Close(), os.Remove(filepath.Join(staging, stagingMark))); err != nil {
		return m, "", failed(staging, "the restored folder cannot be finished", err)
	}
	aside, err = exchange(staging, data, len(entries) > 0)
	return m, aside, err
}

// realPath follows links, as far as there is anything.
func realPath(path string) (string, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	if real, err := filepath.EvalSymlinks(abs); err == nil {
		return real, nil
	}
	if err := os.MkdirAll(filepath.Dir(abs), 0o700); err != nil {
		return "", err
	}
	parent, err := filepath.EvalSymlinks(filepath.Dir(abs))
	return filepath.Join(parent, filepath.Base(abs)), err
}

// canMakeBeside tells whether a folder can be made beside the data folder. Where
// that is missing, making it will tell.
func canMakeBeside(data string) bool {
	if _, err := os.Stat(data); err != nil {
		return true
	}
	probe, err := os.MkdirTemp(filepath.Dir(data), "."+filepath.Base(data)+".probe-")
	if err == nil {
		err = os.Remove(probe)
	}
	return err == nil || !errors.Is(err, fs.ErrPermission) && !IsReadOnly(err)
}

// lockAll takes the locks of the databases in a data folder, so that no bot
// opens one.
func lockAll(data string) (unlock func(), err error) {
	var locks []*flock.Flock
	unlock = func() {
		for _, l := range locks {
			_ = l.Close() // what it kept out may come now
		}
	}
	prefixes, err := Databases(data)
	if err != nil {
		return nil, failed(data, "the folder cannot be looked into", err)
	}
	for _, p := range prefixes {
		l := flock.New(p + ".lock")
		held, err := l.TryLock()
		if err != nil || !held {
			unlock()
		}
		if err != nil {
			return nil, failed(p+".lock", "the database cannot be locked", err)
		}
		if !held {
			return nil, &Error{Path: data, Problem: "a bot has its database open", Cause: ErrRunning, Advice: "Stop it first: simplex-lua stop, or systemctl stop."}
		}
		locks = append(locks, l)
	}
	return unlock, nil
}

// ErrRunning tells that a bot has the database open.
var ErrRunning = errors.New("the bot runs")

// Lock keeps bots away from the databases in a data folder until unlock is
// called. The error is an *Error, and wraps ErrRunning where a bot is there. A folder
// with an unfinished restore is refused.
func Lock(data string) (unlock func(), err error) {
	if err := Unfinished(data); err != nil {
		return nil, err
	}
	return lockAll(data)
}

// room refuses where the archive's files cannot have room beside the old ones.
func room(archive, dir string) error {
	info, err := os.Stat(archive)
	if err != nil {
		return failed(archive, "the archive cannot be read", err)
	}
	free, err := Free(dir)
	if err != nil {
		return failed(dir, "the free space is not known", err)
	}
	if need := uint64(info.Size()) + spare; free < need {
		return &Error{Path: dir, Problem: "there is not enough room: " + Bytes(free) + " are free, " + Bytes(need) + " are needed",
			Advice: "Make room there, or restore to a folder on another disk."}
	}
	return nil
}

// makeStaging makes the folder that is restored to. One of a restore that was
// killed goes; where it has no mark it is the old data folder, which is kept.
func makeStaging(staging, data string) error {
	mark := filepath.Join(staging, stagingMark)
	if _, err := os.Lstat(staging); err == nil {
		if _, err := os.Lstat(mark); err != nil {
			if err := os.Rename(staging, asideOf(data)); err != nil {
				return failed(staging, "what an earlier restore has left cannot be moved", err)
			}
		} else {
			l := flock.New(mark)
			held, err := l.TryLock()
			if err == nil && !held {
				return &Error{Path: staging, Problem: "another restore is under way", Advice: "Wait for it."}
			}
			if err = errors.Join(err, l.Close()); err == nil {
				err = os.RemoveAll(staging)
			}
			if err != nil {
				return failed(staging, "what an earlier restore has left cannot be removed", err)
			}
		}
	}
	return wrap(staging, "the folder cannot be made", os.Mkdir(staging, 0o700))
}

// settle makes the restored folder ready: everything on the disk, with the rights
// of the old one, owned by who owns that, or the folder it will be in.
func settle(staging, data string) error {
	old, err := os.Stat(data)
	owner := old
	if err != nil {
		owner, _ = os.Stat(filepath.Dir(data))
	}
	err = filepath.WalkDir(staging, func(path string, d fs.DirEntry, err error) error {
		if err == nil && owner != nil {
			err = chownLike(path, owner)
		}
		if err == nil && d.IsDir() {
			err = atomicfile.SyncFolder(path)
		}
		return err
	})
	if err != nil || old == nil {
		return err
	}
	return os.Chmod(staging, old.Mode().Perm())
}

// exchange puts the restored folder in the place of the other.
func exchange(staging, data string, used bool) (aside string, err error) {
	if !used {
		_ = os.Remove(data) // where it is there and empty
		err = os.Rename(staging, data)
	} else {
		aside = asideOf(data)
		err = swap(staging, data, aside)
	}
	if err != nil {
		return "", &Error{Path: data, Problem: "the restored folder cannot take its place", Cause: err,
			Advice: "It is complete in " + staging + ": move it there yourself."}
	}
	return aside, wrap(data, "the folder cannot be kept", atomicfile.SyncFolder(filepath.Dir(data)))
}

// asideOf is a free name for the old data folder; with a slash after that, one in
// the folder for what was in it.
func asideOf(data string) string {
	base := data + asidePrefix + time.Now().UTC().Format("20060102-150405")
	name := base
	for i := 'a'; ; i++ {
		if _, err := os.Lstat(name); err != nil {
			return name
		}
		name = base + string(i)
	}
}

// swapByRename moves old to aside, and staging to its place.
func swapByRename(staging, old, aside string) error {
	if err := os.Rename(old, aside); err != nil {
		return err
	}
	if err := os.Rename(staging, old); err != nil {
		return errors.Join(err, os.Rename(aside, old))
	}
	return nil
}
