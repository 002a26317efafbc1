package security

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/bottest"
	"github.com/simplex-lua/simplex-lua/stdlib"
)

// TestFloods has scripts use up what they can; others are answered meanwhile.
func TestFloods(t *testing.T) {
	t.Parallel()
	o := bottest.Options{
		Files: []string{filepath.Join("testdata", "floods_test.lua")}, Stdlib: stdlib.FS, Parallel: 1, Timeout: 2 * time.Minute,
		Done: func(r bottest.Result) {
			if r.Err != nil {
				t.Errorf("%s: %s\n%s", r.Name, bottest.Failure(r.Err), strings.Join(r.Log, "\n"))
			}
		},
	}
	if s, err := bottest.Run(t.Context(), o); err != nil || s.Passed < 12 {
		t.Errorf("%d passed, %v", s.Passed, err)
	}
}
