package keep

import (
	"archive/tar"
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"filippo.io/age"

	"github.com/simplex-lua/simplex-lua/internal/atomicfile"
)

// Create writes an archive of the entries to path, encrypted for key if it is
// not nil. It is written beside path, with ".part-" and digits after its name, and
// renamed when it is complete and on the disk; a file at path is never replaced. The
// error is an *Error, or that of ctx.
func Create(ctx context.Context, path string, key age.Recipient, m Manifest, entries []Entry) (Manifest, error) {
	if _, err := os.Lstat(path); err == nil {
		return m, exists(path)
	}
	if _, err := os.Stat(filepath.Dir(path)); errors.Is(err, fs.ErrNotExist) {
		return m, &Error{Path: filepath.Dir(path), Problem: "there is no such folder", Advice: "Make it first: the backup is written into it."}
	}
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".part-")
	if err != nil {
		return m, failed(path, "the archive cannot be written", err)
	}
	part := f.Name()
	m, err = write(ctx, f, key, m, entries)
	if err == nil {
		err = f.Sync()
	}
	err = errors.Join(err, f.Close())
	if err == nil {
		// Link, since renaming would replace what somebody has put there meanwhile.
		if err = os.Link(part, path); errors.Is(err, fs.ErrExist) {
			err = exists(path)
		} else if err != nil { // a file system without links
			err = os.Rename(part, path)
		}
	}
	_ = os.Remove(part) // half written, or linked, or renamed
	if err == nil {
		err = atomicfile.SyncFolder(filepath.Dir(path))
	}
	if err != nil && ctx.Err() != nil {
		return m, ctx.Err()
	}
	return m, wrap(path, "the archive cannot be written", err)
}

func exists(path string) error {
	return &Error{Path: path, Problem: "there is such a file already", Advice: "Name another one, or move that one away."}
}

// wrap is failed for an error that may be nil.
func wrap(path, problem string, err error) error {
	if err == nil {
		return nil
	}
	return failed(path, problem, err)
}

// write writes the archive itself and returns its full manifest.
func write(ctx context.Context, w io.Writer, key age.Recipient, m Manifest, entries []Entry) (Manifest, error) {
	buffered := bufio.NewWriterSize(w, 1<<20)
	var plain io.Writer = buffered
	var sealed io.WriteCloser
	if key != nil {
		var err error
		if sealed, err = age.Encrypt(buffered, key); err != nil {
			return m, err
		}
		plain = sealed
	}
	t := tar.NewWriter(plain)
	m.Format, m.Files = Format, nil
	if err := writeText(t, headName, m); err != nil {
		return m, err
	}
	for _, e := range entries {
		f, err := writeEntry(ctx, t, e, m.Made)
		if err != nil {
			return m, fmt.Errorf("%s: %w", e.Name, err)
		}
		m.Files = append(m.Files, f)
	}
	err := writeText(t, manifestName, m)
	if err == nil {
		err = t.Close()
	}
	if err == nil && sealed != nil {
		err = sealed.Close()
	}
	if err == nil {
		err = buffered.Flush()
	}
	return m, err
}

func writeText(t *tar.Writer, name string, m Manifest) error {
	text := m.text()
	err := t.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: int64(len(text)), ModTime: m.Made, Format: tar.FormatPAX})
	if err == nil {
		_, err = t.Write(text)
	}
	return err
}

func writeEntry(ctx context.Context, t *tar.Writer, e Entry, made time.Time) (File, error) {
	in, err := e.Open()
	if err != nil {
		return File{}, err
	}
	defer in.Close()
	err = t.WriteHeader(&tar.Header{Name: dataPrefix + e.Name, Mode: 0o600, Size: e.Size, ModTime: made, Format: tar.FormatPAX})
	if err != nil {
		return File{}, err
	}
	sum := sha256.New()
	n, err := io.Copy(io.MultiWriter(t, sum), io.LimitReader(&cancelled{ctx, in}, e.Size))
	if err == nil && n < e.Size {
		err = errors.New("the file became shorter while it was read")
	}
	return File{e.Name, e.Size, hexSum(sum)}, err
}

func hexSum(h hash.Hash) string { return hex.EncodeToString(h.Sum(nil)) }

// cancelled reads until ctx ends.
type cancelled struct {
	ctx context.Context
	r   io.Reader
}

func (c *cancelled) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(p)
}
