package bundle

import (
	"archive/zip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/simplex-lua/simplex-lua/internal/atomicfile"
)

// Source is a file that goes into a bundle.
type Source struct {
	// Name is its path in the bundle: "files/…" or "libs/…".
	Name string
	// Open gives its bytes.
	Open func() (io.ReadCloser, error)
}

// Spec says what to make.
type Spec struct {
	Name, Version string
	Target        Target
	Allow         []string
	// Runtime is the program, nil where the scripts stand beside it.
	Runtime io.Reader
	Sources []Source
}

// Write writes a bundle. The same Spec gives the same bytes. Errors are those
// of the sources and of w, and bounds that are exceeded.
func Write(w io.Writer, spec Spec) error {
	m := Manifest{Name: spec.Name, Version: spec.Version, Target: spec.Target.String(), Allow: spec.Allow}
	if spec.Runtime != nil {
		h := sha256.New()
		n, err := io.Copy(io.MultiWriter(w, h), spec.Runtime)
		if err != nil {
			return fmt.Errorf("copy the program: %w", err)
		}
		m.Runtime = Entry{Size: n, SHA256: hex.EncodeToString(h.Sum(nil))}
	}
	sum := sha256.New()
	out := &counter{w: io.MultiWriter(w, sum)}
	if _, err := io.WriteString(out, headerMagic); err != nil {
		return err
	}
	out.n = 0
	if err := writeArchive(out, &m, spec.Sources); err != nil {
		return err
	}
	l := layout{runtime: m.Runtime.Size, archive: out.n}
	sum.Write(l.encode())
	_, err := w.Write(sum.Sum(l.encode()))
	return err
}

type counter struct {
	w io.Writer
	n int64
}

func (c *counter) Write(p []byte) (int, error) {
	n, err := c.w.Write(p)
	c.n += int64(n)
	return n, err
}

// writeArchive writes the files in the order of their names, and then the
// manifest with their hashes.
func writeArchive(w io.Writer, m *Manifest, sources []Source) error {
	sources = slices.Clone(sources)
	slices.SortFunc(sources, func(a, b Source) int { return strings.Compare(a.Name, b.Name) })
	z := zip.NewWriter(w)
	for _, s := range sources {
		e, err := writeEntry(z, s)
		if err != nil {
			return fmt.Errorf("%s: %w", s.Name, err)
		}
		m.Entries = append(m.Entries, e)
	}
	if err := m.check(); err != nil { // nobody could open it
		return err
	}
	text, err := m.encode()
	if err != nil {
		return err
	}
	f, err := create(z, manifestName)
	if err != nil {
		return err
	}
	if _, err := f.Write(text); err != nil {
		return err
	}
	return z.Close()
}

func writeEntry(z *zip.Writer, s Source) (Entry, error) {
	r, err := s.Open()
	if err != nil {
		return Entry{}, err
	}
	defer r.Close()
	f, err := create(z, s.Name)
	if err != nil {
		return Entry{}, err
	}
	h := sha256.New()
	n, err := io.Copy(io.MultiWriter(f, h), io.LimitReader(r, MaxLibs+1))
	return Entry{Name: s.Name, Size: n, SHA256: hex.EncodeToString(h.Sum(nil))}, err
}

// create begins a file that tells nothing of when and where it was written.
func create(z *zip.Writer, name string) (io.Writer, error) {
	h := &zip.FileHeader{Name: name, Method: zip.Deflate}
	h.SetMode(0o644)
	return z.CreateHeader(h)
}

// WriteFile makes the bundle at path, in place of what is there, wholly or not
// at all. check is asked before that with the bundle as it will be; nil is
// content with all.
func WriteFile(path string, mode os.FileMode, spec Spec, check func(*Bundle) error) error {
	o := atomicfile.Options{Mode: mode, Sync: true, Part: "." + filepath.Base(path) + ".tmp-"}
	return atomicfile.Fill(path, o, func(f *os.File) error {
		if err := Write(f, spec); err != nil {
			return err
		}
		b, err := openFile(f)
		if err != nil {
			return fmt.Errorf("read what was written: %w", err)
		}
		if check == nil {
			return nil
		}
		return check(b)
	})
}
