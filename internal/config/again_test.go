package config

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestSame: what counts is what holds, not where it stands.
func TestSame(t *testing.T) {
	t.Parallel()
	const first = "metrics = \"9000\"\n[[bot]]\nscript = \"a.lua\"\ngrace = \"1s\"\n[bot.env]\nX = \"1\"\n"
	for _, tt := range []struct {
		name, file string
		same       bool
		kept       string
	}{
		{"as it was", first, true, ""},
		{"with a comment", "# new\n\n" + first, true, ""},
		{"in another place", "grace = \"1s\"\n" + strings.Replace(first, "grace = \"1s\"\n", "", 1), true, ""},
		{"a setting", strings.Replace(first, "1s", "2s", 1), false, ""},
		{"a variable", strings.Replace(first, `"1"`, `"2"`, 1), false, ""},
		{"of bot.configure", first + "[bot.database]\nprefix = \"x\"\n", false, ""},
		{"one bot more", first + "[[bot]]\nscript = \"b.lua\"\n", false, ""},
		{"of the process", strings.Replace(first, "9000", "9001", 1), true, "metrics"},
		{"several of the process", "log_level = \"debug\"\n" + strings.Replace(first, "9000", "9001", 1), true, "log_level metrics"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir := folder(t, map[string]string{FileName: first})
			old, err := Resolve(Input{Args: []string{dir}, Getenv: environment()})
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(dir, FileName), []byte(tt.file), 0o600); err != nil {
				t.Fatal(err)
			}
			next, err := Resolve(Input{Args: []string{dir}, Getenv: environment()})
			if err != nil {
				t.Fatal(err)
			}
			if kept := strings.Join(old.KeepProcess(next), " "); kept != tt.kept || next.Metrics != "9000" {
				t.Errorf("kept %q and metrics at %s, want %q and 9000", kept, next.Metrics, tt.kept)
			}
			if same := slices.EqualFunc(old.Bots, next.Bots, (*Bot).Same); same != tt.same {
				t.Errorf("the same: got %t", same)
			}
		})
	}
}
