package tests

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// buildRuntime builds a small program for another system that has the name of
// simplex-lua, as far as an executable tells.
func buildRuntime(t *testing.T, system, arch, name string) string {
	t.Helper()
	dir := t.TempDir()
	main := filepath.Join(dir, "cmd", name)
	if err := os.MkdirAll(main, 0o700); err != nil {
		t.Fatal(err)
	}
	for path, text := range map[string]string{
		filepath.Join(dir, "go.mod"):   "module example.org/other\n",
		filepath.Join(main, "main.go"): "package main\n\nfunc main() {}\n",
	} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	out := filepath.Join(dir, "program")
	cmd := exec.Command("go", "build", "-o", out, "./cmd/"+name)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOOS="+system, "GOARCH="+arch, "CGO_ENABLED=0", "GOFLAGS=-mod=mod", "GOWORK=off")
	if text, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, text)
	}
	return out
}

// TestBundleForOtherSystems makes bundles that cannot run here.
func TestBundleForOtherSystems(t *testing.T) {
	t.Parallel()
	a := newAuthor(t, folderBot)
	windows, mac := buildRuntime(t, "windows", "amd64", "simplex-lua"), buildRuntime(t, "darwin", "arm64", "simplex-lua")

	a.must(a.program, "", []string{"bundle", "squares", "-o", "bot.exe", "--target", "windows/amd64", "--runtime", windows}, "for windows/amd64")
	a.must(a.program, "", []string{"bundle", "ls", "bot.exe"}, "target       windows/amd64", "files/main.lua")
	// A bundle is a runtime, too: that of its program.
	a.must(a.program, "", []string{"bundle", "squares", "-o", "again.exe", "--runtime", a.path("bot.exe")})
	if one, two := a.size("bot.exe"), a.size("again.exe"); one != two {
		t.Errorf("a bundle made of a bundle has %d bytes, want %d", two, one)
	}

	// Libraries that are to be downloaded are looked for in the cache first, those of
	// each system in a place of their own.
	_, out := a.run(a.program, "", "version")
	_, after, _ := strings.Cut(out, "libsimplex  ")
	version, _, _ := strings.Cut(after, " ")
	libs := a.path("cache/simplex-lua/targets/windows-amd64/simplex-chat/v" + version + "/sqlite")
	if err := errors.Join(os.MkdirAll(libs, 0o700), os.WriteFile(filepath.Join(libs, "libsimplex.dll"), []byte("library"), 0o600)); err != nil {
		t.Fatal(err)
	}
	a.must(a.program, "", []string{"bundle", "squares", "-o", "bot.exe", "--runtime", windows, "--with-libs", "download"})
	a.must(a.program, "", []string{"bundle", "ls", "bot.exe"}, "libs/libsimplex.dll", "libsimplex   in it")

	for range 2 { // the second one takes the place of the first
		a.must(a.program, "", []string{"bundle", "squares", "-o", "mac", "--runtime", mac}, "macOS runs no program that was changed", "squares.bundle")
	}
	if a.size("mac/squares") != fileSize(t, mac) {
		t.Error("the program for macOS was changed")
	}
	a.must(a.program, "", []string{"bundle", "ls", "mac/squares"}, "target       darwin/arm64", "stands beside it")
	if err := os.WriteFile(a.path("mac.txt"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for want, args := range map[string][]string{
		"is there already and is no bundle":   {"-o", "mac.txt", "--runtime", mac},
		"it is for windows/amd64; give":       {"-o", "x", "--runtime", windows, "--target", "linux/arm64"},
		"it is no simplex-lua, but example.o": {"-o", "x", "--runtime", buildRuntime(t, "linux", "arm64", "other")},
	} {
		code, out := a.run(a.program, "", append([]string{"bundle", "squares"}, args...)...)
		if code != 2 || !strings.Contains(out, want) {
			t.Errorf("%v: exit code %d, %s", args, code, out)
		}
	}
}

func (a *author) size(name string) int64 { return fileSize(a.t, a.path(name)) }

func fileSize(t *testing.T, path string) int64 {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return info.Size()
}
