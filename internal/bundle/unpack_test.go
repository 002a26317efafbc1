package bundle

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"
)

func opened(t *testing.T, files map[string]string) *Bundle {
	t.Helper()
	data := written(t, spec(nil, files))
	b, err := Open(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestUnpackOnce(t *testing.T) {
	t.Parallel()
	cache := t.TempDir()
	var wg sync.WaitGroup
	dirs := make([]string, 8)
	for i := range dirs {
		b := opened(t, botFiles) // each as a process of its own has it
		wg.Go(func() {
			dir, err := b.UnpackLibs(t.Context(), cache)
			if err != nil {
				t.Error(err)
			}
			dirs[i] = dir
		})
	}
	wg.Wait()
	file := filepath.Join(dirs[0], "libsimplex.so")
	if got, err := os.ReadFile(file); err != nil || string(got) != botFiles["libs/libsimplex.so"] {
		t.Fatalf("got %d bytes, %v", len(got), err)
	}
	for _, dir := range dirs {
		if dir != dirs[0] {
			t.Errorf("got %s and %s", dir, dirs[0])
		}
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(dirs[0]), "*.tmp-*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}

	// What is not whole is made anew; what a dead process left goes away.
	stale := dirs[0] + ".tmp-1"
	if err := os.Truncate(file, 3); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(stale, 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := opened(t, botFiles).UnpackLibs(t.Context(), cache); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(file); err != nil || info.Size() != 5000 {
		t.Errorf("not made anew: %v", err)
	}
	if _, err := os.Stat(stale); err == nil {
		t.Error("the stale folder is still there")
	}

	other, err := opened(t, map[string]string{"files/main.lua": "", "libs/libsimplex.so": "y"}).UnpackLibs(t.Context(), cache)
	if err != nil || other == dirs[0] {
		t.Errorf("other libraries are in %s, %v", other, err)
	}
}

func TestUnpackFiles(t *testing.T) {
	t.Parallel()
	b := opened(t, botFiles)
	dir, err := b.UnpackFiles(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(filepath.Join(dir, "lib", "a.lua")); err != nil || string(got) != "return 1" {
		t.Errorf("got %q, %v", got, err)
	}
	if _, err := b.UnpackFiles(t.Context(), ""); !errors.As(err, new(*UnpackError)) {
		t.Errorf("without a cache: got %v", err)
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := b.UnpackFiles(t.Context(), file); !errors.As(err, new(*UnpackError)) {
		t.Errorf("a cache that cannot be: got %v", err)
	}
}
