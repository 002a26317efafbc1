package native

import (
	"archive/zip"
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestUnpackRefuses(t *testing.T) {
	t.Parallel()
	link := func(t *testing.T) []byte {
		var b bytes.Buffer
		w := zip.NewWriter(&b)
		header := &zip.FileHeader{Name: "libs/libsimplex.so"}
		header.SetMode(fs.ModeSymlink | 0o777)
		f, err := w.CreateHeader(header)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write([]byte("/etc/passwd")); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	tests := []struct {
		name    string
		archive func(*testing.T) []byte
		text    string
	}{
		{"symbolic link", link, "not a plain file"},
		{"parent", names2zip("../x"), "not allowed"},
		{"parent inside", names2zip("libs/../../x"), "not allowed"},
		{"absolute", names2zip("/libs/x"), "not allowed"},
		{"backslash", names2zip(`libs\..\..\x`), "not allowed"},
		{"drive", names2zip("libs/C:x"), "not allowed"},
		{"dot", names2zip("libs/./x"), "not allowed"},
		{"NUL", names2zip("libs/a\x00b"), "not allowed"},
		{"twice", names2zip("libs/x", "libs/x"), "twice"},
		{"file as folder", names2zip("libs/x", "libs/x/y"), ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			outside := t.TempDir()
			archive := tt.archive(t)
			err := unpackInto(t, outside, archive)
			if err == nil || !strings.Contains(err.Error(), tt.text) {
				t.Errorf("got %v, want %q", err, tt.text)
			}
			wantOnly(t, outside, "inside")
		})
	}
}

func names2zip(names ...string) func(*testing.T) []byte {
	return func(t *testing.T) []byte {
		var files []string
		for _, name := range names {
			files = append(files, name, "content")
		}
		return zipOf(t, files...)
	}
}

// unpackInto unpacks into the folder "inside" of dir.
func unpackInto(t *testing.T, dir string, archive []byte) error {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		return err
	}
	inside := filepath.Join(dir, "inside")
	if err := os.Mkdir(inside, 0o700); err != nil {
		t.Fatal(err)
	}
	root, err := os.OpenRoot(inside)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	return unpackFiles(r, root, 1<<16)
}

func wantOnly(t *testing.T, dir, name string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.Name() != name {
			t.Errorf("%s appeared outside", e.Name())
		}
	}
}

// FuzzUnpack looks for archives that crash, escape or exceed their limit.
func FuzzUnpack(f *testing.F) {
	f.Add(zipOf(f, "libs/libsimplex.so", "library", "libs/../x", "x"))
	f.Add(zipOf(f, "libs/a/b/c", "library"))
	f.Add([]byte("PK"))
	f.Fuzz(func(t *testing.T, archive []byte) {
		dir := t.TempDir()
		_ = unpackInto(t, dir, archive)
		wantOnly(t, dir, "inside")
		total := int64(0)
		_ = filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			info, err := d.Info()
			total += info.Size()
			if !info.Mode().IsRegular() {
				t.Errorf("%s is no plain file", d.Name())
			}
			return err
		})
		if total > 1<<16+1 {
			t.Errorf("%d bytes were written", total)
		}
	})
}
