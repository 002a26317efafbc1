package tests

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// blocks are the code blocks of a language in a page.
func blocks(t *testing.T, page, language string) (list []string) {
	t.Helper()
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	for _, block := range regexp.MustCompile("(?s)```"+language+"\n(.*?)```").FindAllStringSubmatch(string(text), -1) {
		list = append(list, block[1])
	}
	return list
}

// TestReadme runs the commands of the README's sh blocks, in order.
func TestReadme(t *testing.T) {
	t.Parallel()
	var commands []string
	for _, block := range blocks(t, "../README.md", "sh") {
		commands = append(commands, strings.Split(strings.TrimSpace(block), "\n")...)
	}
	// How each command is run here.
	steps := map[string]func(){
		"go run ./cmd/simplex-lua dev scripts/examples/squaring.lua": func() {
			squares(t, "go", "run", "./cmd/simplex-lua", "dev", "scripts/examples/squaring.lua")
		},
		// This test is one of them; so here it is only seen that they compile.
		"go test ./...": func() { command(t, "", "go", "vet", "./...") },
		"go build -o simplex-lua ./cmd/simplex-lua": func() {
			command(t, "", "go", "build", "-o", filepath.Join(t.TempDir(), "simplex-lua"), "./cmd/simplex-lua")
		},
		// The real network is not reached from a test: TestReadmeBot runs this on the stub.
		"./simplex-lua run bot.lua": func() {},
	}
	if len(commands) != len(steps) {
		t.Errorf("the README has %d commands, this test knows %d", len(commands), len(steps))
	}
	for _, c := range commands {
		if step, ok := steps[c]; ok {
			step()
		} else {
			t.Errorf("no test for the README's command %q", c)
		}
	}
}

// TestReadmeBot runs the README's bot: on the simulated network, and as
// "simplex-lua run bot.lua" does, in a folder with nothing else in it.
func TestReadmeBot(t *testing.T) {
	t.Parallel()
	bots := blocks(t, "../README.md", "lua")
	if len(bots) != 1 {
		t.Fatalf("the README has %d bots, want one", len(bots))
	}
	b := newBot(t, bots[0], "CORE_ITEMS", "5")
	squares(t, b.program, "dev", b.script)
	b.data = strings.TrimSuffix(b.script, ".lua") + ".data"
	b.launch("run", b.script)
	b.until("all are answered and marked", stubCounters.done)
	b.stop()
	b.checkOnce()
}

// squares runs a command that lets one chat with the squaring bot.
func squares(t *testing.T, args ...string) {
	t.Helper()
	const want = "Squarer: Send a number, I'll square it.\nSquarer: 7 * 7 = 49\n"
	if got := command(t, "7\n", args...); got != want {
		t.Errorf("%s: got %q, want %q", strings.Join(args, " "), got, want)
	}
}

// command runs one in the repository and returns what it prints.
func command(t *testing.T, stdin string, args ...string) string {
	t.Helper()
	// Less than go test has by default for all, so that this is what tells.
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.Dir, cmd.Stdin = "..", strings.NewReader(stdin)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s%s", strings.Join(args, " "), err, out, &stderr)
	}
	return string(out)
}

// wholeBot tells the blocks of a page that are a bot from those that are a part
// of one: handlers stand at the start of a line.
var wholeBot = regexp.MustCompile(`(?m)^bot\.(?:on_|configure)`)

// TestBotsOfThePages checks the bots in the pages that people write by hand.
func TestBotsOfThePages(t *testing.T) {
	t.Parallel()
	program, err := buildProgram()
	if err != nil {
		t.Fatal(err)
	}
	pages, err := filepath.Glob("../docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	dir, args := t.TempDir(), []string{program, "check"}
	for _, page := range pages {
		name := strings.TrimSuffix(filepath.Base(page), ".md")
		if name == "lua-api" { // generated, with tests of its own
			continue
		}
		for n, text := range blocks(t, page, "lua") {
			if !wholeBot.MatchString(text) {
				continue
			}
			path := filepath.Join(dir, fmt.Sprintf("%s-%d.lua", name, n+1))
			if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			args = append(args, path)
		}
	}
	if len(args) < 2+5 {
		t.Errorf("only %d bots were found", len(args)-2)
	}
	command(t, "", args...)
}
