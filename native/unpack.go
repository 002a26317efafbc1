package native

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// maxFiles bounds the entries of an archive; a real one has some dozens.
const maxFiles = 10_000

// unpack writes the files below libs/ of the archive to dir, at most limit
// bytes in all, and checks that the library of goos is among them.
func (c cache) unpack(archive, dir, goos string, limit int64) error {
	r, err := zip.OpenReader(archive)
	if err != nil {
		return c.fail(KindWrongArchive, err)
	}
	defer r.Close()
	if err := os.Mkdir(dir, 0o755); err != nil {
		return c.fail(KindCacheNotWritable, err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return c.fail(KindCacheNotWritable, err)
	}
	defer root.Close()

	if err := unpackFiles(&r.Reader, root, limit); err != nil {
		var disk *diskError
		if errors.As(err, &disk) {
			return c.fail(KindCacheNotWritable, disk.cause)
		}
		return c.fail(KindWrongArchive, err)
	}
	if hasLibrary(dir, goos) != nil {
		return c.fail(KindWrongArchive, fmt.Errorf("it has no libs/%s", libraryName(goos)))
	}
	return nil
}

// unpackFiles writes the archive's files below libs/ into root. Root keeps
// every path inside; names that try to leave make the archive a wrong one.
func unpackFiles(r *zip.Reader, root *os.Root, limit int64) error {
	if len(r.File) > maxFiles {
		return fmt.Errorf("it has %d files, more than %d", len(r.File), maxFiles)
	}
	for _, f := range r.File {
		name, ok, err := entryName(f)
		if err != nil {
			return err
		}
		if !ok {
			continue
		}
		n, err := unpackFile(f, root, name, limit)
		if err != nil {
			return err
		}
		limit -= n
	}
	return nil
}

// entryName returns an entry's path below libs/; ok is false for folders and
// for files outside it, which are not unpacked. The names are checked here and
// not left to the system, for what is harmless on one may escape on another.
func entryName(f *zip.File) (name string, ok bool, err error) {
	plain := strings.TrimSuffix(f.Name, "/")
	if !fs.ValidPath(plain) || strings.ContainsAny(plain, "\\:\x00") {
		return "", false, fmt.Errorf("file name %q is not allowed", f.Name)
	}
	mode := f.Mode()
	if !mode.IsDir() && !mode.IsRegular() {
		return "", false, fmt.Errorf("%q is not a plain file", f.Name)
	}
	name, ok = strings.CutPrefix(plain, "libs/")
	return name, ok && !mode.IsDir(), nil
}

// unpackFile writes one file of at most limit bytes and returns its length. The
// zip reader compares length and CRC.
func unpackFile(f *zip.File, root *os.Root, name string, limit int64) (int64, error) {
	in, err := f.Open()
	if err != nil {
		return 0, fmt.Errorf("%s: %w", f.Name, err)
	}
	defer in.Close()
	if dir := filepath.Dir(name); dir != "." {
		if err := root.MkdirAll(dir, 0o755); err != nil {
			return 0, &diskError{err}
		}
	}
	out, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, fs.ErrExist) {
		return 0, fmt.Errorf("%s: it is there twice", f.Name)
	}
	if err != nil {
		return 0, &diskError{err}
	}
	defer out.Close()

	n, err := io.Copy(diskWriter{out}, io.LimitReader(in, limit+1))
	if err != nil {
		return n, fmt.Errorf("%s: %w", f.Name, err)
	}
	if n > limit {
		return n, errors.New("its files are too large")
	}
	// The folder appears under its final name only with all bytes on the disk.
	if err := errors.Join(out.Sync(), out.Close()); err != nil {
		return n, &diskError{err}
	}
	return n, nil
}

// diskError marks an error as one of the disk, not of the archive.
type diskError struct{ cause error }

func (e *diskError) Error() string { return e.cause.Error() }
func (e *diskError) Unwrap() error { return e.cause }

type diskWriter struct{ w io.Writer }

func (d diskWriter) Write(p []byte) (int, error) {
	n, err := d.w.Write(p)
	if err != nil {
		err = &diskError{err}
	}
	return n, err
}
