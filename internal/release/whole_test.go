package main

import (
	"archive/tar"
	"archive/zip"
	"compress/gzip"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestRelease makes a release of a program that does nothing, and looks at all
// that is in the folder: archives with their files, hashes and SBOM.
func TestRelease(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"go.mod": "module example.org/simplex-lua\n\ngo 1.24\n", "cmd/simplex-lua/main.go": "package main\n\nvar version string\n\nfunc main() { _ = version }\n",
		"LICENSE": "free", "README.md": "read", "CHANGELOG.md": "## [1.2.3]\n",
	} {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(text), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(dir)
	t.Setenv("SOURCE_DATE_EPOCH", "1767323046")
	t.Setenv("GOWORK", "off")
	if err := release("1.2.3", "out", []string{"linux/arm64", "darwin/arm64", "windows/amd64"}); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"simplex-lua_1.2.3_linux_arm64.tar.gz":  "simplex-lua",
		"simplex-lua_1.2.3_darwin_arm64.tar.gz": "simplex-lua",
		"simplex-lua_1.2.3_windows_amd64.zip":   "simplex-lua.exe",
	}
	for name, bin := range want {
		folder, _, _ := strings.Cut(name, ".tar.gz")
		folder, _, _ = strings.Cut(folder, ".zip")
		files := []string{folder + "/" + bin + " -rwxr-xr-x"}
		for _, f := range []string{
			"LICENSE", "README.md", "CHANGELOG.md", "man/simplex-lua.1",
			"completion/simplex-lua.bash", "completion/_simplex-lua", "completion/simplex-lua.fish",
		} {
			files = append(files, folder+"/"+f+" -rw-r--r--")
		}
		if got := contentsOf(t, filepath.Join("out", name)); !slices.Equal(got, files) {
			t.Errorf("%s has\n %q\nwant\n %q", name, got, files)
		}
	}
	want["simplex-lua_1.2.3.cdx.json"] = ""
	compareSums(t, "out", want)
}

// contentsOf lists the files of an archive with their modes.
func contentsOf(t *testing.T, path string) (names []string) {
	t.Helper()
	if strings.HasSuffix(path, ".zip") {
		z, err := zip.OpenReader(path)
		if err != nil {
			t.Fatal(err)
		}
		defer z.Close()
		for _, f := range z.File {
			names = append(names, f.Name+" "+f.Mode().String())
		}
		return names
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	for r := tar.NewReader(z); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			return names
		}
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, h.Name+" "+h.FileInfo().Mode().String())
	}
}

// compareSums requires that the folder has these files, and SHA256SUMS with the
// hash of each.
func compareSums(t *testing.T, dir string, want map[string]string) {
	t.Helper()
	sums, err := os.ReadFile(filepath.Join(dir, "SHA256SUMS"))
	if err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, e := range entries {
		if e.Name() == "SHA256SUMS" {
			continue
		}
		if _, ok := want[e.Name()]; !ok {
			t.Errorf("there is also %s", e.Name())
		}
		text, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, fmt.Sprintf("%x  %s\n", sha256.Sum256(text), e.Name()))
	}
	if len(lines) != len(want) || string(sums) != strings.Join(lines, "") {
		t.Errorf("got the hashes\n%swant\n%s", sums, strings.Join(lines, ""))
	}
}
