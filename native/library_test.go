package native

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// opened is what childOpen found.
type opened struct {
	Kind     Kind
	Error    string
	Function string
	Hint     string
	Starts   int
	Again    bool // a second Open gave the same
}

// childOpen opens the library in $DIR and one controller.
func childOpen() any {
	var o opened
	l, err := Open(os.Getenv("DIR"), Options{})
	var load *LoadError
	if errors.As(err, &load) {
		return opened{Kind: load.Kind, Error: err.Error(), Function: load.Function, Hint: load.Hint()}
	}
	if err != nil {
		return opened{Error: err.Error()}
	}
	c, err := l.OpenController(context.Background(), SQLite{Prefix: filepath.Join(os.Getenv("DIR"), "bot")}, ConfirmUp)
	if err != nil {
		return opened{Error: err.Error()}
	}
	reply, err := c.Send(context.Background(), "/stats")
	if err != nil {
		return opened{Error: err.Error()}
	}
	if strings.Contains(string(reply), `"starts":1,`) {
		o.Starts = 1
	}
	again, _ := Open(os.Getenv("DIR"), Options{})
	o.Again = again == l
	return o
}

func TestOpenFailures(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		make func(t *testing.T, dir string)
		kind Kind
		fn   string
		text string
	}{
		{"lacks a function", func(t *testing.T, dir string) {
			mustCompile(t, filepath.Join(dir, libraryFile), "core.c", "-DLACKS_FUNCTION")
		}, KindMissingFunction, "chat_encrypt_file", "chat_encrypt_file"},
		{"is no library", func(t *testing.T, dir string) {
			writeFile(t, filepath.Join(dir, libraryFile), "no library")
		}, KindNotLoadable, "", libraryFile},
		{"is a folder", func(t *testing.T, dir string) {
			if err := os.Mkdir(filepath.Join(dir, libraryFile), 0o700); err != nil {
				t.Fatal(err)
			}
		}, KindNotLoadable, "", libraryFile},
		{"is not there", func(*testing.T, string) {}, KindNotFound, "", libraryFile},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			tt.make(t, dir)
			var got opened
			runChild(t, &got, "open", "DIR="+dir)
			if got.Kind != tt.kind || got.Function != tt.fn || !strings.Contains(got.Error, tt.text) || got.Hint == "" {
				t.Errorf("got %+v, want kind %q, function %q, text %q and a hint", got, tt.kind, tt.fn, tt.text)
			}
		})
	}
}

func TestOpenAgain(t *testing.T) {
	t.Parallel()
	l := usual(t)
	if again, err := Open(scratch, Options{}); again != l || err != nil {
		t.Errorf("same again: got %p, %v; want %p", again, err, l)
	}
	if l.Path() == "" || l.Backend() != BackendSQLite || Loaded() != l {
		t.Errorf("got path %q, backend %q, loaded %p", l.Path(), l.Backend(), Loaded())
	}

	other := t.TempDir()
	writeFile(t, filepath.Join(other, libraryFile), "another")
	for name, open := range map[string]func() (*Library, error){
		"other folder":  func() (*Library, error) { return Open(other, Options{}) },
		"other backend": func() (*Library, error) { return Open(scratch, Options{Backend: BackendPostgres}) },
	} {
		var load *LoadError
		if _, err := open(); !errors.As(err, &load) || !errors.Is(err, KindSecondLibrary) ||
			load.Hint() == "" || !strings.Contains(err.Error(), l.Path()) {
			t.Errorf("%s: got %v, want KindSecondLibrary that names both", name, err)
		}
	}
}

func TestRuntimeStart(t *testing.T) {
	t.Parallel()
	s := statsOf(t, openTest(t))
	want := "simplex +RTS " + strings.Join(runtimeOptions, " ")
	if s.Starts != 1 || s.Args != want {
		t.Errorf("got %d starts with %q, want 1 with %q", s.Starts, s.Args, want)
	}
	if s.Signals != 0 {
		t.Errorf("%d signals are handled by the core after its start", s.Signals)
	}
}

func writeFile(t testing.TB, path, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}
