package keep

import (
	"archive/tar"
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"filippo.io/age"
)

// maxText bounds the descriptions in an archive, in bytes.
const maxText = 64 << 20

// ageMagic begins every encrypted archive.
const ageMagic = "age-encryption.org/v1\n"

// Check reads a whole archive and compares every file with the manifest. Key
// opens an encrypted one and is nil otherwise. The error is an *Error.
func Check(ctx context.Context, path string, key age.Identity) (Manifest, error) {
	return read(ctx, path, key, func(File, io.Reader) error { return nil })
}

// read goes through an archive, has take read each file as far as it wants, and
// checks all.
func read(ctx context.Context, path string, key age.Identity, take func(File, io.Reader) error) (Manifest, error) {
	f, err := os.Open(path)
	if err != nil {
		return Manifest{}, failed(path, "the archive cannot be read", err)
	}
	defer f.Close()
	plain, err := decrypted(bufio.NewReaderSize(&cancelled{ctx, f}, 1<<20), path, key)
	if err != nil {
		return Manifest{}, err
	}
	m, err := readAll(tar.NewReader(plain), take)
	switch {
	case ctx.Err() != nil:
		return m, ctx.Err()
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return m, &Error{Path: path, Problem: "the archive is cut off", Advice: "Take another backup; this one was never complete, or was not copied whole."}
	case err != nil:
		if known := (*Error)(nil); errors.As(err, &known) {
			return m, err
		}
		return m, &Error{Path: path, Problem: "this is no whole backup of simplex-lua", Cause: err, Advice: "Take another backup; nothing was restored from this one."}
	}
	return m, nil
}

// decrypted returns the tar file inside, whether it is encrypted or not.
func decrypted(r *bufio.Reader, path string, key age.Identity) (io.Reader, error) {
	start, _ := r.Peek(len(ageMagic)) // shorter ones are found out later
	sealed := bytes.HasPrefix(start, []byte(ageMagic))
	switch {
	case !sealed:
		return r, nil // with a key too: it is not needed
	case key == nil:
		return nil, &Error{Path: path, Problem: "the archive is encrypted", Advice: "Give its key with --age-identity FILE, or its passphrase with --passphrase-file FILE."}
	}
	plain, err := age.Decrypt(r, key)
	if wrong := (*age.NoIdentityMatchError)(nil); errors.As(err, &wrong) {
		return nil, &Error{Path: path, Problem: "the key does not open this archive", Advice: "Find the key, or the passphrase, that it was made with; without it nobody can read it."}
	}
	if err != nil {
		return nil, &Error{Path: path, Problem: "the archive cannot be decrypted", Cause: err, Advice: "It is cut off or damaged: take another backup."}
	}
	return plain, nil
}

// readAll reads head, files and manifest, in this order.
func readAll(t *tar.Reader, take func(File, io.Reader) error) (Manifest, error) {
	if _, err := readText(t, headName); err != nil {
		return Manifest{}, err
	}
	var found []File
	for {
		h, err := t.Next()
		if err != nil {
			return Manifest{}, err // also io.EOF: there is no manifest
		}
		if h.Name == manifestName {
			return compare(t, h, found)
		}
		name, ok := strings.CutPrefix(h.Name, dataPrefix)
		if !ok || h.Typeflag != tar.TypeReg || !validName(name) {
			return Manifest{}, fmt.Errorf("%q does not belong there", h.Name)
		}
		sum := sha256.New()
		file := File{Name: name, Size: h.Size}
		in := io.TeeReader(t, sum)
		if err := take(file, in); err != nil {
			return Manifest{}, err
		}
		if _, err := io.Copy(io.Discard, in); err != nil {
			return Manifest{}, err
		}
		file.SHA256 = hexSum(sum)
		found = append(found, file)
	}
}

func readText(t *tar.Reader, name string) (Manifest, error) {
	h, err := t.Next()
	if err != nil {
		return Manifest{}, err
	}
	if h.Name != name {
		return Manifest{}, fmt.Errorf("it begins with %q", h.Name)
	}
	return parseEntry(t, h)
}

func parseEntry(t *tar.Reader, h *tar.Header) (Manifest, error) {
	if h.Size > maxText {
		return Manifest{}, fmt.Errorf("its description has %d bytes", h.Size)
	}
	text, err := io.ReadAll(t)
	if err != nil {
		return Manifest{}, err
	}
	return parseManifest(text)
}

// compare reads the manifest and holds the files against it.
func compare(t *tar.Reader, h *tar.Header, found []File) (Manifest, error) {
	m, err := parseEntry(t, h)
	if err != nil {
		return m, err
	}
	if len(found) != len(m.Files) {
		return m, fmt.Errorf("it has %d files and should have %d", len(found), len(m.Files))
	}
	for i, f := range found {
		if f != m.Files[i] {
			return m, fmt.Errorf("%s is damaged", f.Name)
		}
	}
	// What age has to say about the end, it says when the end is read.
	if _, err := t.Next(); err != io.EOF {
		return m, errors.Join(errors.New("something follows its end"), err)
	}
	return m, nil
}

// unpack writes the files of an archive below dir.
func unpack(ctx context.Context, path string, key age.Identity, dir string) (Manifest, error) {
	return read(ctx, path, key, func(f File, r io.Reader) error {
		to := filepath.Join(dir, filepath.FromSlash(f.Name))
		err := os.MkdirAll(filepath.Dir(to), 0o700)
		if err != nil {
			return failed(to, "the folder cannot be made", err)
		}
		out, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
		if err != nil {
			return failed(to, "the file cannot be made", err)
		}
		n, err := io.Copy(&target{out, to}, r)
		if err == nil && n == f.Size {
			err = wrap(to, "the file cannot be written", out.Sync())
		}
		return errors.Join(err, out.Close())
	})
}

// target tells errors of writing from those of reading.
type target struct {
	f    *os.File
	path string
}

func (t *target) Write(p []byte) (int, error) {
	n, err := t.f.Write(p)
	return n, wrap(t.path, "the file cannot be written", err)
}
