package bundle

import (
	"archive/zip"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
)

// Suffix is what the name of the file has behind that of the program, where
// the scripts stand beside it.
const Suffix = ".bundle"

// Bundle is an open bundle. Its methods are safe for use by several goroutines.
type Bundle struct {
	Manifest *Manifest
	// Path is the file.
	Path string

	r      io.ReaderAt
	closer io.Closer
	layout layout
	zip    *zip.Reader
	files  fs.FS
	byName map[string]*zip.File
}

// OpenProgram opens the bundle that a program carries, or that stands beside
// it: its path with Suffix. The error is ErrNoBundle where there is neither.
func OpenProgram(path string) (*Bundle, error) {
	b, err := OpenFile(path)
	if !errors.Is(err, ErrNoBundle) {
		return b, err
	}
	b, err = OpenFile(path + Suffix)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNoBundle
	}
	return b, err
}

// OpenFile opens the bundle in a file, which it reads once to check it. Errors
// are those of Open with the path, and those of the file system.
func OpenFile(path string) (*Bundle, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	b, err := openFile(f)
	if err != nil {
		f.Close()
		var bad *DamagedError
		if errors.As(err, &bad) {
			bad.Path = path
		}
		return nil, err
	}
	b.Path, b.closer = path, f
	return b, nil
}

func openFile(f *os.File) (*Bundle, error) {
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, ErrNoBundle
	}
	return Open(f, info.Size())
}

// Open opens the bundle in r, which has that size, and checks all but the
// runtime: see Verify. The error is ErrNoBundle, a *DamagedError, or one of r.
func Open(r io.ReaderAt, size int64) (*Bundle, error) {
	l, err := readLayout(r, size)
	if err != nil {
		return nil, err
	}
	if err := l.check(r); err != nil {
		return nil, err
	}
	z, err := zip.NewReader(io.NewSectionReader(r, l.archiveAt(), l.archive), l.archive)
	if err != nil {
		return nil, damaged("its archive cannot be read: %v", err)
	}
	b := &Bundle{r: r, layout: l, zip: z, byName: map[string]*zip.File{}}
	if err := b.readManifest(); err != nil {
		return nil, err
	}
	files, err := fs.Sub(z, "files")
	b.files = files
	return b, err
}

// readManifest reads the manifest and compares the archive with it.
func (b *Bundle) readManifest() error {
	for _, f := range b.zip.File {
		if b.byName[f.Name] != nil {
			return damaged("%q is there twice", f.Name)
		}
		b.byName[f.Name] = f
	}
	f := b.byName[manifestName]
	if f == nil || f.UncompressedSize64 > maxManifest {
		return damaged("it has no %s", manifestName)
	}
	text, err := readEntry(f)
	if err != nil {
		return damaged("its %s cannot be read: %v", manifestName, err)
	}
	if b.Manifest, err = decodeManifest(text); err != nil {
		return err
	}
	if len(b.zip.File) != len(b.Manifest.Entries)+1 {
		return damaged("it has %d files, but tells of %d", len(b.zip.File)-1, len(b.Manifest.Entries))
	}
	for _, e := range b.Manifest.Entries {
		// The reader of the archive gives no more bytes than the entry says.
		if f := b.byName[e.Name]; f == nil || f.UncompressedSize64 != uint64(e.Size) || !f.Mode().IsRegular() {
			return damaged("%s is not as %s says", e.Name, manifestName)
		}
	}
	return nil
}

// readEntry reads a file whose size is known to be within its bound.
func readEntry(f *zip.File) ([]byte, error) {
	r, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(r)
}

// Files are the scripts and all that belongs to them, as they stood in the
// author's folder.
func (b *Bundle) Files() fs.FS { return b.files }

// Verify reads everything, the runtime too, and compares it with the manifest.
func (b *Bundle) Verify() error {
	h := sha256.New()
	if err := copyHash(h, b.r, 0, b.layout.runtime); err != nil {
		return err
	}
	if b.layout.runtime != b.Manifest.Runtime.Size || b.layout.runtime > 0 && hex.EncodeToString(h.Sum(nil)) != b.Manifest.Runtime.SHA256 {
		return &DamagedError{b.Path, "its program is not the one that it was made with"}
	}
	for _, e := range b.Manifest.Entries {
		if err := b.copyEntry(io.Discard, e); err != nil {
			return err
		}
	}
	return nil
}

// copyEntry writes one file, and compares it with its hash.
func (b *Bundle) copyEntry(w io.Writer, e Entry) error {
	r, err := b.byName[e.Name].Open()
	if err != nil {
		return &DamagedError{b.Path, e.Name + ": " + err.Error()}
	}
	defer r.Close()
	h := sha256.New()
	tee := io.MultiWriter(w, h)
	if _, err := io.Copy(tee, r); err != nil {
		var disk *fs.PathError
		if errors.As(err, &disk) {
			return err
		}
		return &DamagedError{b.Path, e.Name + ": " + err.Error()}
	}
	if hex.EncodeToString(h.Sum(nil)) != e.SHA256 {
		return &DamagedError{b.Path, e.Name + " does not have its hash"}
	}
	return nil
}

// Close closes the file. Files of it cannot be read any more.
func (b *Bundle) Close() error {
	if b.closer == nil {
		return nil
	}
	return b.closer.Close()
}
