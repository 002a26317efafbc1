package bundle

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/crc32"
	"io/fs"
	"testing"
)

// zipEntry is a file of an archive made by hand. declared is the size that it
// tells, -1 for the true one.
type zipEntry struct {
	name, text string
	declared   int
}

// handmade is a bundle with a true checksum around an archive of any kind.
func handmade(t testing.TB, entries ...zipEntry) []byte {
	t.Helper()
	var archive bytes.Buffer
	z := zip.NewWriter(&archive)
	for _, e := range entries {
		size := uint64(len(e.text))
		if e.declared >= 0 {
			size = uint64(e.declared)
		}
		w, err := z.CreateRaw(&zip.FileHeader{Name: e.name, UncompressedSize64: size, CompressedSize64: uint64(len(e.text)), CRC32: crc32.ChecksumIEEE([]byte(e.text))})
		if err == nil {
			_, err = w.Write([]byte(e.text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return around(archive.Bytes())
}

func around(archive []byte) []byte {
	l := layout{archive: int64(len(archive))}
	data := append([]byte(headerMagic), archive...)
	sum := sha256.New()
	sum.Write(data)
	sum.Write(l.encode())
	return append(append(data, l.encode()...), sum.Sum(nil)...)
}

func manifestOf(entries ...zipEntry) zipEntry {
	text := `{"name":"bot","simplex_lua":"1","target":"linux/amd64","allow":[],"runtime":{"size":0,"sha256":""},"entries":[`
	for i, e := range entries {
		size, sum := len(e.text), sha256.Sum256([]byte(e.text))
		if e.declared >= 0 {
			size = e.declared
		}
		if i > 0 {
			text += ","
		}
		text += fmt.Sprintf(`{"name":%q,"size":%d,"sha256":"%s"}`, e.name, size, hex.EncodeToString(sum[:]))
	}
	return zipEntry{manifestName, text + "]}", -1}
}

// TestBadArchives: a true checksum says nothing about what somebody has made.
func TestBadArchives(t *testing.T) {
	t.Parallel()
	a, b := zipEntry{"files/a.lua", "a", -1}, zipEntry{"files/b.lua", "b", -1}
	outside := zipEntry{"files/../../x", "x", -1}
	for name, data := range map[string][]byte{
		"no archive":          around([]byte("PK nothing")),
		"no manifest":         handmade(t, a),
		"manifest too large":  handmade(t, a, zipEntry{manifestName, "{}", maxManifest + 1}),
		"manifest cut":        handmade(t, a, zipEntry{manifestName, "{}", 100}),
		"more than it tells":  handmade(t, a, b, manifestOf(a)),
		"less than it tells":  handmade(t, a, manifestOf(a, b)),
		"another than told":   handmade(t, a, manifestOf(b)),
		"a file twice":        handmade(t, a, a, manifestOf(a)),
		"path outside":        handmade(t, outside, manifestOf(outside)),
		"size not as told":    handmade(t, a, manifestOf(zipEntry{a.name, "aaa", -1})),
		"a folder for a file": handmade(t, zipEntry{"files/a/", "", -1}, manifestOf(zipEntry{"files/a", "", -1})),
	} {
		if _, err := Open(bytes.NewReader(data), int64(len(data))); !errors.As(err, new(*DamagedError)) {
			t.Errorf("%s: got %v, want a DamagedError", name, err)
		}
	}
}

// TestBomb: a file that gives more bytes than it tells is cut there.
func TestBomb(t *testing.T) {
	t.Parallel()
	bomb := zipEntry{"files/a.lua", "far more than three bytes", 3}
	data := handmade(t, bomb, manifestOf(bomb))
	b, err := Open(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := fs.ReadFile(b.Files(), "a.lua"); err == nil {
		t.Errorf("read %q", got)
	}
	if err := b.Verify(); !errors.As(err, new(*DamagedError)) {
		t.Errorf("Verify: got %v", err)
	}
	if err := b.ExtractFiles(t.TempDir()); !errors.As(err, new(*DamagedError)) {
		t.Errorf("ExtractFiles: got %v", err)
	}
}

func FuzzOpen(f *testing.F) {
	a := zipEntry{"files/a.lua", "a", -1}
	f.Add(handmade(f, a, manifestOf(a)))
	f.Add(written(f, spec(nil, botFiles)))
	f.Add([]byte(headerMagic))
	f.Add([]byte("\x7fELF\x02\x01\x01"))
	f.Add([]byte("MZ"))
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, data := range [][]byte{data, around(data)} { // as it is, and with a true checksum
			b, err := Open(bytes.NewReader(data), int64(len(data)))
			if err != nil {
				if !errors.Is(err, ErrNoBundle) && !errors.As(err, new(*DamagedError)) {
					t.Fatalf("an error of no kind: %v", err)
				}
				continue
			}
			_ = b.Verify() // it must only not fall over
			_ = fs.WalkDir(b.Files(), ".", func(name string, d fs.DirEntry, err error) error {
				if err == nil && !d.IsDir() {
					_, _ = fs.ReadFile(b.Files(), name)
				}
				return nil
			})
		}
	})
}

func FuzzManifest(f *testing.F) {
	f.Add([]byte(manifestOf(zipEntry{"files/a.lua", "a", -1}).text))
	f.Fuzz(func(t *testing.T, text []byte) {
		m, err := decodeManifest(text)
		if err != nil {
			return
		}
		again, err := m.encode()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := decodeManifest(again); err != nil {
			t.Fatalf("%s\n%v", again, err)
		}
	})
}
