package host

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/simplex-lua/simplex-lua/internal/chat"
	"github.com/simplex-lua/simplex-lua/internal/chat/coretest"
	"github.com/simplex-lua/simplex-lua/native"
)

// TestRealCore holds the library that SIMPLEX_LIBS_DIR names to the contract of
// chat.Core; make test-real runs it. Without such a library it has nothing to test.
func TestRealCore(t *testing.T) {
	dir := os.Getenv("SIMPLEX_LIBS_DIR")
	if dir == "" {
		t.Skip("SIMPLEX_LIBS_DIR names no library")
	}
	lib, err := native.Open(dir, native.Options{})
	if err != nil {
		t.Fatal(err)
	}
	coretest.Run(t, func(t *testing.T) chat.Core {
		c, err := lib.OpenController(t.Context(), native.SQLite{Prefix: filepath.Join(t.TempDir(), "chat")}, native.ConfirmUp)
		if err != nil {
			t.Fatal(err)
		}
		return c
	})
}
