package tests

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// TestNetworksHaveTests: what the modules for other networks and between bots
// must do is listed in testdata/networks.txt, each with a test that exists.
func TestNetworksHaveTests(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("testdata/networks.txt")
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]map[string]bool{}
	for _, name := range []string{"irc", "lime", "peers"} {
		known[name] = testNames(t, name)
	}
	columns := regexp.MustCompile(` {2,}`)
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "#") {
			continue
		}
		parts := columns.Split(line, 3)
		if len(parts) != 3 || !known[parts[0]][parts[1]] {
			t.Errorf("no test shows this: %s", line)
		}
	}
}

// testNames returns the tests of a folder: functions, and what they give to
// t.Run as a text, as Function/text.
func testNames(t *testing.T, dir string) map[string]bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*_test.go"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%s has no tests: %v", dir, err)
	}
	names := map[string]bool{}
	for _, file := range files {
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range parsed.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || !strings.HasPrefix(fn.Name.Name, "Test") {
				continue
			}
			names[fn.Name.Name] = true
			ast.Inspect(fn, func(n ast.Node) bool {
				if text, ok := subtest(n); ok {
					names[fn.Name.Name+"/"+text] = true
				}
				return true
			})
		}
	}
	return names
}

// subtest returns the text of a call t.Run("text", …).
func subtest(n ast.Node) (string, bool) {
	call, ok := n.(*ast.CallExpr)
	if !ok || len(call.Args) != 2 {
		return "", false
	}
	fn, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || fn.Sel.Name != "Run" {
		return "", false
	}
	literal, ok := call.Args[0].(*ast.BasicLit)
	if !ok {
		return "", false
	}
	text, err := strconv.Unquote(literal.Value)
	return text, err == nil
}
