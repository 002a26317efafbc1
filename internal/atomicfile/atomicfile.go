package atomicfile

import (
	"cmp"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// Options say how a file is written.
type Options struct {
	// Mode is that of the new file; 0 is 0600.
	Mode fs.FileMode
	// Sync puts the text and the name on the disk before Write returns.
	Sync bool
	// Part begins the name of the half written file, which a kill leaves in the
	// folder; "" is ".part-".
	Part string
}

// Write replaces the file with the text. An error of the system is an
// *fs.PathError with the path given here; the old file is then as it was, and
// nothing is left beside it.
func Write(path string, text []byte, o Options) error {
	return Fill(path, o, func(f *os.File) error {
		_, err := f.Write(text)
		return shown(path, err)
	})
}

// Fill is Write of what fill writes to the file, which it must not close. Errors
// of fill are returned as they are.
func Fill(path string, o Options, fill func(*os.File) error) error {
	f, err := os.CreateTemp(filepath.Dir(path), cmp.Or(o.Part, ".part-"))
	if err != nil {
		return shown(path, err)
	}
	err = fill(f)
	if err == nil && o.Mode != 0 {
		err = shown(path, f.Chmod(o.Mode))
	}
	if err == nil && o.Sync {
		err = shown(path, f.Sync())
	}
	if closed := f.Close(); err == nil {
		err = shown(path, closed)
	}
	if err == nil {
		err = shown(path, os.Rename(f.Name(), path))
	}
	if err != nil {
		_ = os.Remove(f.Name()) // what is left over helps nobody
		return err
	}
	if o.Sync {
		return shown(path, SyncFolder(filepath.Dir(path)))
	}
	return nil
}

// shown names the file instead of the half written one.
func shown(path string, err error) error {
	if err == nil {
		return nil
	}
	cause := err
	if p, ok := errors.AsType[*fs.PathError](err); ok {
		cause = p.Err
	} else if l, ok := errors.AsType[*os.LinkError](err); ok {
		cause = l.Err
	}
	return &fs.PathError{Op: "write", Path: path, Err: cause}
}
