package permission

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A program is allowed under the name that the operator gave, and under the
// other spelling of the same file; never under another name of that file.
func TestPrograms(t *testing.T) {
	dir := t.TempDir()
	dir, err := filepath.EvalSymlinks(dir)
	if err != nil {
		t.Fatal(err)
	}
	box := filepath.Join(dir, "box")
	if err := os.WriteFile(box, []byte("#!/bin/true\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"ls", "sh"} {
		if err := os.Symlink(box, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PATH", dir)
	ls := filepath.Join(dir, "ls")
	for _, tc := range []struct {
		name, grant, program string
		refused              string // part of the error; "" where it is found
	}{
		{"name", "ls", "ls", ""},
		{"name, asked by path", "ls", ls, ""},
		{"path", ls, ls, ""},
		{"path, asked by name", ls, "ls", ""},
		{"other name of the file", "ls", "sh", "--allow exec=sh"},
		{"the file itself", "ls", box, "--allow exec=" + box},
		{"other path of the file", ls, filepath.Join(dir, "sh"), "--allow exec="},
		{"detour", ls, filepath.Join(dir, "x") + "/../ls", "--allow exec="},
		{"relative", "ls", "./ls", "want an absolute path"},
		{"nothing", "ls", "", "not the name"},
		{"NUL", "ls", "ls\x00", "not the name"},
		{"upper case", "ls", "LS", "--allow exec=LS"},
		{"space", "ls", "ls ", "--allow exec=ls"},
		{"not there", "missing", "missing", "there is no program missing"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			p, err := Parse([]string{"exec=" + tc.grant})
			if err != nil {
				t.Fatal(err)
			}
			got, err := p.Programs().Find(tc.program)
			if tc.refused == "" && (err != nil || got != box) || tc.refused != "" && (err == nil || !strings.Contains(err.Error(), tc.refused)) {
				t.Errorf("got %q, %v; want %q", got, err, tc.refused)
			}
			if refused := (*Error)(nil); err != nil && tc.program != "missing" && !errors.As(err, &refused) {
				t.Errorf("%v is no refusal", err)
			}
		})
	}
	if _, err := (Set{}).Programs().Find("ls"); err == nil {
		t.Error("without a permission, ls may be run")
	}
	if _, err := (Set{All: true}).Programs().Find("ls"); err != nil {
		t.Errorf("with all permissions: %v", err)
	}
	if _, err := Parse([]string{"exec=bin/ls"}); err == nil {
		t.Error("a relative path can be allowed")
	}
}

// What takes the name of an allowed program later is not run.
func TestProgramsFoundOnce(t *testing.T) {
	first, second := t.TempDir(), t.TempDir()
	write := func(dir string) string {
		path := filepath.Join(dir, "tool")
		if err := os.WriteFile(path, []byte("#!/bin/true\n"), 0o700); err != nil {
			t.Fatal(err)
		}
		real, err := filepath.EvalSymlinks(path)
		if err != nil {
			t.Fatal(err)
		}
		return real
	}
	t.Setenv("PATH", first+string(os.PathListSeparator)+second)
	want := write(second)
	programs := Set{Exec: []string{"tool"}}.Programs()
	write(first)
	if got, err := programs.Find("tool"); err != nil || got != want {
		t.Errorf("got %q, %v, want %q", got, err, want)
	}
}

func FuzzProgram(f *testing.F) {
	for _, name := range []string{"sh", "/bin/sh", "../sh", "", "a\x00", "/bin/../bin/sh", "sh ", `c:\x`} {
		f.Add(name)
	}
	programs := Set{Exec: []string{"cat"}}.Programs()
	f.Fuzz(func(t *testing.T, name string) {
		if path, err := programs.Find(name); err == nil && filepath.Base(name) != "cat" {
			t.Fatalf("%q may be run, as %s", name, path)
		}
	})
}
