package modtest

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/simplex-lua/simplex-lua/luaapi"
	"github.com/simplex-lua/simplex-lua/luaapi/permission"
	"github.com/simplex-lua/simplex-lua/stdlib"
)

// Options say what the scripts may reach. The zero value is what an operator
// allows by default: nothing.
type Options struct {
	// Grants are entries as --allow takes them.
	Grants []string
	// Globals are texts that the scripts find under these names.
	Globals map[string]string
	// Getenv answers os.getenv.
	Getenv func(string) (string, bool)
	// Store is the server of stores that are given none, as operators name it.
	Store string
	// CPULimit is how long a script may compute without waiting; 0 is 10 s.
	CPULimit time.Duration
}

// Run runs each script of testdata as a subtest, side by side.
func Run(t *testing.T, o Options) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", "*.lua"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no scripts in testdata: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".lua"), func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := Eval(t, o, string(text)); err != nil {
				t.Errorf("%v", err)
			}
		})
	}
}

// Quote writes any bytes as a literal of Lua.
func Quote(text string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, c := range []byte(text) {
		fmt.Fprintf(&b, "\\%03d", c)
	}
	return b.String() + `"`
}

// Eval runs a script and returns what it printed. The error is a
// *luaapi.ScriptError.
func Eval(t testing.TB, o Options, script string) (printed string, err error) {
	t.Helper()
	grants, err := permission.Parse(o.Grants)
	if err != nil {
		t.Fatal(err)
	}
	var globals strings.Builder
	for name, value := range o.Globals {
		globals.WriteString("rawset(_G, \"" + name + "\", [==[" + value + "]==]) ")
	}
	dir := t.TempDir()
	files := filepath.Join(dir, "files")
	if err := os.Mkdir(files, 0o700); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	rt, err := luaapi.Load(context.Background(), luaapi.Options{
		Name: "test", Path: "test.lua", Source: []byte(globals.String() + script), NoBot: true, Stdlib: stdlib.FS,
		Print: &out, Log: slog.New(slog.NewTextHandler(t.Output(), nil)), Getenv: o.Getenv, Grants: grants, Store: o.Store, CPULimit: o.CPULimit,
		Session: luaapi.Session{FilesDir: files, DataDir: dir},
	})
	if err == nil {
		rt.Close()
	}
	return out.String(), err
}
