package irc

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write what came into testdata/*.golden")

// env tells a bot where its server is.
func env(s *ngircd) map[string]string { return map[string]string{"PORT": strconv.Itoa(s.port)} }

// golden holds lines, in whatever order, against those of a file.
func golden(t *testing.T, name, got string) {
	t.Helper()
	lines := strings.SplitAfter(got, "\n")
	slices.Sort(lines)
	got, path := strings.Join(lines, ""), filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	left := strings.SplitAfter(string(want), "\n")
	for _, line := range lines {
		if i := slices.Index(left, line); i >= 0 {
			left = slices.Delete(left, i, i+1)
		} else {
			t.Errorf("%s: %q came", path, line)
		}
	}
	for _, line := range left {
		t.Errorf("%s: %q has not come", path, line)
	}
}

// Each command that a server answers, with the event that comes and its fields.
func TestCommands(t *testing.T) {
	t.Parallel()
	t.Run("all commands and events", func(t *testing.T) {
		t.Parallel()
		golden(t, "commands", run(t, "commands", env(startNgircd(t, "irc.one.test", "hunter2"))).String())
	})
}
