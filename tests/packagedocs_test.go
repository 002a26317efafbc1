package tests

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestPackageDocs wants a doc.go in each package: a new reader begins there. The
// files that it names must be there, too.
func TestPackageDocs(t *testing.T) {
	t.Parallel()
	named := regexp.MustCompile(`[\w/.*-]*\w\.go\b`)
	for _, p := range listPackages(t) {
		name := strings.TrimPrefix(p.ImportPath, module)
		if !slices.Contains(p.GoFiles, "doc.go") {
			t.Errorf("package %s has no doc.go", name)
			continue
		}
		folder := filepath.Join("..", filepath.FromSlash(name))
		text, err := os.ReadFile(filepath.Join(folder, "doc.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range named.FindAllString(string(text), -1) {
			if !isThere(filepath.Join(folder, file)) && !isThere(filepath.Join("..", file)) {
				t.Errorf("%s/doc.go names %s, which is not there", name, file)
			}
		}
	}
}

func isThere(file string) bool {
	found, err := filepath.Glob(file)
	return err == nil && len(found) > 0
}
