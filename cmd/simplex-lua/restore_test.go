package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/simplex-lua/simplex-lua/host"
	"github.com/simplex-lua/simplex-lua/internal/ops/keep"
)

// TestUnfinishedRestore starts no bot in a folder with old and new files.
func TestUnfinishedRestore(t *testing.T) {
	t.Parallel()
	if host.UnfinishedRestore != keep.PlanName {
		t.Errorf("host looks for %s, keep writes %s", host.UnfinishedRestore, keep.PlanName)
	}
	dir := t.TempDir()
	script, data := filepath.Join(dir, "bot.lua"), filepath.Join(dir, "data")
	for path, text := range map[string]string{script: "bot.on_message(function() end)", filepath.Join(data, keep.PlanName): "{}"} {
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	_, errs, code := program(t, "", "run", "--data", data, script)
	if code != exitDatabase || !strings.Contains(errs, "Run the same restore again") {
		t.Errorf("code %d, %s", code, errs)
	}
	if left, _ := os.ReadDir(data); len(left) != 1 {
		t.Errorf("the folder was used: %v", left)
	}
}
