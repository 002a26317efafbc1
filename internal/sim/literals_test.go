package sim

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"strconv"
	"strings"
	"testing"
)

// maxLiteral is the longest text in the sources: one sentence of the core.
const maxLiteral = 240

// TestNoStoredAnswers looks for answers that are stored instead of computed:
// long texts, and JSON of more than an object's begin.
func TestNoStoredAnswers(t *testing.T) {
	t.Parallel()
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if !strings.HasSuffix(f.Name(), ".go") || strings.HasSuffix(f.Name(), "_test.go") {
			continue
		}
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, f.Name(), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			lit, ok := n.(*ast.BasicLit)
			if !ok || lit.Kind != token.STRING {
				return true
			}
			text, err := strconv.Unquote(lit.Value)
			if err != nil {
				t.Fatal(err)
			}
			if len(text) > maxLiteral || strings.Count(text, `":`) > 3 {
				t.Errorf("%s: a text of %d characters: answers are computed, not stored: %.60q…", set.Position(lit.Pos()), len(text), text)
			}
			return true
		})
	}
}
