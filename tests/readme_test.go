package tests

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// TestReadme runs the commands of the README's sh blocks, in order.
func TestReadme(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	var commands []string
	for _, block := range regexp.MustCompile("(?s)```sh\n(.*?)```").FindAllStringSubmatch(string(text), -1) {
		commands = append(commands, strings.Split(strings.TrimSpace(block[1]), "\n")...)
	}
	bin := filepath.Join(t.TempDir(), "simplex-lua")
	// How each command is run here, and what it must print.
	steps := map[string]struct {
		args   []string
		stdin  string
		stdout string
	}{
		"go run ./cmd/simplex-lua dev scripts/examples/squaring.lua": {
			args:  []string{"go", "run", "./cmd/simplex-lua", "dev", "scripts/examples/squaring.lua"},
			stdin: "7\n", stdout: "Squarer: Send a number, I'll square it.\nSquarer: 7 * 7 = 49\n",
		},
		// This test is one of them; so here they are only compiled.
		"go test ./...": {args: []string{"go", "test", "-run", "^$", "./..."}},
		"go build -o simplex-lua ./cmd/simplex-lua": {
			args: []string{"go", "build", "-o", bin, "./cmd/simplex-lua"},
		},
		// The real network is not reached from a test.
		"./simplex-lua run bot.lua": {args: []string{bin, "run", "--help"}},
	}
	if len(commands) != len(steps) {
		t.Errorf("the README has %d commands, this test knows %d", len(commands), len(steps))
	}
	for _, c := range commands {
		step, ok := steps[c]
		if !ok {
			t.Errorf("no test for the README's command %q", c)
			continue
		}
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
		defer cancel()
		cmd := exec.CommandContext(ctx, step.args[0], step.args[1:]...)
		cmd.Dir, cmd.Stdin = "..", strings.NewReader(step.stdin)
		var stderr strings.Builder
		cmd.Stderr = &stderr
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("%s: %v\n%s%s", c, err, out, &stderr)
		}
		if step.stdout != "" && string(out) != step.stdout {
			t.Errorf("%s: got %q, want %q", c, out, step.stdout)
		}
	}
}
