package atomicfile

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

// left reads the only file of a folder.
func left(t *testing.T, dir string) (name, text string, mode fs.FileMode) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 1 {
		t.Fatalf("want one file, got %v, %v", entries, err)
	}
	info, err := entries[0].Info()
	if err != nil {
		t.Fatal(err)
	}
	read, err := os.ReadFile(filepath.Join(dir, info.Name()))
	if err != nil {
		t.Fatal(err)
	}
	return info.Name(), string(read), info.Mode()
}

func TestWrite(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		o    Options
		mode fs.FileMode
	}{
		{"plain", Options{}, 0o600},
		{"synced", Options{Sync: true, Part: ".state-"}, 0o600},
		{"readable", Options{Mode: 0o644}, 0o644},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			path := filepath.Join(dir, "file")
			for _, text := range []string{"old and long", "new"} {
				if err := Write(path, []byte(text), tt.o); err != nil {
					t.Fatal(err)
				}
				name, got, mode := left(t, dir)
				if name != "file" || got != text || runtime.GOOS != "windows" && mode != tt.mode {
					t.Errorf("got %s with %q and %v, want %q and %v", name, got, mode, text, tt.mode)
				}
			}
		})
	}
}

// TestFailures leave the old file and nothing else.
func TestFailures(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "file")
	if err := Write(path, []byte("old"), Options{}); err != nil {
		t.Fatal(err)
	}
	full := errors.New("the disk is full")
	err := Fill(path, Options{Sync: true}, func(f *os.File) error {
		_, err := f.WriteString("half")
		return errors.Join(err, full)
	})
	if !errors.Is(err, full) {
		t.Errorf("got %v, want what fill has said", err)
	}
	if _, text, _ := left(t, dir); text != "old" {
		t.Errorf("the old file has %q", text)
	}
	err = Write(filepath.Join(dir, "no", "file"), nil, Options{})
	if p := (*fs.PathError)(nil); !errors.Is(err, fs.ErrNotExist) || !errors.As(err, &p) || p.Path != filepath.Join(dir, "no", "file") {
		t.Errorf("without a folder: got %v", err)
	}
	folder := t.TempDir()
	if err := os.MkdirAll(filepath.Join(folder, "taken", "x"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := Write(filepath.Join(folder, "taken"), nil, Options{}); err == nil {
		t.Error("a folder was replaced")
	}
	if entries, err := os.ReadDir(folder); err != nil || len(entries) != 1 {
		t.Errorf("left: %v, %v", entries, err)
	}
}
