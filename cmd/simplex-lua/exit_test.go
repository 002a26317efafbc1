package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/simplex-lua/simplex-lua/host"
	"github.com/simplex-lua/simplex-lua/internal/bundle"
	"github.com/simplex-lua/simplex-lua/internal/chat"
	"github.com/simplex-lua/simplex-lua/internal/config"
	"github.com/simplex-lua/simplex-lua/internal/ops"
	"github.com/simplex-lua/simplex-lua/internal/ops/control"
	"github.com/simplex-lua/simplex-lua/internal/ops/keep"
	"github.com/simplex-lua/simplex-lua/internal/ops/service"
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
		{"database", &host.StartError{Cause: &native.InitError{Kind: native.KindSQL}}, exitDatabase},
		{"wrong key", &host.StartError{Cause: &native.InitError{Kind: native.KindNotADatabase}}, exitKey},
		{"newer database", &host.StartError{Cause: &native.InitError{Kind: native.KindMigration, Migration: native.MigrationDowngrade}}, exitVersion},
		{"database in use", &host.StartError{Cause: &native.LockedError{}}, exitInUse},
		{"two bots with one database", &host.DatabaseError{Shared: true}, exitInUse},
		{"two backends", &host.DatabaseError{}, exitDatabase},
		{"data folder", &host.DataError{}, exitDatabase},
		{"setting", &host.StartError{Cause: &settingError{}}, exitConfig},
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
		{"backup", &keep.Error{}, exitKeep},
		{"backup before a migration", &host.StartError{Cause: &keep.Error{}}, exitKeep},
		{"restore of a running bot", &keep.Error{Cause: keep.ErrRunning}, exitInUse},
		{"port in use", &ops.ListenError{}, exitListen},
		{"no bot", &control.SocketError{}, exitControl},
		{"full disk", fmt.Errorf("types: %w", &os.PathError{Op: "write", Path: "x", Err: syscall.ENOSPC}), exitSystem},
		{"interrupted", fmt.Errorf("backup: %w", context.Canceled), exitSignal},
		{"two bots", ofBots(errors.Join(&luaapi.ScriptError{}, fmt.Errorf("b: %w", &host.DataError{}))), exitDatabase},
		{"two bots that no start helps", ofBots(errors.Join(&settingError{}, &luaapi.ScriptError{})), exitConfig},
		{"two bots, told without texts", &hidden{"…", ofBots(errors.Join(&luaapi.ScriptError{}, host.ErrCoreGone))}, exitCore},
		{"one of two bots", ofBots(errors.Join(fmt.Errorf("a: %w", &luaapi.ScriptError{}))), exitScript},
	}
	for _, tt := range tests {
		if got := report(&strings.Builder{}, tt.err); got != tt.want {
			t.Errorf("%s: got exit code %d, want %d", tt.name, got, tt.want)
		}
	}
}

// TestBotsWithOneFolder: no new start helps bots whose settings cannot hold.
func TestBotsWithOneFolder(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "bots.toml")
	text := "[[bot]]\nname = \"one\"\nscript = \"a.lua\"\n[[bot]]\nname = \"two\"\nscript = \"a.lua\"\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, errOut, code := program(t, "", "run", "--config", file); code != exitConfig || !strings.Contains(errOut, "a.data: one and two would share it") {
		t.Errorf("code %d, %q", code, errOut)
	}
}

// TestFinalCodes holds what a service does not try again to what the codes mean.
func TestFinalCodes(t *testing.T) {
	t.Parallel()
	want := []int{exitScript, exitUsage, exitConfig, exitBundle, exitKey, exitVersion}
	if got := service.FinalCodes(); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestSystemHints(t *testing.T) {
	t.Parallel()
	for cause, want := range map[syscall.Errno]string{
		syscall.ENOSPC: "The disk is full", syscall.EACCES: "This user may not", syscall.ENOENT: "Look at the name", syscall.EEXIST: "Name another place",
	} {
		var said strings.Builder
		report(&said, fmt.Errorf("new: %w", &os.PathError{Op: "open", Path: "bot", Err: cause}))
		if !strings.Contains(said.String(), want) {
			t.Errorf("%v: got %q, want %q", cause, said.String(), want)
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
	for _, e := range exits {
		want = append(want, fmt.Sprintf("%d %s", e.code, e.meaning))
	}
	for _, m := range regexp.MustCompile(`(?m)^\| (\d+) \| (.+) \|$`).FindAllStringSubmatch(table, -1) {
		got = append(got, m[1]+" "+strings.ReplaceAll(m[2], "`", ""))
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("docs/cli.md says\n%s\n\n--help says\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
