package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestKeygenWritesBothOrNone leaves no key without its other half.
func TestKeygenWritesBothOrNone(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		there string
		left  []string
		code  int
	}{
		{"", []string{"me.key", "me.pub"}, exitOK},
		{"me.pub", []string{"me.pub"}, exitUsage},
		{"me.key", []string{"me.key"}, exitUsage},
	} {
		t.Run("with "+tt.there, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			if tt.there != "" {
				if err := os.WriteFile(filepath.Join(dir, tt.there), []byte("mine"), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			_, errs, code := program(t, "", "bundle", "keygen", "--no-password", "-o", filepath.Join(dir, "me"))
			if code != tt.code || code != exitOK && !strings.Contains(errs, tt.there+" is there already") {
				t.Errorf("code %d, %s", code, errs)
			}
			var left []string
			entries, err := os.ReadDir(dir)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range entries {
				left = append(left, e.Name())
			}
			if !slices.Equal(left, tt.left) {
				t.Errorf("left %q, want %q", left, tt.left)
			}
		})
	}
	if _, errs, code := program(t, "", "bundle", "keygen", "--no-password", "-o", filepath.Join(t.TempDir(), "no", "me")); code != exitSystem || !strings.Contains(errs, "A folder must be there") {
		t.Errorf("no folder: code %d, %s", code, errs)
	}
}
