package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"debug/buildinfo"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"testing"
	"time"
)

var moment = time.Date(2026, 1, 2, 3, 4, 6, 0, time.UTC)

func TestMentioned(t *testing.T) {
	t.Parallel()
	const changes = "# Changelog\n\n## [Unreleased]\n\n## [1.2.3] - 2026-01-02\n"
	for version, ok := range map[string]bool{"1.2.3": true, "1.2.4-dev": true, "1.2.4": false, "1.2": false, "": false, "v1.2.3": false} {
		if err := mentioned(changes, version); (err == nil) != ok {
			t.Errorf("%q: got %v", version, err)
		}
	}
	if err := mentioned("# Changelog\n", "1.2.4-dev"); err == nil {
		t.Error("a changelog without [Unreleased] is no error")
	}
}

func TestPack(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	bin := filepath.Join(dir, "simplex-lua")
	if err := os.WriteFile(bin, []byte("program"), 0o700); err != nil {
		t.Fatal(err)
	}
	common := []file{{"LICENSE", []byte("free"), 0o644}, {"man/simplex-lua.1", []byte("page"), 0o644}}
	for _, goos := range []string{"linux", "windows"} {
		var archives [2][]byte
		for i := range archives {
			out := filepath.Join(dir, goos, string(rune('a'+i)))
			name, err := pack(out, "1.2.3", goos, "amd64", bin, common, moment)
			if err != nil {
				t.Fatal(err)
			}
			if archives[i], err = os.ReadFile(filepath.Join(out, name)); err != nil {
				t.Fatal(err)
			}
			if err := writeSums(out, []string{name}); err != nil {
				t.Fatal(err)
			}
			if sums, _ := os.ReadFile(filepath.Join(out, "SHA256SUMS")); !strings.HasSuffix(string(sums), "  "+name+"\n") {
				t.Errorf("got %q", sums)
			}
			if goos == "linux" {
				compareTar(t, archives[i])
			}
		}
		if !bytes.Equal(archives[0], archives[1]) {
			t.Errorf("%s: two archives of the same differ", goos)
		}
	}
}

func compareTar(t *testing.T, archive []byte) {
	t.Helper()
	z, err := gzip.NewReader(bytes.NewReader(archive))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for r := tar.NewReader(z); ; {
		h, err := r.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, h.Name+"="+string(text)+h.FileInfo().Mode().String())
	}
	const p = "simplex-lua_1.2.3_linux_amd64/"
	want := p + "simplex-lua=program-rwxr-xr-x " + p + "LICENSE=free-rw-r--r-- " + p + "man/simplex-lua.1=page-rw-r--r--"
	if strings.Join(got, " ") != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestSBOM(t *testing.T) {
	t.Parallel()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	info, err := buildinfo.ReadFile(self)
	if err != nil {
		t.Fatal(err)
	}
	modules := map[string]*debug.Module{}
	addModules(modules, info)
	path := filepath.Join(t.TempDir(), "x.cdx.json")
	if err := writeSBOM(path, "1.2.3", []string{self}, moment); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var b bom
	if err := json.Unmarshal(text, &b); err != nil {
		t.Fatal(err)
	}
	if b.Format != "CycloneDX" || len(b.Components) != len(modules)+1 || b.Metadata.Component.Version != "1.2.3" || len(b.Dependencies[0].DependsOn) != len(b.Components) {
		t.Errorf("got %+v", b)
	}
	for _, c := range b.Components {
		if !strings.HasPrefix(c.PURL, "pkg:golang/") || c.Version == "" {
			t.Errorf("got %+v", c)
		}
	}
}
