package bundle

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/gofrs/flock"
)

// UnpackLibs writes the libraries below cache, the user's folder for caches,
// and returns their folder. It is named by what is in it, and made once: later
// calls, also of other bundles with the same libraries, find it. Of several
// processes one writes and the others wait; ctx ends that. Errors are
// *UnpackError, and wrap a *DamagedError where it is not the disk's fault.
func (b *Bundle) UnpackLibs(ctx context.Context, cache string) (dir string, err error) {
	return b.unpack(ctx, cache, libsFolder)
}

// UnpackFiles does the same with scripts and assets.
func (b *Bundle) UnpackFiles(ctx context.Context, cache string) (dir string, err error) {
	return b.unpack(ctx, cache, filesFolder)
}

// ExtractFiles writes scripts and assets into dir, an empty folder.
func (b *Bundle) ExtractFiles(dir string) error {
	return b.extract(dir, b.entries(filesFolder), filesFolder)
}

func (b *Bundle) entries(folder string) (list []Entry) {
	for _, e := range b.Manifest.Entries {
		if strings.HasPrefix(e.Name, folder) {
			list = append(list, e)
		}
	}
	return list
}

func (b *Bundle) unpack(ctx context.Context, cache, folder string) (string, error) {
	if cache == "" {
		return "", &UnpackError{}
	}
	entries := b.entries(folder)
	dir := filepath.Join(cache, "simplex-lua", strings.TrimSuffix(folder, "/"), contentName(entries))
	if complete(dir, folder, entries) {
		return dir, nil
	}
	if err := b.unpackTo(ctx, dir, folder, entries); err != nil {
		return "", &UnpackError{dir, err}
	}
	return dir, nil
}

func (b *Bundle) unpackTo(ctx context.Context, dir, folder string, entries []Entry) error {
	parent := filepath.Dir(dir)
	if err := os.MkdirAll(parent, 0o700); err != nil {
		return err
	}
	lock := flock.New(dir + ".lock")
	if _, err := lock.TryLockContext(ctx, 50*time.Millisecond); err != nil {
		return err
	}
	defer func() { _ = lock.Unlock() }() // it can only be gone already
	if complete(dir, folder, entries) {  // done while we waited
		return nil
	}
	// What somebody has taken files from, or a process that died has left.
	if err := os.RemoveAll(dir); err != nil {
		return err
	}
	left, _ := filepath.Glob(dir + ".tmp-*")
	for _, old := range left {
		_ = os.RemoveAll(old) // it only takes space
	}
	tmp, err := os.MkdirTemp(parent, filepath.Base(dir)+".tmp-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	if err := b.extract(tmp, entries, folder); err != nil {
		return err
	}
	return os.Rename(tmp, dir)
}

// contentName is the same for the same files.
func contentName(entries []Entry) string {
	h := sha256.New()
	for _, e := range entries {
		fmt.Fprintf(h, "%s %d %s\n", e.Name, e.Size, e.SHA256)
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// complete tells whether all files are there, by their sizes.
func complete(dir, folder string, entries []Entry) bool {
	for _, e := range entries {
		info, err := os.Stat(place(dir, folder, e))
		if err != nil || !info.Mode().IsRegular() || info.Size() != e.Size {
			return false
		}
	}
	_, err := os.Stat(dir)
	return err == nil
}

// place is where an entry is in the folder that its own was unpacked to. The
// manifest's check has kept the name inside.
func place(dir, folder string, e Entry) string {
	return filepath.Join(dir, filepath.FromSlash(strings.TrimPrefix(e.Name, folder)))
}

func (b *Bundle) extract(dir string, entries []Entry, folder string) error {
	for _, e := range entries {
		if err := b.extractOne(place(dir, folder, e), e); err != nil {
			return err
		}
	}
	return nil
}

func (b *Bundle) extractOne(path string, e Entry) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	// The folder gets its name only when all bytes are on the disk.
	return errors.Join(b.copyEntry(f, e), f.Sync(), f.Close())
}
