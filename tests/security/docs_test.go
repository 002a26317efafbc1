package security

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	namedTest = regexp.MustCompile("`([a-z0-9/_-]+) (Test\\w+)`")
	testFunc  = regexp.MustCompile(`(?m)^func (Test\w+)\(`)
)

// TestDocs holds docs/security.md against the code: each line of the threat
// model names tests, and each of them exists.
func TestDocs(t *testing.T) {
	t.Parallel()
	root := filepath.Join("..", "..")
	text, err := os.ReadFile(filepath.Join(root, "docs", "security.md"))
	if err != nil {
		t.Fatal(err)
	}
	lines, threats := 0, false
	for _, line := range strings.Split(string(text), "\n") {
		if strings.HasPrefix(line, "|") && strings.HasSuffix(line, "| test |") {
			threats = true
			continue
		}
		if threats = threats && strings.HasPrefix(line, "|"); !threats || strings.HasPrefix(line, "|---") {
			continue
		}
		lines++
		named := namedTest.FindAllStringSubmatch(line, -1)
		if len(named) == 0 {
			t.Errorf("no test: %s", line)
		}
		for _, n := range named {
			if !hasTest(t, filepath.Join(root, filepath.FromSlash(n[1])), n[2]) {
				t.Errorf("%s has no %s: %s", n[1], n[2], line)
			}
		}
	}
	if lines < 40 {
		t.Errorf("only %d lines were found", lines)
	}
}

func hasTest(t *testing.T, dir, name string) bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range testFunc.FindAllStringSubmatch(string(text), -1) {
			if m[1] == name {
				return true
			}
		}
	}
	return false
}
