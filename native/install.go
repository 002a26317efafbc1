package native

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/gofrs/flock"
)

// Install downloads the library into the cache, unless it is there, and returns
// where it is. It blocks; ctx ends it.
//
// Several processes may install at once: one downloads, the others wait for it
// and use its result. Nothing is visible in the cache before it is complete.
// What an install that died has left is removed by the next one.
//
// Errors are *InstallError; its Kind says which.
func Install(ctx context.Context, env Env, opts Options) (Location, error) {
	opts = opts.withDefaults()
	c, err := cacheFor(env, opts)
	if err != nil {
		return Location{}, err
	}
	if hasLibrary(c.dir, env.GOOS) == nil {
		return Location{c.dir, opts.Backend, "cache"}, c.checkInstalled(opts.SHA256)
	}
	if err := os.MkdirAll(c.parent, 0o755); err != nil {
		return Location{}, c.fail(KindCacheNotWritable, err)
	}
	unlock, err := c.lock(ctx, opts.Progress)
	if err != nil {
		return Location{}, err
	}
	defer unlock()

	if hasLibrary(c.dir, env.GOOS) == nil { // installed while we waited
		return Location{c.dir, opts.Backend, "cache"}, c.checkInstalled(opts.SHA256)
	}
	if err := c.clearPlace(env.GOOS); err != nil {
		return Location{}, err
	}
	if err := c.fetch(ctx, env, opts); err != nil {
		return Location{}, err
	}
	return Location{c.dir, opts.Backend, "download"}, nil
}

// lock makes this the only process that installs the variant.
func (c cache) lock(ctx context.Context, progress Progress) (unlock func(), err error) {
	l := flock.New(c.dir + ".lock")
	ok, err := l.TryLock()
	if err == nil && !ok {
		progress.Note("waiting for another process that installs the chat core")
		_, err = l.TryLockContext(ctx, 50*time.Millisecond)
		if err != nil && ctx.Err() != nil {
			return nil, c.fail(KindDownload, fmt.Errorf("waiting for another process: %w", err))
		}
	}
	if err != nil {
		return nil, c.fail(KindCacheNotWritable, err)
	}
	// Releasing can only fail for a lock that is gone already.
	return func() { _ = l.Unlock() }, nil
}

// clearPlace refuses what somebody else has left in the library's place, for it
// may still be filling; an empty folder is removed, for Windows does not rename
// over it.
func (c cache) clearPlace(goos string) error {
	left, err := os.ReadDir(c.dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return c.fail(KindHalfDone, err)
	case len(left) > 0:
		return c.fail(KindHalfDone, errors.New("it lacks "+libraryName(goos)))
	}
	_ = os.Remove(c.dir) // if that fails, so will the rename, with a reason
	return nil
}

// fetch downloads, checks and unpacks the archive, and moves it to its place.
// The lock is held.
func (c cache) fetch(ctx context.Context, env Env, opts Options) error {
	c.removeStale()
	tmp, err := os.MkdirTemp(c.parent, filepath.Base(c.dir)+".tmp-")
	if err != nil {
		return c.fail(KindCacheNotWritable, err)
	}
	defer os.RemoveAll(tmp)

	archive := filepath.Join(tmp, "archive.zip")
	opts.Progress.Note("downloading " + c.url)
	hash, err := c.download(ctx, env.HTTP, archive, opts)
	if err != nil {
		return err
	}
	if want := c.archiveHash(opts.SHA256); want != "" && want != hash {
		return c.fail(KindWrongHash, fmt.Errorf("it is %s, expected %s", hash, want))
	}
	libs := filepath.Join(tmp, "libs")
	if err := c.unpack(archive, libs, env.GOOS, opts.MaxUnpacked); err != nil {
		return err
	}
	if err := c.recordHash(hash); err != nil {
		return c.fail(KindCacheNotWritable, err)
	}
	return c.moveIn(libs, env.GOOS)
}

// moveIn renames libs to its place. Programs without our lock install into the
// same folder; if one was faster, its result is as good.
func (c cache) moveIn(libs, goos string) error {
	err := os.Rename(libs, c.dir)
	if err == nil || hasLibrary(c.dir, goos) == nil {
		return nil
	}
	if _, statErr := os.Stat(c.dir); statErr == nil {
		return c.fail(KindHalfDone, err)
	}
	return c.fail(KindCacheNotWritable, err)
}

// removeStale removes temporary folders of installs that died. The lock is
// held, so nobody alive owns one. What cannot be removed only takes space.
func (c cache) removeStale() {
	entries, _ := os.ReadDir(c.parent)
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), filepath.Base(c.dir)+".tmp-") {
			_ = os.RemoveAll(filepath.Join(c.parent, e.Name()))
		}
	}
}
