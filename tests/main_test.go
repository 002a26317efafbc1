package tests

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
	"testing"
)

// scratch holds what is built once for all tests.
var scratch string

func TestMain(m *testing.M) {
	os.Exit(func() int {
		var err error
		if scratch, err = os.MkdirTemp("", "simplex-lua-tests-"); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		defer os.RemoveAll(scratch)
		return m.Run()
	}())
}

// buildProgram builds the program as it is released.
var buildProgram = sync.OnceValues(func() (string, error) {
	bin := filepath.Join(scratch, "simplex-lua")
	cmd := exec.Command("go", "build", "-o", bin, "./cmd/simplex-lua")
	cmd.Dir = ".."
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	return bin, nil
})

var errNoStub = errors.New("the stub core needs Linux and a C compiler (cc, gcc or clang)")

// buildStub builds the stub core and returns its folder.
var buildStub = sync.OnceValues(func() (string, error) {
	sources, err := filepath.Glob("stub/*.c")
	if err != nil || runtime.GOOS != "linux" {
		return "", errors.Join(errNoStub, err)
	}
	dir := filepath.Join(scratch, "libs")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", err
	}
	for _, cc := range []string{os.Getenv("CC"), "cc", "gcc", "clang"} {
		path, err := exec.LookPath(cc)
		if err != nil {
			continue
		}
		args := append([]string{"-shared", "-fPIC", "-O2", "-Wall", "-Wextra", "-Werror", "-D_GNU_SOURCE", "-pthread",
			"-o", filepath.Join(dir, "libsimplex.so")}, sources...)
		if out, err := exec.Command(path, args...).CombinedOutput(); err != nil {
			return "", fmt.Errorf("%s: %w\n%s", path, err, out)
		}
		return dir, nil
	}
	return "", errNoStub
})

// built returns the program and the stub's folder; it skips where the stub
// cannot be built.
func built(t testing.TB) (program, libs string) {
	t.Helper()
	libs, err := buildStub()
	if errors.Is(err, errNoStub) {
		t.Skip(err)
	}
	if err == nil {
		program, err = buildProgram()
	}
	if err != nil {
		t.Fatal(err)
	}
	return program, libs
}
