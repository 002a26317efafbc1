package tests

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestExamplesAreSmall: each example has fewer than 60 lines, and a test.
func TestExamplesAreSmall(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../scripts/examples/*.lua")
	if err != nil || len(files) < 20 {
		t.Fatalf("%d examples: %v", len(files), err)
	}
	for _, file := range files {
		name, isTest := strings.CutSuffix(file, "_test.lua")
		if isTest {
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if lines := bytes.Count(text, []byte("\n")); lines >= 60 {
			t.Errorf("%s has %d lines", file, lines)
		}
		if _, err := os.Stat(strings.TrimSuffix(name, ".lua") + "_test.lua"); err != nil {
			t.Errorf("%s has no test", file)
		}
	}
}
