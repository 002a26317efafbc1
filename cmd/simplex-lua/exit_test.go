package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/simplex-lua/simplex-lua/host"
	"github.com/simplex-lua/simplex-lua/internal/bundle"
	"github.com/simplex-lua/simplex-lua/internal/chat"
	"github.com/simplex-lua/simplex-lua/internal/config"
	"github.com/simplex-lua/simplex-lua/luaapi"
	"github.com/simplex-lua/simplex-lua/native"
)

func TestExitCodes(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		err  error
		want int
	}{
		{"nothing", nil, exitOK},
		{"usage", usagef("which script?"), exitUsage},
		{"script", fmt.Errorf("bot: %w", &luaapi.ScriptError{}), exitScript},
		{"library", &host.StartError{Cause: &native.LoadError{}}, exitLibrary},
		{"database", &host.StartError{Cause: &native.InitError{}}, exitDatabase},
		{"data folder", &host.DataError{}, exitDatabase},
		{"shared database", &host.DatabaseError{}, exitDatabase},
		{"core", &host.StartError{Cause: &chat.CommandError{}}, exitCore},
		{"core gone", fmt.Errorf("%w: EOF", host.ErrCoreGone), exitCore},
		{"file", errors.Join(&config.Error{File: "simplex-lua.toml", Line: 3}), exitConfig},
		{"flag or variable", &config.Error{Message: "--grace ten: want a duration"}, exitUsage},
		{"isolated", fmt.Errorf("bot: %w", &childError{code: exitDatabase}), exitDatabase},
		{"isolated and killed", &childError{code: -1}, exitCore},
		{"bundle not unpacked", &host.StartError{Cause: &bundle.UnpackError{}}, exitLibrary},
		{"bundle", fmt.Errorf("x: %w", &bundle.DamagedError{}), exitBundle},
		{"bundle as runtime", usagef("x: %w", &bundle.DamagedError{}), exitBundle},
		{"secrets", &bundle.SecretsError{}, exitBundle},
		{"signature", fmt.Errorf("x: %w", bundle.ErrSignature), exitBundle},
		{"two bots", errors.Join(&luaapi.ScriptError{}, &host.DataError{}), exitScript},
	}
	for _, tt := range tests {
		if got := report(&strings.Builder{}, tt.err); got != tt.want {
			t.Errorf("%s: got exit code %d, want %d", tt.name, got, tt.want)
		}
	}
}

// TestExitCodeDocs holds the table in docs/cli.md to what --help says.
func TestExitCodeDocs(t *testing.T) {
	t.Parallel()
	docs, err := os.ReadFile(filepath.Join("..", "..", "docs", "cli.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(string(docs), "## Exit codes\n")
	var want, got []string
	for _, m := range regexp.MustCompile(`(?m)^ +(\d+) +(.+)$`).FindAllStringSubmatch(exitCodeHelp, -1) {
		want = append(want, m[1]+" "+m[2])
	}
	for _, m := range regexp.MustCompile(`(?m)^\| (\d+) \| (.+) \|$`).FindAllStringSubmatch(table, -1) {
		got = append(got, m[1]+" "+strings.ReplaceAll(m[2], "`", ""))
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("docs/cli.md says\n%s\n\n--help says\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
