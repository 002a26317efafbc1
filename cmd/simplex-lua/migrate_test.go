package main

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/simplex-lua/simplex-lua/host"
	"github.com/simplex-lua/simplex-lua/internal/chat"
)

// TestTellingNew says once where a database was made.
func TestTellingNew(t *testing.T) {
	t.Parallel()
	var log strings.Builder
	db := host.Database{Prefix: filepath.Join(t.TempDir(), "chat")}
	open := tellingNew(func(context.Context, host.Database) (chat.Core, error) {
		return nil, os.WriteFile(db.Prefix+"_chat.db", nil, 0o600)
	}, "squarer", slog.New(slog.NewTextHandler(&log, nil)))
	for range 2 {
		if _, err := open(t.Context(), db); err != nil {
			t.Fatal(err)
		}
	}
	if got := log.String(); strings.Count(got, "a new chat database was made") != 1 || !strings.Contains(got, "folder="+filepath.Dir(db.Prefix)) {
		t.Errorf("got %s", got)
	}
}
