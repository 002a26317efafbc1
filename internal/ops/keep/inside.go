package keep

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/gofrs/flock"

	"github.com/simplex-lua/simplex-lua/internal/atomicfile"
)

// A data folder that cannot be exchanged, as it is a mount point or its parent
// cannot be written, is restored inside itself:
//
//	.restoring/ unpacked, checked ─▶ plan ─▶ old entries to .before-TIME/ ─▶ new ones to their place ─▶ no plan
//
// A kill before the plan leaves the old files as they were. After it nothing can
// fail but the moving of names: the folder is no bot's until the same restore has
// been run again, and Lock, backups and the host refuse it so long.
const (
	insideStaging = ".restoring"
	insideLock    = ".restoring.lock"
	asidePrefix   = ".before-"
	// PlanName is the file that tells of a restore which is to be finished.
	PlanName = ".restore-unfinished.json"
	planPart = ".restore-plan-"
	// diskFolder is what some file systems have at their root.
	diskFolder = "lost+found"
)

// plan says how far a restore inside a folder has come.
type plan struct {
	Archive  string   `json:"archive"` // absolute path
	Manifest Manifest `json:"manifest"`
	Aside    string   `json:"aside,omitempty"` // name in the folder; "" where nothing was there
	// Moved tells that all that was there is aside.
	Moved bool `json:"moved"`
}

// Unfinished tells whether a restore into the folder was cut off after its plan.
// The error is an *Error that says so.
func Unfinished(data string) error {
	if _, err := os.Lstat(filepath.Join(data, PlanName)); err != nil {
		return nil // whoever needs the folder tells what is wrong with it
	}
	return &Error{Path: data, Problem: "a restore into it was cut off, and it has old and new files",
		Advice: "Run the same restore again: it goes on where it stopped."}
}

// restoreInside restores to the folder without taking its place.
func (o RestoreOptions) restoreInside(ctx context.Context, data string, used bool) (m Manifest, aside string, err error) {
	archive, err := filepath.Abs(o.Archive)
	if err != nil {
		return m, "", failed(o.Archive, "its place cannot be told", err)
	}
	lock := flock.New(filepath.Join(data, insideLock))
	held, err := lock.TryLock()
	switch {
	case err != nil:
		return m, "", failed(data, "the folder cannot be locked", err)
	case !held:
		return m, "", &Error{Path: data, Problem: "another restore is under way", Advice: "Wait for it."}
	}
	defer func() { _ = errors.Join(os.Remove(lock.Path()), lock.Close()) }() // left over it does no harm
	switch p, found, err := readPlan(data); {
	case err != nil:
		return m, "", err
	case found:
		aside, err := o.finish(data, p)
		if err == nil && p.Archive != archive {
			err = &Error{Path: data, Problem: "an earlier restore of " + p.Archive + " was cut off, and is finished now", Advice: "Start the bot, or give --force to restore this archive in its place."}
		}
		return p.Manifest, aside, err
	}
	if err := wholeDisk(data); err != nil {
		return m, "", err
	}
	if err := room(archive, data); err != nil {
		return m, "", err
	}
	staging := filepath.Join(data, insideStaging)
	if err := errors.Join(os.RemoveAll(staging), os.Mkdir(staging, 0o700)); err != nil { // only a part can be there
		return m, "", failed(staging, "the folder cannot be made", err)
	}
	m, err = unpack(ctx, archive, o.Key, staging)
	if err == nil {
		err = wrap(staging, "the restored files cannot be kept", settle(staging, data))
	}
	p := plan{Archive: archive, Manifest: m}
	if used {
		p.Aside = filepath.Base(asideOf(data + string(filepath.Separator)))
	}
	if err == nil {
		err = p.write(data)
	}
	if err != nil {
		_ = os.RemoveAll(staging) // nobody needs a part
		return m, "", err
	}
	aside, err = o.finish(data, p)
	return m, aside, err
}

// finish does what of the plan is not done yet.
func (o RestoreOptions) finish(data string, p plan) (aside string, err error) {
	if p.Aside != "" {
		aside = filepath.Join(data, p.Aside)
	}
	err = o.carryOut(data, aside, p)
	if err != nil {
		return "", &Error{Path: data, Problem: "the restored files cannot all take their place", Cause: err,
			Advice: "Mend that, and run the same restore again: it goes on where it stopped. No bot starts from the folder before."}
	}
	return aside, nil
}

func (o RestoreOptions) carryOut(data, aside string, p plan) error {
	staging := filepath.Join(data, insideStaging)
	if !p.Moved && aside != "" {
		err := os.Mkdir(aside, 0o700)
		if err == nil {
			err = ownedLike(aside, data)
		}
		if err != nil && !errors.Is(err, fs.ErrExist) {
			return err
		}
		if err := o.moveAll(data, aside); err != nil {
			return err
		}
	}
	if p.Moved = true; p.Aside != "" {
		if err := p.write(data); err != nil {
			return err
		}
	}
	if err := o.moveAll(staging, data); err != nil {
		return err
	}
	err := errors.Join(os.RemoveAll(staging), atomicfile.SyncFolder(data))
	if err == nil {
		err = errors.Join(os.Remove(filepath.Join(data, PlanName)), atomicfile.SyncFolder(data))
	}
	return err
}

// moveAll moves the entries of one folder to another on the same disk, and puts that
// on the disk. A folder that is gone has been moved.
func (o RestoreOptions) moveAll(from, to string) error {
	entries, err := os.ReadDir(from)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	move := o.move
	if move == nil {
		move = os.Rename
	}
	for _, e := range entries {
		if isKept(e.Name()) {
			continue
		}
		if err := move(filepath.Join(from, e.Name()), filepath.Join(to, e.Name())); err != nil {
			return err
		}
	}
	return errors.Join(err, atomicfile.SyncFolder(to), atomicfile.SyncFolder(from))
}

// ownedLike gives a folder the owner of another.
func ownedLike(dir, other string) error {
	info, err := os.Stat(other)
	if err != nil {
		return err
	}
	return chownLike(dir, info)
}

// isKept tells what stays where it is in a folder that is restored inside
// itself, and does not make it used: what belongs to restores, to the disk, and
// locks, which are held meanwhile.
func isKept(name string) bool {
	return slices.Contains([]string{insideStaging, insideLock, PlanName, diskFolder}, name) ||
		strings.HasPrefix(name, asidePrefix) || strings.HasPrefix(name, planPart) || strings.HasSuffix(name, ".lock")
}

// wholeDisk refuses a folder that has other disks in it: their names cannot be
// moved.
func wholeDisk(data string) error {
	entries, err := os.ReadDir(data)
	if err != nil {
		return failed(data, "the folder cannot be looked into", err)
	}
	for _, e := range entries {
		if path := filepath.Join(data, e.Name()); e.IsDir() && isMount(path) {
			return &Error{Path: path, Problem: "it is a mount point inside the folder, and cannot be moved aside", Advice: "Unmount it, or restore to another folder."}
		}
	}
	return nil
}

func (p plan) write(data string) error {
	text, err := json.Marshal(p)
	if err == nil {
		err = atomicfile.Write(filepath.Join(data, PlanName), text, atomicfile.Options{Sync: true, Part: planPart})
	}
	return wrap(data, "the plan of the restore cannot be written", err)
}

func readPlan(data string) (p plan, found bool, err error) {
	text, err := os.ReadFile(filepath.Join(data, PlanName))
	if errors.Is(err, fs.ErrNotExist) {
		return p, false, nil
	}
	if err == nil {
		err = json.Unmarshal(text, &p)
	}
	if err == nil && (p.Aside != filepath.Base(p.Aside) && p.Aside != "" || p.Aside != "" && !strings.HasPrefix(p.Aside, asidePrefix)) {
		err = errors.New("it names a place elsewhere")
	}
	return p, err == nil, wrap(filepath.Join(data, PlanName), "the plan of an earlier restore cannot be read", err)
}
