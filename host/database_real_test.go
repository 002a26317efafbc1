package host

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/simplex-lua/simplex-lua/internal/chat"
	"github.com/simplex-lua/simplex-lua/internal/ops/keep"
	"github.com/simplex-lua/simplex-lua/native"
)

// TestRealKeyChange holds the library that SIMPLEX_LIBS_DIR names to what rekey
// builds on: the core leaves copies with the old key beside the database, keep
// finds all of them, and the database does without.
func TestRealKeyChange(t *testing.T) {
	dir := os.Getenv("SIMPLEX_LIBS_DIR")
	if dir == "" {
		t.Skip("SIMPLEX_LIBS_DIR names no library")
	}
	lib, err := native.Open(dir, native.Options{})
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	where := native.SQLite{Prefix: filepath.Join(folder, "chat")}
	send := func(cmd string) {
		t.Helper()
		core, err := lib.OpenController(t.Context(), where, native.ConfirmUp)
		if err != nil {
			t.Fatal(err)
		}
		reply, err := core.Send(t.Context(), cmd)
		if err == nil {
			_, err = chat.ParseReply(cmd, reply)
		}
		if err != nil {
			t.Error(err)
		}
		if err := core.Close(t.Context()); err != nil {
			t.Error(err)
		}
	}
	send(`/_db encryption {"currentKey":"","newKey":"first-key"}`)
	where.Key = "first-key"
	found, err := keep.Leftovers(where.Prefix)
	if err != nil || len(found) != 2 {
		t.Errorf("the core has left %q, %v; want a copy of each database", found, err)
	}
	if err := keep.RemoveLeftovers(where.Prefix); err != nil {
		t.Fatal(err)
	}
	send("/v")
	if other, err := filepath.Glob(filepath.Join(folder, "*.db.*")); err != nil || len(other) > 0 {
		t.Errorf("the core leaves what keep does not know: %q, %v", other, err)
	}
}
