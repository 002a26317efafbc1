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
	codeWord  = regexp.MustCompile("`([^`]+)`")
	granted   = regexp.MustCompile("`([a-z]+)=[A-Z/]")
)

// TestDocs holds docs/security.md against the code: each line of the threat
// model names tests, each of them exists, and what the line writes as code
// stands in one of them. Each permission is one that a test sees refused.
func TestDocs(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "security.md"))
	if err != nil {
		t.Fatal(err)
	}
	lines, table, tests := 0, "", ""
	var kinds []string
	for line := range strings.Lines(string(text)) {
		cells := strings.Split(strings.Trim(line, "|\n "), " | ")
		switch {
		case !strings.HasPrefix(line, "|"):
			table = ""
		case strings.HasPrefix(line, "|---"):
		case table == "":
			table = cells[0]
		case table == "permission":
			for _, kind := range granted.FindAllStringSubmatch(cells[0], -1) {
				kinds = append(kinds, kind[1])
			}
		case table == "tries" && len(cells) == 3:
			lines++
			tests += checkLine(t, cells[0], cells[2])
		default:
			t.Errorf("it has not the three cells of a threat: %s", line)
		}
	}
	if lines < 40 || len(kinds) < 7 {
		t.Errorf("only %d lines and the permissions %q were found", lines, kinds)
	}
	for _, kind := range kinds {
		if !strings.Contains(tests, "allow "+kind+"=") {
			t.Errorf("no test has an error that names --allow %s=", kind)
		}
	}
}

// checkLine wants the tests that a line names, and returns the texts that they
// are in.
func checkLine(t *testing.T, threat, names string) (text string) {
	t.Helper()
	named := namedTest.FindAllStringSubmatch(names, -1)
	if len(named) == 0 {
		t.Errorf("no test: %s", threat)
	}
	for _, n := range named {
		file := textOf(t, filepath.Join("..", "..", filepath.FromSlash(n[1])), n[2])
		if file == "" {
			t.Errorf("%s has no %s: %s", n[1], n[2], threat)
		}
		text += file
	}
	for _, word := range codeWord.FindAllStringSubmatch(threat, -1) {
		if !strings.Contains(text, strings.Trim(word[1], "…")) {
			t.Errorf("none of %s tries %s: %s", names, word[1], threat)
		}
	}
	return text
}

// textOf is the file that a test is in, with the scripts that tests of that
// folder run; "" where there is no such test.
func textOf(t *testing.T, dir, name string) (text string) {
	t.Helper()
	found := false
	for _, pattern := range []string{"*_test.go", filepath.Join("testdata", "*.lua")} {
		files, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			one, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			has := filepath.Ext(file) == ".lua"
			for _, m := range testFunc.FindAllStringSubmatch(string(one), -1) {
				has = has || m[1] == name
				found = found || m[1] == name
			}
			if has {
				text += string(one)
			}
		}
	}
	if !found {
		return ""
	}
	return text
}
