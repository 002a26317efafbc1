package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"simplex-lua": func() { os.Exit(run(os.Args, os.Stdin, os.Stdout, os.Stderr)) },
	})
}

// TestCommandLine runs tests/cli/*.txtar with this program, in which scripts
// find the examples under $EXAMPLES.
func TestCommandLine(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir: filepath.Join("..", "..", "tests", "cli"),
		Setup: func(env *testscript.Env) error {
			examples, err := filepath.Abs(filepath.Join("..", "..", "scripts", "examples"))
			env.Setenv("EXAMPLES", examples)
			// Nothing here may find a library, or fetch one.
			env.Setenv("SIMPLEX_LIBS_DIR", filepath.Join(env.WorkDir, "no-libs"))
			return err
		},
	})
}
